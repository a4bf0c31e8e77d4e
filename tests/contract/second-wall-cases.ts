import { couchRoles } from '../../couch/security.ts';
import type { UserContext } from '../../src/gateway/store/document-store.ts';
import type { Entry } from '../../src/ledger/entry.ts';
import { eraseEntry } from '../../src/ledger/erasure.ts';
import { rollCall } from './sample-entries.ts';

/** What a request that went round the gateway tries to write over an entry that is there already. */
export interface WallAttempt {
  readonly what: string;
  readonly make: (db: string, present: Entry) => object & { _id: string; _rev: string };
}

const AUTHOR = 'teacher-1';

/** The history that a document claims as replication sends it: a second revision names the first. */
export function claimedRevisions({ _id, _rev }: { _id: string; _rev: string }): {
  start: number;
  ids: string[];
} {
  const [start = '0', id = ''] = _rev.split('-');
  const parents = start === '2' ? [_id.split(':').at(-1) ?? ''] : [];
  return { start: Number(start), ids: [id, ...parents] };
}

export const attempts = {
  ownEntry: { what: 'an entry in the user’s own name', make: (db) => rollCall(db, { by: AUTHOR }) },
  othersEntry: { what: 'an entry in somebody else’s name', make: (db) => rollCall(db, { by: 'teacher-2' }) },
  othersStamp: {
    what: 'a stamp in somebody else’s name',
    make: (db) => {
      const entry = rollCall(db, { by: AUTHOR });
      return { ...entry, received: { ...entry.received, by: 'teacher-2' } };
    },
  },
  unstamped: {
    what: 'another’s entry without any stamp',
    make: (db) => {
      const { received: _, ...entry } = rollCall(db, { by: 'teacher-2' });
      return entry;
    },
  },
  secondRevision: {
    what: 'a second revision that is no erasure',
    make: (_, present) => ({
      ...present,
      _rev: eraseEntry(present, AUTHOR, 1, 'x')._rev,
      cells: present.cells.map((cell) => ({ ...cell, value: { mark: 'sick' } })),
    }),
  },
  siblingRevision: {
    what: 'another body as a sibling of the first revision',
    make: (_, present) => ({
      ...present,
      _rev: `1-${'f'.repeat(32)}`,
      cells: present.cells.map((cell) => ({ ...cell, value: { mark: 'sick' } })),
    }),
  },
  ownErasure: {
    what: 'an erasure in the user’s own name',
    make: (_, present) => eraseEntry(present, AUTHOR, 1, 'wrong pupil'),
  },
  othersErasure: {
    what: 'an erasure in somebody else’s name',
    make: (_, present) => eraseEntry(present, 'principal-1', 1, 'wrong pupil'),
  },
  deletion: {
    what: 'a deletion',
    make: (_, { _id, _rev }) => ({
      _id,
      _rev: `2-${'d'.repeat(32)}`,
      _deleted: true,
    }),
  },
} as const satisfies Record<string, WallAttempt>;

type Outcome = 'stored' | 'notPermitted' | 'wrongAuthor' | 'wrongRevision' | 'unknownField' | 'deletion';

interface WallRow {
  readonly as: UserContext;
  readonly outcomes: Readonly<Record<keyof typeof attempts, Outcome>>;
}

const user = (...roles: string[]): UserContext => ({ name: AUTHOR, roles });
const nothing = Object.fromEntries(
  Object.keys(attempts).map((attempt) => [attempt, 'notPermitted']),
) as Record<keyof typeof attempts, Outcome>;
/** Wrong whoever asks, once the role may write at all. */
const neverRight = { siblingRevision: 'wrongRevision', deletion: 'deletion' } as const;

/** Every role of `couch/security.ts` and what it may do: the whole of the second wall's rights. */
export const wallTable: Readonly<Record<string, WallRow>> = {
  'no role': { as: user(), outcomes: nothing },
  'a role that is none of ours': { as: user('amenimo-admin'), outcomes: nothing },
  reader: { as: user(couchRoles.reader), outcomes: nothing },
  writer: {
    as: user(couchRoles.writer),
    outcomes: {
      ...neverRight,
      ownEntry: 'stored',
      othersEntry: 'wrongAuthor',
      othersStamp: 'wrongAuthor',
      unstamped: 'wrongAuthor',
      secondRevision: 'notPermitted',
      ownErasure: 'notPermitted',
      othersErasure: 'notPermitted',
    },
  },
  eraser: {
    as: user(couchRoles.eraser),
    outcomes: {
      ...neverRight,
      ownEntry: 'notPermitted',
      othersEntry: 'notPermitted',
      othersStamp: 'notPermitted',
      unstamped: 'notPermitted',
      secondRevision: 'unknownField',
      ownErasure: 'stored',
      othersErasure: 'wrongAuthor',
    },
  },
  import: {
    as: user(couchRoles.import),
    outcomes: {
      ...neverRight,
      ownEntry: 'stored',
      othersEntry: 'stored',
      othersStamp: 'stored',
      unstamped: 'stored',
      secondRevision: 'notPermitted',
      ownErasure: 'notPermitted',
      othersErasure: 'notPermitted',
    },
  },
  handback: {
    as: user(couchRoles.handback),
    outcomes: {
      ...neverRight,
      ownEntry: 'stored',
      othersEntry: 'stored',
      othersStamp: 'stored',
      unstamped: 'wrongAuthor',
      secondRevision: 'unknownField',
      ownErasure: 'stored',
      othersErasure: 'stored',
    },
  },
};

/** Every cell of the table, for `test.for`. */
export const wallCases = Object.entries(wallTable).flatMap(([role, { as, outcomes }]) =>
  Object.entries(attempts).map(([name, attempt]) => ({
    name: `${role}: ${attempt.what}`,
    as,
    make: attempt.make as WallAttempt['make'],
    outcome: outcomes[name as keyof typeof attempts],
  })),
);
