import type { SchoolYear } from '../domain/calendar/calendar-date.ts';
import { hashText } from './hash.ts';

/**
 * The unit of reading: one scope of one database. Grants, checkpoints, transfers and drops are per stream.
 * Written `<db>/<scope>`.
 */
export interface Stream {
  readonly db: string;
  readonly scope: string;
}

const DB_PATTERN = /^[a-z][a-z0-9-]{2,80}$/;
const SCOPE_PATTERN = /^[a-z0-9][a-z0-9-]{0,63}$/;
const REGISTER_PATTERN = /^register-([a-z0-9]+)-(\d{4})$/;

export type StreamKey = string;

export function streamKey(stream: Stream): StreamKey {
  return `${stream.db}/${stream.scope}`;
}

export function parseStreamKey(key: unknown): Stream | null {
  if (typeof key !== 'string') return null;
  const [db, scope, ...rest] = key.split('/');
  if (!db || !scope || rest.length > 0 || !DB_PATTERN.test(db) || !SCOPE_PATTERN.test(scope)) return null;
  return { db, scope };
}

/** CouchDB refuses capitals in a database's name, so school codes are written in lower case there. */
export function registerDatabase(schoolCode: string, schoolYear: SchoolYear): string {
  return `register-${schoolCode.toLowerCase()}-${schoolYear}`;
}

/** The one stream of a school's register. */
export function registerStream(schoolCode: string, schoolYear: SchoolYear): Stream {
  return { db: registerDatabase(schoolCode, schoolYear), scope: 'register' };
}

/** Which school and year a register database belongs to; null for any other database. */
export function parseRegisterDatabase(db: string): { schoolCode: string; schoolYear: SchoolYear } | null {
  const match = REGISTER_PATTERN.exec(db);
  if (!match?.[1] || !match[2]) return null;
  return { schoolCode: match[1].toUpperCase(), schoolYear: Number(match[2]) };
}

/** The classes of databases that hold entries of a school. */
export type DatabaseClass = 'register' | 'records' | 'official1' | 'official2';

/** Whose a database is; the lasting ones belong to no year. */
export type SchoolDatabase =
  | { readonly class: 'register' | 'records'; readonly schoolCode: string; readonly schoolYear: SchoolYear }
  | { readonly class: 'official1' | 'official2'; readonly schoolCode: string; readonly schoolYear: null };

const YEARLY_PATTERN = /^(register|records)-([a-z0-9]+)-(\d{4})$/;
const LASTING_PATTERN = /^(official1|official2)-([a-z0-9]+)$/;

/** Reads the name of a database of a school's entries; null for any other database. */
export function parseSchoolDatabase(db: string): SchoolDatabase | null {
  const yearly = YEARLY_PATTERN.exec(db);
  if (yearly?.[1] && yearly[2] && yearly[3]) {
    return {
      class: yearly[1] as 'register' | 'records',
      schoolCode: yearly[2].toUpperCase(),
      schoolYear: Number(yearly[3]),
    };
  }
  const lasting = LASTING_PATTERN.exec(db);
  if (!lasting?.[1] || !lasting[2]) return null;
  return {
    class: lasting[1] as 'official1' | 'official2',
    schoolCode: lasting[2].toUpperCase(),
    schoolYear: null,
  };
}

const HASHED_SCOPE = /^x-[0-9a-f]{32}$/;

/**
 * The scope of a homeroom or another class: its id where that is one already, else a hash of it. No two classes share
 * a scope, so that a grant for one never reaches the other.
 */
export function classScope(classId: string): string {
  return SCOPE_PATTERN.test(classId) && !HASHED_SCOPE.test(classId) ? classId : `x-${hashText(classId)}`;
}

/** What a school keeps of the pupils of one class beyond the register: importance Ⅱ. */
export function recordsStream(schoolCode: string, schoolYear: SchoolYear, classId: string): Stream {
  return { db: `records-${schoolCode.toLowerCase()}-${schoolYear}`, scope: classScope(classId) };
}

/** The one stream of 指導要録 様式1 (`official1`) or 様式2 (`official2`) of a school: importance Ⅰ. */
export function officialStream(schoolCode: string, part: 'official1' | 'official2'): Stream {
  return { db: `${part}-${schoolCode.toLowerCase()}`, scope: 'official' };
}
