/** A decision and its reason. A denial never says whether something exists. */
export type Decision =
  | { readonly allowed: true; readonly because: AllowReason }
  | { readonly allowed: false; readonly because: DenyReason };

export type AllowReason =
  | 'staffOfSchool'
  | 'ownHomeroom'
  | 'wholeSchool'
  | 'schoolManagement'
  | 'boardCounts'
  | 'boardManagement'
  | 'technicalCare';
export type DenyReason =
  | 'noGrant'
  | 'expired'
  | 'notThisKind'
  | 'notThisHomeroom'
  | 'notEnrolled'
  | 'notTheAuthor'
  | 'ownAccount'
  | 'ownPermit'
  | 'beyondOwnRights'
  | 'lastBoardAdministrator';

export function allow(because: AllowReason): Decision {
  return { allowed: true, because };
}

export function deny(because: DenyReason): Decision {
  return { allowed: false, because };
}
