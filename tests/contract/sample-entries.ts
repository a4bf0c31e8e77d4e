import { randomBytes } from 'node:crypto';
import { couchRoles } from '../../couch/security.ts';
import { calendarDate } from '../../src/domain/calendar/calendar-date.ts';
import type { UserContext } from '../../src/gateway/store/document-store.ts';
import { makeEntry, type Cell, type Entry } from '../../src/ledger/entry.ts';
import type { Stream } from '../../src/ledger/stream.ts';

export const WRITER: UserContext = { name: 'teacher-1', roles: [couchRoles.writer] };
/** Management writing in their own name, and taking a text out for good. */
export const ERASER: UserContext = { name: 'teacher-1', roles: [couchRoles.writer, couchRoles.eraser] };
export const IMPORT: UserContext = { name: 'amenimo-import', roles: [couchRoles.import] };
export const HANDBACK: UserContext = { name: 'amenimo-gateway', roles: [couchRoles.handback] };
export const READER: UserContext = { name: 'amenimo-gateway', roles: [couchRoles.reader] };

export interface EntryChanges {
  readonly scope?: string;
  readonly by?: string;
  readonly on?: string;
  readonly pupils?: number;
  readonly cells?: readonly Cell[];
}

export function newDatabaseName(prefix = 'register'): string {
  return `${prefix}-t${randomBytes(5).toString('hex')}-2026`;
}

function stream(db: string, scope: string): Stream {
  return { db, scope };
}

/** A stamped roll-call, as the gateway hands it to a store. No two are the same. */
export function rollCall(db: string, changes: EntryChanges = {}): Entry {
  const { scope = 'register', by = WRITER.name, on = '2026-05-07', pupils = 3, cells } = changes;
  const entry = makeEntry(stream(db, scope), {
    v: 1,
    kind: 'attendance',
    salt: randomBytes(16).toString('hex'),
    on: calendarDate(on),
    madeAt: 1_778_112_000_000,
    by,
    device: 'tablet-1',
    cells: cells ?? rollCallCells(pupils, on),
  });
  return {
    ...entry,
    received: { at: 1_778_112_001_000, by, device: 'tablet-1', n: 1, mac: '0'.repeat(32) },
  };
}

function rollCallCells(pupils: number, on: string): Cell[] {
  return Array.from({ length: pupils }, (_, at) => ({
    key: `pupil-${at}/${on}`,
    value: { mark: 'present' },
    over: [],
  }));
}

export interface BadEntry {
  readonly what: string;
  readonly code: string;
  readonly make: (db: string) => object & { _id: string; _rev: string };
  /** CouchDB cannot read the request that holds it: 400 for everything in it. */
  readonly unreadable?: true;
}

const otherHash = 'f'.repeat(32);
const oneCell = (cell: object): Cell[] => [
  { key: 'pupil-0/2026-05-07', value: { mark: 'present' }, over: [], ...cell },
];

/** What no store may keep, whoever writes it. */
export const badEntries: readonly BadEntry[] = [
  {
    what: 'a sibling revision that the id does not name',
    code: 'wrongRevision',
    make: (db) => ({ ...rollCall(db), _rev: `1-${otherHash}` }),
  },
  {
    what: 'a revision that is none',
    code: 'wrongRevision',
    make: (db) => ({ ...rollCall(db), _rev: 'x' }),
    unreadable: true,
  },
  {
    what: 'an id that names no hash',
    code: 'badId',
    make: (db) => ({ ...rollCall(db), _id: 'register:2026-05:attendance:x' }),
  },
  {
    what: 'a period that is not the month of its day',
    code: 'malformed',
    make: (db) => {
      const entry = rollCall(db);
      return { ...entry, _id: entry._id.replace('2026-05', '2026-06') };
    },
  },
  {
    what: 'an unknown field',
    code: 'unknownField',
    make: (db) => ({ ...rollCall(db), verified: true }),
  },
  {
    what: 'an unknown field that begins with an underscore',
    code: 'unknownField',
    make: (db) => ({ ...rollCall(db), _verified: true }),
    unreadable: true,
  },
  {
    what: 'an attachment',
    code: 'attachment',
    make: (db) => ({
      ...rollCall(db),
      _attachments: { 'photo.png': { content_type: 'image/png', data: 'AAAA' } },
    }),
  },
  {
    what: 'the deletion of an entry',
    code: 'deletion',
    make: (db) => {
      const { _id, _rev } = rollCall(db);
      return { _id, _rev, _deleted: true };
    },
  },
  {
    what: 'more than 400 cells',
    code: 'tooManyCells',
    make: (db) => rollCall(db, { pupils: 401 }),
  },
  {
    what: 'more than 64 KB',
    code: 'tooLarge',
    make: (db) =>
      rollCall(db, {
        cells: Array.from({ length: 60 }, (_, at) => ({
          key: `pupil-${at}/2026-05-07`,
          value: { mark: 'present', note: '雨'.repeat(400) },
          over: [],
        })),
      }),
  },
  {
    what: 'a text of more than 4,000 characters',
    code: 'textTooLong',
    make: (db) => rollCall(db, { cells: oneCell({ value: { mark: 'present', note: 'x'.repeat(4001) } }) }),
  },
  {
    what: 'half a surrogate pair',
    code: 'malformed',
    make: (db) => rollCall(db, { cells: oneCell({ value: { mark: 'present', note: '\ud842' } }) }),
    unreadable: true,
  },
  {
    what: 'a value nested deeper than any form is',
    code: 'malformed',
    make: (db) =>
      rollCall(db, { cells: oneCell({ value: JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`) }) }),
  },
  {
    what: 'a key of more than 200 characters',
    code: 'badCellKey',
    make: (db) => rollCall(db, { cells: oneCell({ key: `${'p'.repeat(190)}/2026-05-07` }) }),
  },
  {
    what: 'the same cell twice',
    code: 'badCellKey',
    make: (db) => rollCall(db, { cells: [...oneCell({}), ...oneCell({})] }),
  },
  {
    what: 'a cell that replaces more than 16 heads',
    code: 'badOver',
    make: (db) =>
      rollCall(db, {
        cells: oneCell({
          over: Array.from(
            { length: 17 },
            (_, at) => `register:2026-05:attendance:${`${at}`.padStart(32, '0')}`,
          ),
        }),
      }),
  },
  {
    what: 'no cell at all',
    code: 'malformed',
    make: (db) => rollCall(db, { cells: [] }),
  },
  {
    what: "somebody else's name",
    code: 'wrongAuthor',
    make: (db) => rollCall(db, { by: 'teacher-2' }),
  },
  {
    what: "a stamp in somebody else's name",
    code: 'wrongAuthor',
    make: (db) => {
      const entry = rollCall(db);
      return { ...entry, received: { ...entry.received, by: 'teacher-2' } };
    },
  },
];
