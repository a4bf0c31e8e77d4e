import { boardRoles, type Role } from '../../access/subject.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import type { Account } from '../identity/account.ts';

/** One password for all practice accounts: everybody in the city is invented, and it is printed at every start. */
export const PRACTICE_PASSWORD = 'ame-nimo-makezu';

export interface PracticeAccount {
  readonly role: Role;
  readonly login: string;
  readonly schoolCode: string | null;
}

/** Which account stands for a role: at the first school of the list that has one, the board's at the board. */
const showcase: readonly Role[] = [
  'homeroomTeacher',
  'subjectTeacher',
  'schoolNurse',
  'officeStaff',
  'vicePrincipal',
  'principal',
  'boardAdministrator',
];

function holdsOnly(account: Account, role: Role): boolean {
  return account.grants.length > 0 && account.grants.every((grant) => grant.role === role);
}

/** Gives the practice accounts their password; the other accounts of the city exist and cannot sign in yet. */
export async function openPracticeAccounts(
  accounts: AccountDirectory,
  firstSchoolCode: string,
): Promise<PracticeAccount[]> {
  const all = await accounts.listAccounts();
  const opened: PracticeAccount[] = [];
  for (const role of showcase) {
    const candidates = all.filter((account) => holdsOnly(account, role));
    const account =
      candidates.find((candidate) => candidate.grants[0]?.schoolCode === firstSchoolCode) ?? candidates[0];
    if (!account) continue;
    const result = await accounts.setPassword(account.personId, PRACTICE_PASSWORD);
    if (!result.ok) throw new Error(`practice account: ${result.code}`);
    const schoolCode = boardRoles.has(role) ? null : (account.grants[0]?.schoolCode ?? null);
    opened.push({ role, login: account.login, schoolCode });
  }
  return opened;
}
