import { describe, expect, it } from 'vitest';
import { calendarDate } from '../calendar/calendar-date.ts';
import { transferOutDate } from './transfer-dates.ts';

describe('the day of transfer', () => {
  it('[RO5] is the day before the new school accepts the pupil', () => {
    expect(transferOutDate(calendarDate('2025-09-16'))).toBe('2025-09-15');
    expect(transferOutDate(calendarDate('2025-09-18'))).toBe('2025-09-17');
  });
});
