import type { SealedRow } from '../sync/hand-in.ts';
import { DEVICE_DATABASE } from './device-database.ts';
import { handInRows, type SendResult } from './hand-in.ts';
import { PersonDatabase } from './person-database.ts';
import { isJournal } from './stored-databases.ts';

/** What a lost device says that it emptied. */
export interface WipeReport {
  readonly persons: number;
  readonly databases: number;
  readonly handedIn: number;
  readonly notHandedIn: number;
  readonly drafts: number;
}

/** Kept on the disk from the first step to the last, so that a reload goes on where it stopped. */
export interface WipeState {
  readonly ticket: string;
  readonly report: WipeReport;
}

export const NOTHING_WIPED: WipeReport = {
  persons: 0,
  databases: 0,
  handedIn: 0,
  notHandedIn: 0,
  drafts: 0,
};

export interface WipePorts {
  keep(state: WipeState): Promise<void>;
  databases(): Promise<string[]>;
  deleteDatabase(name: string): Promise<boolean>;
  send(ticket: string, rows: readonly SealedRow[]): Promise<SendResult>;
  /** The app's own files, what the browser keeps beside databases. */
  clearRest(): Promise<void>;
  tell(state: WipeState): Promise<'told' | 'denied' | 'unreachable'>;
}

const LAST_TRIES = 5;

/**
 * `wiped`: nothing is left. `waiting`: the keys are gone, and rows wait sealed for the school to answer. `released`:
 * the school says that the device is not lost; what is left stays for whoever signs in next.
 */
export type WipeOutcome = 'wiped' | 'waiting' | 'released';

/**
 * Empties a lost device. First everything goes that could open or show anything; rows that the school does not have
 * are sealed to it and need no key here, so they go up after that, and are deleted when the school has them.
 */
export async function wipeDevice(ports: WipePorts, begun: WipeState): Promise<WipeOutcome> {
  let state = begun;
  const add = async (more: Partial<WipeReport>): Promise<void> => {
    const report = { ...state.report };
    for (const name of Object.keys(more) as (keyof WipeReport)[]) report[name] += more[name] ?? 0;
    state = { ...state, report };
    await ports.keep(state);
  };
  await ports.keep(state);
  const journals = (await ports.databases()).filter(isJournal);
  for (const name of journals) {
    const destroyed = await destroyKeys(name);
    if (destroyed) await add(destroyed);
  }
  for (const name of await ports.databases()) {
    if (isJournal(name) || name === DEVICE_DATABASE) continue;
    if (!(await ports.deleteDatabase(name))) return 'waiting';
    await add({ databases: 1 });
  }
  for (const name of journals) {
    const outcome = await handInAll(ports, state.ticket, name, add);
    if (outcome) return outcome;
    if (!(await ports.deleteDatabase(name))) return 'waiting';
    await add({ databases: 1 });
  }
  await ports.clearRest();
  if ((await ports.tell(state)) === 'unreachable') return 'waiting';
  // The browser may be clearing the same storage at this moment, as the school's last answer told it to.
  for (let tries = 0; tries < LAST_TRIES; tries++) {
    if (await ports.deleteDatabase(DEVICE_DATABASE)) break;
  }
  return 'wiped';
}

/** Wrapped keys, salts, profiles, drafts; what is counted is counted once, however often it is begun. */
async function destroyKeys(name: string): Promise<Partial<WipeReport> | null> {
  const db = open(name);
  try {
    return await db.transaction('rw', db.meta, db.drafts, async () => {
      if ((await db.meta.count()) === 0) return null;
      const drafts = await db.drafts.count();
      await db.drafts.clear();
      await db.meta.clear();
      return { persons: 1, drafts };
    });
  } finally {
    db.close();
  }
}

async function handInAll(
  ports: WipePorts,
  ticket: string,
  name: string,
  add: (more: Partial<WipeReport>) => Promise<void>,
): Promise<WipeOutcome | null> {
  const db = open(name);
  try {
    const tally = await handInRows(db, {
      send: (rows) => ports.send(ticket, rows),
      wants: () => true,
      afterRefusal: () => 'delete',
      onBatch: ({ handedIn, refused }) => add({ handedIn, notHandedIn: refused }),
    });
    if (tally.stopped === 'denied') return 'released';
    if (tally.stopped || tally.waiting > 0) return 'waiting';
    if (tally.unsealed > 0) {
      await db.journal.clear();
      await add({ notHandedIn: tally.unsealed });
    }
    return null;
  } finally {
    db.close();
  }
}

function open(journal: string): PersonDatabase {
  return new PersonDatabase(journal.slice('p-'.length, -'-journal'.length));
}
