import type { Grant, Subject } from '../../src/access/subject.ts';
import { boardRoles, roles } from '../../src/access/subject.ts';
import { homeroomId, OTHER_SCHOOL, SCHOOL } from '../../src/gateway/testing/small-town.ts';
import { grantFor, type Validity } from './register-cases.ts';
import { reachByHand } from './rights-by-hand.ts';

export const schools = [SCHOOL, OTHER_SCHOOL] as const;
export const homerooms = [1, 2] as const;
export const validities: readonly Validity[] = ['valid', 'expired', 'future'];

/** One grant with what a case must know of it. */
export interface Placed {
  readonly grant: Grant;
  readonly validity: Validity;
  readonly school: string;
  readonly homeroom: number;
}

/** Every role in every validity at every place; at the board there is one place. */
export const placedGrants: readonly Placed[] = roles.flatMap((role) =>
  validities.flatMap((validity) =>
    schools.flatMap((school) =>
      homerooms.flatMap((homeroom): Placed[] => {
        const grant = grantFor(role, validity);
        const atBoard = boardRoles.has(role);
        if (atBoard && (school !== SCHOOL || homeroom !== 1)) return [];
        const bounded = grant.homeroomId !== undefined;
        if (!atBoard && !bounded && homeroom !== 1) return [];
        return [
          {
            grant: {
              ...grant,
              ...(atBoard ? {} : { schoolCode: school }),
              ...(bounded ? { homeroomId: homeroomId(school, homeroom) } : {}),
            },
            validity,
            school,
            homeroom,
          },
        ];
      }),
    ),
  ),
);

export interface Place {
  readonly school: string;
  readonly homeroom: number;
}

/** Whether the hand-written table gives a right at a place to somebody with these grants. */
export function mayByHand(placed: readonly Placed[], right: string, at: Place): boolean {
  return placed.some(({ grant, validity, school, homeroom }) => {
    if (validity !== 'valid') return false;
    const reach = reachByHand(right, grant.role);
    if (reach === 'E') return true;
    if (reach === '-' || school !== at.school) return false;
    return reach === 'S' || homeroom === at.homeroom;
  });
}

export function subjectWith(placed: readonly Placed[]): Subject {
  return { personId: 'person', grants: placed.map(({ grant }) => grant) };
}

export function describeSubject(placed: readonly Placed[]): string {
  return placed
    .map(({ grant, validity, school, homeroom }) => `${grant.role} ${validity} ${school}-${homeroom}`)
    .join(' + ');
}
