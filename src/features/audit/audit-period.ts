import { addDays, parseCalendarDate } from '#domain/calendar/calendar-date.ts';

export type Period =
  | { readonly ok: true; readonly value: { readonly from?: number; readonly until?: number } }
  | { readonly ok: false };

/** The days of two date fields, both included, as instants; an empty field is no bound. */
export function periodOf(from: string, until: string): Period {
  const first = parseCalendarDate(from);
  const last = parseCalendarDate(until);
  if (first && last && last < first) return { ok: false };
  return {
    ok: true,
    value: {
      ...(first ? { from: midnightInJapan(first) } : {}),
      ...(last ? { until: midnightInJapan(addDays(last, 1)) } : {}),
    },
  };
}

function midnightInJapan(date: string): number {
  return Date.parse(`${date}T00:00:00+09:00`);
}
