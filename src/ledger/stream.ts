import type { SchoolYear } from '../domain/calendar/calendar-date.ts';

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
