import { addDays, schoolYearStart } from '../calendar/calendar-date.ts';
import type { CalendarDate, SchoolYear } from '../calendar/calendar-date.ts';
import type { RowReader, ReadingContext } from './row-reader.ts';
import { readRows } from './read-rows.ts';
import type { Table } from './table.ts';

/** 年度 as a half-open interval. */
export interface SchoolYearPeriod {
  readonly schoolYear: SchoolYear;
  readonly from: CalendarDate;
  readonly until: CalendarDate;
}

interface Session {
  readonly sourcedId: string;
  /** Null for a term or a grading period, which the Japan profile does not have. */
  readonly schoolYear: SchoolYear | null;
}

const FILE = 'academicSessions.csv';
const SESSION_TYPES = ['schoolYear', 'semester', 'term', 'gradingPeriod'] as const;

export function schoolYearPeriod(schoolYear: SchoolYear): SchoolYearPeriod {
  return { schoolYear, from: schoolYearStart(schoolYear), until: schoolYearStart(schoolYear + 1) };
}

/** The one school year of the package, and all its sessions by id; null where there is no such year. */
export function readSchoolYear(
  table: Table,
  context: ReadingContext,
): { readonly period: SchoolYearPeriod; readonly sessions: ReadonlyMap<string, Session> } | null {
  const sessions = readRows(table, context, (row, sourcedId): Session => ({
    sourcedId,
    schoolYear: readYear(row),
  }));
  const years = new Set([...sessions.values()].flatMap(({ schoolYear }) => schoolYear ?? []));
  const [schoolYear] = years;
  if (schoolYear === undefined) context.log.add('missingSchoolYear', { file: FILE });
  if (years.size > 1) context.log.add('severalSchoolYears', { file: FILE }, { years: [...years].join(' ') });
  if (schoolYear === undefined || context.log.refused) return null;
  return { period: schoolYearPeriod(schoolYear), sessions };
}

function readYear(row: RowReader): SchoolYear | null {
  const type = row.oneOf('type', SESSION_TYPES);
  if (type !== 'schoolYear') {
    if (type !== null) row.issue('sessionTypeIgnored', 'type', {}, type);
    return null;
  }
  const text = row.required('schoolYear');
  if (!/^[12]\d{3}$/.test(text)) {
    if (text !== '') row.issue('invalidEnum', 'schoolYear', { allowed: 'YYYY' }, text);
    return null;
  }
  const year = Number(text);
  const period = schoolYearPeriod(year);
  const [begin, end] = [row.date('startDate'), row.date('endDate')];
  const expected = { begin: period.from, end: addDays(period.until, -1) };
  if (begin.valid && begin.date !== expected.begin) {
    row.issue('schoolYearDatesMismatch', 'startDate', { expected: expected.begin }, row.raw('startDate'));
  }
  if (end.valid && end.date !== expected.end) {
    row.issue('schoolYearDatesMismatch', 'endDate', { expected: expected.end }, row.raw('endDate'));
  }
  if (row.raw('title') !== `${text}年度`)
    row.issue('schoolYearTitleMismatch', 'title', { expected: `${text}年度` });
  return year;
}
