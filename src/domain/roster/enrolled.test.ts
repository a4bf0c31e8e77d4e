import { describe, expect, it } from 'vitest';
import {
  sampleEnrollment,
  sampleHomeroom,
  sampleRoster,
  sampleStudent,
} from '../attendance/testing/sample-school.ts';
import { calendarDate } from '../calendar/calendar-date.ts';
import { enrolledDuring, enrolledOn } from './enrolled.ts';

const d = calendarDate;
const roster = sampleRoster(
  [sampleHomeroom('1-1', ['P1']), sampleHomeroom('1-2', ['P1'])],
  ['a', 'b', 'c', 'd', 'e'].map((id) => sampleStudent(id, 'P1')),
  [
    sampleEnrollment('a', '1-1', 10),
    sampleEnrollment('b', '1-1', 2),
    sampleEnrollment('c', '1-1', null),
    sampleEnrollment('d', '1-1', 1, { until: d('2026-09-13'), endedBy: 'transferOut' }),
    sampleEnrollment('e', '1-2', 1, { until: d('2026-09-10'), endedBy: 'homeroomChange' }),
    sampleEnrollment('e', '1-1', 3, { from: d('2026-09-10'), beganBy: 'homeroomChange' }),
    sampleEnrollment('nobody', '1-1', 4),
  ],
);
const idsOn = (date: string) => enrolledOn(roster, '1-1', d(date)).map(({ student }) => student.id);

describe('the students of a homeroom', () => {
  it('[RO1] belong from the first day to the day before the end', () => {
    expect(idsOn('2026-09-09')).toEqual(['d', 'b', 'a', 'c']);
    expect(idsOn('2026-09-10')).toEqual(['d', 'b', 'e', 'a', 'c']);
    expect(idsOn('2026-09-12')).toContain('d');
    expect(idsOn('2026-09-13')).not.toContain('d');
  });

  it('[RO2] come by roster number as a number, those without one last', () => {
    expect(idsOn('2026-10-01')).toEqual(['b', 'e', 'a', 'c']);
  });

  it('[RO2] appear once, even where enrolments overlap', () => {
    const twice = {
      ...roster,
      enrollments: [...roster.enrollments, sampleEnrollment('b', '1-1', 20, { from: d('2026-05-01') })],
    };
    const found = enrolledOn(twice, '1-1', d('2026-05-01'));
    expect(
      found.filter(({ student }) => student.id === 'b').map((each) => each.enrollment.rosterNumber),
    ).toEqual([20]);
  });

  it('[RO3] are everyone who was there on a day of the month', () => {
    const ids = (from: string, until: string) =>
      enrolledDuring(roster, '1-1', d(from), d(until)).map(({ student }) => student.id);
    expect(ids('2026-09-01', '2026-10-01')).toEqual(['d', 'b', 'e', 'a', 'c']);
    expect(ids('2026-10-01', '2026-11-01')).toEqual(['b', 'e', 'a', 'c']);
    expect(ids('2026-08-01', '2026-09-01')).toEqual(['d', 'b', 'a', 'c']);
  });

  it('[RO3] keep both stays of one who left and came back, with the latest number', () => {
    const back = {
      ...roster,
      enrollments: [
        ...roster.enrollments,
        sampleEnrollment('d', '1-1', 30, { from: d('2026-09-28'), beganBy: 'transferIn' }),
      ],
    };
    const stay = enrolledDuring(back, '1-1', d('2026-09-01'), d('2026-10-01')).find(
      ({ student }) => student.id === 'd',
    );
    expect(stay?.rosterNumber).toBe(30);
    expect(stay?.enrollments.map(({ from }) => from)).toEqual(['2026-04-01', '2026-09-28']);
  });
});
