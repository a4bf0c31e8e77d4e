import { describe, expect, it } from 'vitest';
import { sampleEnrollment } from '../attendance/testing/sample-school.ts';
import { calendarDate } from '../calendar/calendar-date.ts';
import { findNearestEnrollment } from './nearest-enrollment.ts';

const d = calendarDate;
const stays = [
  sampleEnrollment('a', '1-2', 1, { from: d('2026-09-01'), until: d('2026-10-01') }),
  sampleEnrollment('a', '1-1', 1, { from: d('2026-05-01'), until: d('2026-06-01') }),
];
const nearest = (date: string) => findNearestEnrollment(stays, d(date))?.homeroomId;

describe('the homeroom that answers for a day outside', () => {
  it('[RO6] is the last before the day, else the first after it', () => {
    expect(nearest('2026-04-30')).toBe('1-1');
    expect(nearest('2026-06-01')).toBe('1-1');
    expect(nearest('2026-08-31')).toBe('1-1');
    expect(nearest('2026-10-01')).toBe('1-2');
  });

  it('[RO6] is none on a day inside', () => {
    expect(nearest('2026-05-01')).toBeUndefined();
    expect(nearest('2026-09-30')).toBeUndefined();
  });
});
