import * as z from 'zod/mini';
import { parseCalendarDate, schoolYearOf, type CalendarDate } from '../domain/calendar/calendar-date.ts';
import { canonicalJson, type Json } from './canonical.ts';
import { formatEntryId, LASTING_PERIOD, parseEntryId, type EntryId, type Period } from './entry-id.ts';
import { hashText, type Hash } from './hash.ts';
import { isShallow } from './json-depth.ts';
import type { KindDefinition } from './kind-definition.ts';
import { findKind } from './kinds.ts';
import { parseSchoolDatabase, streamKey, type Stream } from './stream.ts';

/** Limits of one entry; `couch/` holds the same figures. */
export const MAX_ENTRY_BYTES = 65_536;
export const MAX_CELLS = 400;
export const MAX_OVER = 16;
export const MAX_KEY_LENGTH = 200;

/** One write of one cell. `over` names the heads its author saw and replaces. */
export interface Cell {
  readonly key: string;
  readonly value: Json;
  readonly over: readonly EntryId[];
}

/** What is hashed, together with the stream. Instants are epoch milliseconds. */
export interface EntryBody {
  readonly v: number;
  readonly kind: string;
  /** 128 random bits in hexadecimal, so that the hash of a short value cannot be guessed. */
  readonly salt: string;
  /** The school date the entry is about. */
  readonly on: CalendarDate;
  /** Ties together the entries of one save. */
  readonly group?: string;
  /** The device's clock, corrected by the last known offset. Shown; decides nothing. */
  readonly madeAt: number;
  readonly by: string;
  readonly device: string;
  readonly cells: readonly Cell[];
}

/**
 * The gateway's stamp. `n` is the entry's place in its stream, counted from 1. `mac` is the gateway's own seal over
 * stream, id and stamp: a device may hand back what a restored backup lacks, and nobody can forge that.
 */
export interface Received {
  readonly at: number;
  readonly by: string;
  readonly device: string;
  readonly n: number;
  readonly mac: string;
}

/** An immutable entry as every store keeps it. `sig` and `received` lie outside the hashed body. */
export interface Entry extends EntryBody {
  readonly _id: EntryId;
  readonly _rev: string;
  readonly sig?: string;
  readonly received?: Received;
}

export type EntryRefusal =
  | 'malformed'
  | 'tooLarge'
  | 'unknownKind'
  | 'unknownVersion'
  | 'wrongStream'
  | 'wrongPeriod'
  | 'hashMismatch'
  | 'wrongRevision'
  | 'badCellKey'
  | 'badValue'
  | 'badOver';

export type EntryCheck =
  { readonly ok: true; readonly entry: Entry } | { readonly ok: false; readonly code: EntryRefusal };

const identifier = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
const instant = z.int().check(z.minimum(0), z.maximum(8_640_000_000_000_000));

const cellShape = z.strictObject({
  key: z.string().check(z.minLength(1), z.maxLength(MAX_KEY_LENGTH)),
  value: z.json(),
  over: z.array(z.string().check(z.maxLength(200))).check(z.maxLength(MAX_OVER)),
});

/** The envelope, which every version of every kind shares. */
export const entryShape = z.strictObject({
  _id: z.string(),
  _rev: z.string(),
  v: z.int().check(z.minimum(1), z.maximum(1000)),
  kind: z.string().check(z.regex(/^[a-z][a-zA-Z]{1,31}$/)),
  salt: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
  on: z.string().check(z.refine((value) => parseCalendarDate(value) !== null)),
  group: z.optional(identifier),
  madeAt: instant,
  by: identifier,
  device: identifier,
  cells: z.array(cellShape).check(z.minLength(1), z.maxLength(MAX_CELLS)),
  sig: z.optional(z.string().check(z.maxLength(200))),
  received: z.optional(
    z.strictObject({
      at: instant,
      by: identifier,
      device: identifier,
      n: z.int().check(z.minimum(1)),
      mac: z.string().check(z.regex(/^[0-9a-f]{32}$/)),
    }),
  ),
});

const BODY_FIELDS = ['v', 'kind', 'salt', 'on', 'group', 'madeAt', 'by', 'device', 'cells'] as const;

function bodyOf(entry: EntryBody): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const field of BODY_FIELDS) if (entry[field] !== undefined) body[field] = entry[field];
  return body;
}

/** The hash binds the body to its stream, so that nothing can be replayed into another school or scope. */
export function hashBody(stream: Stream, body: EntryBody): Hash {
  return hashText(canonicalJson({ ...bodyOf(body), stream: streamKey(stream) }));
}

export function periodOf(definition: Pick<KindDefinition, 'placement'>, on: CalendarDate): Period {
  switch (definition.placement) {
    case 'month':
      return on.slice(0, 7);
    case 'year':
      return `${schoolYearOf(on)}-00`;
    case 'lasting':
      return LASTING_PERIOD;
  }
}

/** Makes the entry of a body that this program wrote itself; throws where the kind is unknown (a bug). */
export function makeEntry(stream: Stream, body: EntryBody): Entry {
  const definition = findKind(body.kind);
  if (!definition) throw new Error(`unknown kind of entry: ${body.kind}`);
  const hash = hashBody(stream, body);
  const _id = formatEntryId({
    scope: stream.scope,
    period: periodOf(definition, body.on),
    kind: body.kind,
    hash,
  });
  return { _id, _rev: `1-${hash}`, ...(bodyOf(body) as unknown as EntryBody) };
}

/** No entry nests deeper; what does would overrun the stack of whoever walks it. */
const MAX_DEPTH = 12;

function refuse(code: EntryRefusal): EntryCheck {
  return { ok: false, code };
}

function checkCells(entry: Entry, definition: KindDefinition): EntryRefusal | null {
  const keys = new Set<string>();
  for (const cell of entry.cells) {
    if (keys.has(cell.key) || !definition.ownsKey(cell.key, entry.on)) return 'badCellKey';
    keys.add(cell.key);
    if (!definition.value.safeParse(cell.value).success) return 'badValue';
    for (const over of cell.over) {
      const parts = parseEntryId(over);
      if (!parts || parts.kind !== entry.kind || over === entry._id) return 'badOver';
    }
    if (new Set(cell.over).size !== cell.over.length) return 'badOver';
  }
  return null;
}

/**
 * Everything that can be said of an entry from the entry alone: shape, limits, hash, id, revision, keys, values.
 * Rights and known `over` are the gateway's to judge.
 */
export function checkEntry(stream: Stream, input: unknown): EntryCheck {
  if (!isShallow(input, MAX_DEPTH - 1)) return refuse('malformed');
  const parsed = entryShape.safeParse(input);
  if (!parsed.success) return refuse('malformed');
  const entry = parsed.data as unknown as Entry;
  const id = parseEntryId(entry._id);
  if (!id) return refuse('malformed');
  if (id.scope !== stream.scope) return refuse('wrongStream');
  if (new TextEncoder().encode(canonicalJson(bodyOf(entry))).length > MAX_ENTRY_BYTES)
    return refuse('tooLarge');
  if (hashBody(stream, entry) !== id.hash) return refuse('hashMismatch');
  if (entry._rev !== `1-${id.hash}`) return refuse('wrongRevision');
  if (id.kind !== entry.kind) return refuse('wrongPeriod');
  const definition = findKind(entry.kind);
  if (!definition) return refuse('unknownKind');
  if (definition.database !== parseSchoolDatabase(stream.db)?.class) return refuse('wrongStream');
  if (entry.v !== definition.version) return refuse('unknownVersion');
  if (id.period !== periodOf(definition, entry.on)) return refuse('wrongPeriod');
  const wrong = checkCells(entry, definition);
  return wrong ? refuse(wrong) : { ok: true, entry };
}
