import * as z from 'zod/mini';
import { parseCalendarDate, parseCalendarMonth } from '../domain/calendar/calendar-date.ts';
import { gradeLevels } from '../domain/roster/roster.ts';

/** Longest text in a value, in UTF-16 units. */
export const MAX_TEXT_LENGTH = 4000;

/** What the values of every kind are made of. */
export const text = (max: number) => z.string().check(z.maxLength(Math.min(max, MAX_TEXT_LENGTH)));
export const id = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
export const date = z.string().check(z.refine((value) => parseCalendarDate(value) !== null));
export const month = z.string().check(z.refine((value) => parseCalendarMonth(value) !== null));
export const code = z.string().check(z.regex(/^[a-z][A-Za-z]{0,31}$/));
export const count = z.int().check(z.minimum(0), z.maximum(100_000));
export const gradeLevel = z.enum(gradeLevels);

/** The same, as parts of a cell's key. */
export const ID = '[A-Za-z0-9][A-Za-z0-9._-]{0,63}';
export const DATE = '\\d{4}-\\d{2}-\\d{2}';

export function keyPattern(pattern: string): (key: string) => boolean {
  const regex = new RegExp(`^${pattern}$`);
  return (key) => regex.test(key);
}
