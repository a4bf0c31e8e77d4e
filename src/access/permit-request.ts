import * as z from 'zod/mini';
import {
  addDays,
  daysBetween,
  parseCalendarDate,
  type CalendarDate,
} from '../domain/calendar/calendar-date.ts';
import { MAX_PERMIT_STREAMS, MAX_REASON_LENGTH, permitStorages, type PermitStorage } from './permit.ts';

/** A permit as its person asks for it, before it is known to be in order. `lastDay` is the last day it holds. */
export const permitRequestShape = z.strictObject({
  schoolCode: z.string().check(z.maxLength(40)),
  streams: z.array(z.string().check(z.maxLength(160))).check(z.maxLength(MAX_PERMIT_STREAMS)),
  reason: z.string().check(z.maxLength(4 * MAX_REASON_LENGTH)),
  from: z.string().check(z.maxLength(10)),
  lastDay: z.string().check(z.maxLength(10)),
  device: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
  storage: z.enum(permitStorages),
});
export type PermitRequestInput = z.infer<typeof permitRequestShape>;

/** What is wrong with a field, a closed set; the form says it beside the field. */
export type PermitProblem =
  | { readonly field: 'streams'; readonly code: 'none' }
  | { readonly field: 'reason'; readonly code: 'missing' | 'tooLong' }
  | { readonly field: 'from'; readonly code: 'noDate' | 'past' }
  | { readonly field: 'lastDay'; readonly code: 'noDate' | 'beforeFrom' | 'tooManyDays' };

export type PermitRequestCheck =
  | {
      readonly ok: true;
      readonly request: {
        readonly schoolCode: string;
        readonly streams: readonly string[];
        readonly reason: string;
        readonly from: CalendarDate;
        readonly until: CalendarDate;
        readonly device: string;
        readonly storage: PermitStorage;
      };
    }
  | { readonly ok: false; readonly problems: readonly PermitProblem[] };

/** Everything that the request itself can be wrong about; rights are `canRequestPermit`'s to judge. */
export function checkPermitRequest(
  input: PermitRequestInput,
  today: CalendarDate,
  maxPermitDays: number,
): PermitRequestCheck {
  const problems: PermitProblem[] = [];
  const streams = [...new Set(input.streams)];
  const reason = input.reason.trim();
  const from = parseCalendarDate(input.from);
  const lastDay = parseCalendarDate(input.lastDay);
  if (streams.length === 0) problems.push({ field: 'streams', code: 'none' });
  if (reason === '') problems.push({ field: 'reason', code: 'missing' });
  if (reason.length > MAX_REASON_LENGTH) problems.push({ field: 'reason', code: 'tooLong' });
  if (!from) problems.push({ field: 'from', code: 'noDate' });
  else if (from < today) problems.push({ field: 'from', code: 'past' });
  if (!lastDay) problems.push({ field: 'lastDay', code: 'noDate' });
  else if (from && lastDay < from) problems.push({ field: 'lastDay', code: 'beforeFrom' });
  else if (from && daysBetween(from, lastDay) + 1 > maxPermitDays) {
    problems.push({ field: 'lastDay', code: 'tooManyDays' });
  }
  if (problems.length > 0 || !from || !lastDay) return { ok: false, problems };
  const { schoolCode, device, storage } = input;
  return {
    ok: true,
    request: { schoolCode, streams, reason, from, until: addDays(lastDay, 1), device, storage },
  };
}
