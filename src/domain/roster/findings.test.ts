import { describe, expect, it } from 'vitest';
import {
  sampleEnrollment,
  sampleHomeroom,
  sampleRoster,
  sampleStudent,
} from '../attendance/testing/sample-school.ts';
import { calendarDate } from '../calendar/calendar-date.ts';
import { findRosterProblems } from './findings.ts';
import type { ClassEnrollment } from './roster.ts';

const d = calendarDate;
const find = (...enrollments: ClassEnrollment[]) =>
  findRosterProblems(
    sampleRoster(
      [sampleHomeroom('1-1', ['P1']), sampleHomeroom('1-2', ['P1']), sampleHomeroom('2-1', ['P2'])],
      [sampleStudent('a', 'P1'), sampleStudent('b', 'P1')],
      enrollments,
    ),
  );
const codes = (...enrollments: ClassEnrollment[]) => find(...enrollments).map(({ code }) => code);

describe('what is wrong in a roster', () => {
  it('[RO4] is nothing in a sound one', () => {
    expect(find(sampleEnrollment('a', '1-1', 1), sampleEnrollment('b', '1-1', 2))).toEqual([]);
  });

  it('[RO4] finds one number for two students, from the first shared day', () => {
    const later = sampleEnrollment('b', '1-1', 1, { from: d('2026-06-01'), beganBy: 'transferIn' });
    expect(find(sampleEnrollment('a', '1-1', 1), later)).toEqual([
      {
        code: 'duplicateRosterNumber',
        enrollmentIds: ['a-1-1-start', 'b-1-1-2026-06-01'],
        studentIds: ['a', 'b'],
        homeroomId: '1-1',
        date: '2026-06-01',
      },
    ]);
  });

  it('[RO4] lets a number pass on when its owner has left', () => {
    const left = sampleEnrollment('a', '1-1', 1, { until: d('2026-06-01'), endedBy: 'transferOut' });
    const came = sampleEnrollment('b', '1-1', 1, { from: d('2026-06-01'), beganBy: 'transferIn' });
    expect(find(left, came)).toEqual([]);
  });

  it('[RO4] finds enrolments of a student on the same day', () => {
    expect(codes(sampleEnrollment('a', '1-1', 1), sampleEnrollment('a', '1-2', 1))).toEqual([
      'overlappingEnrollments',
    ]);
  });

  it('[RO4] finds unknown students and homerooms, and the wrong grade level', () => {
    expect(codes(sampleEnrollment('nobody', '1-1', 1))).toEqual(['unknownStudent']);
    expect(codes(sampleEnrollment('a', '9-9', 1))).toEqual(['unknownHomeroom']);
    expect(codes(sampleEnrollment('a', '2-1', 1))).toEqual(['gradeLevelMismatch']);
  });

  it('[RO4] finds intervals that are empty, outside the year, or ended without a reason', () => {
    const empty = { from: d('2026-06-01'), until: d('2026-06-01'), endedBy: 'withdrawal' } as const;
    expect(codes(sampleEnrollment('a', '1-1', 1, empty))).toEqual(['emptyInterval']);
    expect(codes(sampleEnrollment('a', '1-1', 1, { from: d('2026-03-31') }))).toEqual(['outsideSchoolYear']);
    expect(codes(sampleEnrollment('a', '1-1', 1, { until: d('2026-06-01') }))).toEqual(['endWithoutReason']);
    expect(codes(sampleEnrollment('a', '1-1', 1, { endedBy: 'transferOut' }))).toEqual(['reasonWithoutEnd']);
    expect(codes(sampleEnrollment('a', '1-1', null))).toEqual(['missingRosterNumber']);
  });
});
