import type { RegisterRow } from '#domain/attendance/month-register.ts';

/** As many as stay readable on A4 landscape; no homeroom by the 35 limit needs a second page. */
export const ROWS_PER_PAGE = 40;

/** The rows of each page; an empty register still has its page. */
export function paperPages(rows: readonly RegisterRow[]): readonly (readonly RegisterRow[])[] {
  if (rows.length === 0) return [[]];
  return Array.from({ length: Math.ceil(rows.length / ROWS_PER_PAGE) }, (_, page) =>
    rows.slice(page * ROWS_PER_PAGE, (page + 1) * ROWS_PER_PAGE),
  );
}
