import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainAccess, rightCodes, type Explanation } from '../../src/access/explain-access.ts';
import { homeroomId, TODAY, YEAR } from '../../src/gateway/testing/small-town.ts';
import { decisions } from './decisions.ts';
import {
  homerooms,
  placedGrants,
  schools,
  subjectWith,
  type Place,
  type Placed,
} from './generated-subjects.ts';
import { handRights, reachByHand } from './rights-by-hand.ts';

const subjects = fc.array(fc.constantFrom<Placed>(...placedGrants), { maxLength: 5 });
const places = schools.flatMap((school) => homerooms.map((homeroom) => ({ school, homeroom })));

function covers({ schoolCode, homeroomId: room }: Explanation, { school, homeroom }: Place): boolean {
  if (schoolCode !== null && schoolCode !== school) return false;
  return room === undefined || room === homeroomId(school, homeroom);
}

describe('an explanation', () => {
  it('[AC48] names every right of the table that anybody has', () => {
    const anybodys = handRights.filter((right) =>
      placedGrants.some(({ grant }) => reachByHand(right, grant.role) !== '-'),
    );
    expect([...rightCodes].sort()).toEqual(anybodys.sort());
  });

  it('[AC48] says a right holds somewhere exactly where it is decided so', () => {
    fc.assert(
      fc.property(subjects, (placed) => {
        const subject = subjectWith(placed);
        const explanations = explainAccess(subject, TODAY);
        for (const right of rightCodes) {
          for (const at of places) {
            const explained = explanations.some((each) => each.right === right && covers(each, at));
            expect([right, at, explained]).toEqual([right, at, decisions[right]?.(subject, at, YEAR)]);
          }
        }
      }),
      { numRuns: 400, seed: 20_260_610 },
    );
  });

  it('[AC48] is by grants of the person that give that right alone', () => {
    fc.assert(
      fc.property(subjects, (placed) => {
        const subject = subjectWith(placed);
        for (const { because, right, schoolCode, homeroomId: room } of explainAccess(subject, TODAY)) {
          expect(subject.grants).toContain(because);
          const at = places.find(
            ({ school, homeroom }) =>
              (schoolCode === null || schoolCode === school) &&
              (room === undefined || room === homeroomId(school, homeroom)),
          );
          expect(at).toBeDefined();
          const alone = { ...subject, grants: [because] };
          expect(at && decisions[right]?.(alone, at, YEAR)).toBe(true);
        }
      }),
      { numRuns: 400, seed: 20_260_611 },
    );
  });
});
