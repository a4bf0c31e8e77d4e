import { HASH_PATTERN, type Hash } from './hash.ts';

/** `<scope>:<period>:<kind>:<hash>`; no personal value is ever part of it. */
export type EntryId = string;

/**
 * The second part of an id: a month `yyyy-mm` for what is about a day, `yyyy-00` for what stands for the whole
 * school year. It is the unit of blocks, so that a cold start reads the standing part and one month.
 */
export type Period = string;

/** The period of what stands beyond any year. */
export const LASTING_PERIOD: Period = '0000-00';

export interface EntryIdParts {
  readonly scope: string;
  readonly period: Period;
  readonly kind: string;
  readonly hash: Hash;
}

const SCOPE_PATTERN = /^[a-z0-9][a-z0-9-]{0,63}$/;
const PERIOD_PATTERN = /^\d{4}-(0\d|1[0-2])$/;
const KIND_PATTERN = /^[a-z][a-zA-Z]{1,31}$/;

export function formatEntryId(parts: EntryIdParts): EntryId {
  return `${parts.scope}:${parts.period}:${parts.kind}:${parts.hash}`;
}

export function parseEntryId(id: unknown): EntryIdParts | null {
  if (typeof id !== 'string' || id.length > 200) return null;
  const [scope, period, kind, hash, ...rest] = id.split(':');
  if (scope === undefined || period === undefined || kind === undefined || hash === undefined) return null;
  if (rest.length > 0 || !SCOPE_PATTERN.test(scope) || !PERIOD_PATTERN.test(period)) return null;
  if (!KIND_PATTERN.test(kind) || !HASH_PATTERN.test(hash)) return null;
  return { scope, period, kind, hash };
}

/** The hash of an id already known to be one. */
export function hashOfId(id: EntryId): Hash {
  return id.slice(-32);
}

/** The period of an id already known to be one. */
export function periodOfId(id: EntryId): Period {
  const start = id.indexOf(':') + 1;
  return id.slice(start, start + 7);
}
