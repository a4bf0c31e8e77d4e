import { expect, test } from 'vitest';
import { isValidOn } from '../access/register-access.ts';
import type { Grant } from '../access/subject.ts';
import { calendarDate } from '../domain/calendar/calendar-date.ts';
import { confirmedGrants } from './confirmed-grants.ts';

const grant: Grant = {
  role: 'homeroomTeacher',
  schoolCode: 'B101',
  homeroomId: 'h-31',
  from: calendarDate('2026-04-01'),
  until: calendarDate('2027-04-01'),
};
const lastNight = Date.parse('2027-03-31T23:40:00+09:00');
const holdsOn = (grants: readonly Grant[], day: string) =>
  grants.some((each) => isValidOn(each, calendarDate(day)));

test('[DE46] a right that held at the last contact holds on whatever day this clock shows', () => {
  const grants = confirmedGrants([grant], lastNight);
  expect(holdsOn(grants, '2027-04-02')).toBe(true);
  expect(holdsOn(grants, '2026-03-30')).toBe(true);
});

test('[DE46] one that had ended by then, or was never confirmed, is judged by the day', () => {
  expect(holdsOn(confirmedGrants([grant], lastNight + 3_600_000), '2027-04-02')).toBe(false);
  expect(holdsOn(confirmedGrants([grant], null), '2027-04-02')).toBe(false);
  expect(holdsOn(confirmedGrants([grant], null), '2027-03-31')).toBe(true);
});
