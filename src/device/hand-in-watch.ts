import type { Device } from './device.ts';
import { openDeviceDatabase } from './device-database.ts';
import { handInRows, type HandInTally } from './hand-in.ts';
import { PersonDatabase, type JournalRow } from './person-database.ts';
import { sendRows } from './send-rows.ts';
import { personsWithJournal } from './stored-databases.ts';

/** First the person's own exchange; what others left is in no hurry. */
const DELAY_MS = 2_000;
/** What could not be brought now is tried again with the contacts that follow. */
const AGAIN_MS = 300_000;

/**
 * Hands in what other people of this device, and older vaults of the same person, left unsent: after each sign-in, in
 * the background, by one tab at a time. Returns how to stop.
 */
export function watchHandIn(device: Device): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let doneFor: string | null = null;
  let triedAt = 0;
  const run = async (personId: string): Promise<void> => {
    timer = null;
    triedAt = Date.now();
    const settled = await navigator.locks.request('amenimo-hand-in', { ifAvailable: true }, (lock) =>
      lock ? handInForOthers(personId) : false,
    );
    if (settled) doneFor = personId;
  };
  const stopWatching = device.watch({ type: 'sync' }, (sync) => {
    const { state } = device;
    if (state.phase !== 'open' || sync.phase !== 'idle' || timer !== null) return;
    if (doneFor === state.person.id || Date.now() - triedAt < AGAIN_MS) return;
    const personId = state.person.id;
    timer = setTimeout(() => void run(personId).catch(reportError), DELAY_MS);
  });
  const stopListening = device.onStateChange(() => {
    if (device.state.phase === 'open') return;
    // The next person, or the same one with another vault, begins anew.
    [doneFor, triedAt] = [null, 0];
    if (timer !== null) clearTimeout(timer);
    timer = null;
  });
  return () => {
    stopWatching();
    stopListening();
    if (timer !== null) clearTimeout(timer);
  };
}

/** Brings all that is not this person's own to write off; whether nothing is left to bring. */
export async function handInForOthers(personId: string): Promise<boolean> {
  const known = await openDeviceDatabase();
  const { deviceId } = known;
  known.close();
  let settled = true;
  for (const owner of await personsWithJournal()) {
    const tally = await handInOf(owner, personId, deviceId);
    if (tally.stopped) return false;
    if (tally.waiting > 0) settled = false;
  }
  return settled;
}

async function handInOf(owner: string, personId: string, deviceId: string): Promise<HandInTally> {
  const db = new PersonDatabase(owner);
  try {
    const newest = (await db.findVault())?.generation ?? 0;
    const isReadable = (row: JournalRow): boolean => row.generation === newest;
    return await handInRows(db, {
      send: (rows) => sendRows(deviceId, null, rows),
      // The own rows of the vault that is open go up by the exchange.
      wants: (row) => row.state === 'waiting' && !row.handedIn && (owner !== personId || !isReadable(row)),
      // While its author can still open it, the author hears what became of it; after that nobody can.
      afterRefusal: (row, code) => {
        if (code === 'inTray' || code === 'rejected') return isReadable(row) ? 'mark' : 'delete';
        return 'keep';
      },
    });
  } finally {
    db.close();
  }
}
