import { describe, expect, it } from 'vitest';
import { canWriteEntry } from '../../src/access/register-access.ts';
import { roles } from '../../src/access/subject.ts';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import { registerStream } from '../../src/ledger/stream.ts';
import { kinds } from '../../src/ledger/kinds.ts';
import { pupilId, SCHOOL, TODAY, YEAR } from '../../src/gateway/testing/small-town.ts';
import { decisions, years } from './decisions.ts';
import {
  describeSubject,
  homerooms,
  mayByHand,
  placedGrants,
  schools,
  subjectWith,
  type Placed,
} from './generated-subjects.ts';
import { handRights } from './rights-by-hand.ts';
import { Tally } from './tally.ts';

const tally = new Tally('access-table');
const places = schools.flatMap((school) => homerooms.map((homeroom) => ({ school, homeroom })));

/** Each right at each place and year for somebody with these grants. */
function judgeAll(placed: readonly Placed[]): void {
  const subject = subjectWith(placed);
  for (const right of handRights) {
    for (const at of places) {
      const expected = mayByHand(placed, right, at);
      for (const year of years) {
        const allowed = decisions[right]?.(subject, at, year) === true;
        tally.judge(
          expected,
          allowed,
          () => `${describeSubject(placed)}: ${right} at ${at.school}-${at.homeroom} in ${year}`,
        );
      }
    }
  }
}

describe('the table', () => {
  it('[AC15] has a decision for each of its rights, and every kind of entry', () => {
    expect(Object.keys(decisions).sort()).toEqual([...handRights].sort());
    const written: Readonly<Record<string, string>> = { studentRecord: 'writeOfficial' };
    for (const kind of Object.keys(kinds)) {
      const right = written[kind] ?? `write${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
      expect(handRights).toContain(right);
    }
  });

  it('[AC1, AC2, AC3, AC4, AC5, AC6, AC7, AC11, AC12, AC40] holds for every single grant', () => {
    judgeAll([]);
    for (const one of placedGrants) judgeAll([one]);
    tally.expectNothingWrong();
  });

  it.each(roles)('[AC13] holds for a %s with every other grant beside', (role) => {
    const own = placedGrants.filter(({ grant, validity }) => grant.role === role && validity !== 'future');
    const others = placedGrants.filter(({ validity }) => validity !== 'future');
    for (const first of own) for (const second of others) judgeAll([first, second]);
    tally.expectNothingWrong();
  });

  it('has at least 10,000 cases', () => {
    expect(tally.cases).toBeGreaterThanOrEqual(10_000);
  });
});

describe('a substitute', () => {
  it('[AC13] has the rights of the role while the grant holds, and none of the person replaced', () => {
    const colleague = { personId: 'colleague', grants: [] };
    for (const { grant, ...rest } of placedGrants) {
      const placed = [{ ...rest, grant: { ...grant, inPlaceOf: colleague.personId } }];
      judgeAll(placed);
      const entry = {
        v: 1,
        kind: 'attendance',
        salt: '0'.repeat(32),
        on: TODAY,
        madeAt: 0,
        by: colleague.personId,
        device: 'device',
        cells: [{ key: `${pupilId(SCHOOL, 1, 1)}/${calendarDate('2026-06-10')}`, value: null, over: [] }],
      };
      const inTheirName = canWriteEntry(
        subjectWith(placed),
        registerStream(SCHOOL, YEAR),
        entry,
        { homeroomOf: () => grant.homeroomId },
        TODAY,
      );
      tally.judge(false, inTheirName.allowed, () => `${grant.role} writes as the person replaced`);
    }
    tally.expectNothingWrong();
  });
});
