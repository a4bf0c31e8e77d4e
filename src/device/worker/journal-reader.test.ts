import '../testing/browser-storage.ts';
import { beforeEach, expect, test } from 'vitest';
import type { Entry } from '../../ledger/entry.ts';
import { createContentKey, type ContentKey } from '../../vault/sealing.ts';
import { appendToJournal } from '../journal-writer.ts';
import { PersonDatabase } from '../person-database.ts';
import { markOf, STREAM } from '../testing/entries.ts';
import { webCrypto } from '../web-crypto.ts';
import { JournalReader, type OpenRow } from './journal-reader.ts';

const newKey = () =>
  crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
const vaultKey = await newKey();

let serial = 0;
let db: PersonDatabase;
let content: ContentKey;
let added: OpenRow[];
let refused: OpenRow[];

function reader(key = vaultKey): JournalReader {
  return new JournalReader(db, webCrypto, key, {
    onAdded: (row) => added.push(row),
    onRefused: (row) => refused.push(row),
    onChange: () => undefined,
  });
}

const append = (entry: Entry, under = content) =>
  appendToJournal(webCrypto, db, { stream: STREAM, entry, at: 1, generation: 1, content: under });

beforeEach(async () => {
  serial += 1;
  db = new PersonDatabase(`j${serial}`);
  await db.open();
  content = await createContentKey(webCrypto, vaultKey, null);
  added = [];
  refused = [];
});

test('[DE40] what any tab appended is read in the order of writing, once', async () => {
  const entries = [markOf('s1', '2026-06-01', 'sick'), markOf('s2', '2026-06-01', 'late')];
  const journal = reader();
  for (const entry of entries) expect(await append(entry)).toMatchObject({ ok: true });
  await journal.refresh();
  await journal.refresh();
  expect(journal.waiting().map((row) => row.entry)).toEqual(entries);
  expect(added).toHaveLength(2);
});

test('[DE40] the write asks for strict durability and waits for the transaction', async () => {
  const backend = db.backendDB();
  const asked: unknown[] = [];
  const real = backend.transaction.bind(backend);
  backend.transaction = ((...args: Parameters<IDBDatabase['transaction']>) => {
    asked.push(args[2]);
    return real(...args);
  }) as IDBDatabase['transaction'];
  await append(markOf('s1', '2026-06-01', 'sick'));
  expect(asked).toEqual([{ durability: 'strict' }]);
});

test('[DE41] a row shows no mark, note or pupil', async () => {
  await append(markOf('s1', '2026-06-01', 'suspendedInfection', [], 't-1', '発熱'));
  const [row] = await db.journal.toArray();
  const text = JSON.stringify(row) + Buffer.from(row?.sealed ?? []).toString('utf8');
  for (const word of ['suspendedInfection', '発熱', 's1/']) expect(text).not.toContain(word);
});

test('[DE41] [DE61] rows of another vault stay where they are, unread', async () => {
  await append(markOf('s1', '2026-06-01', 'sick'));
  const stranger = reader(await newKey());
  await stranger.refresh();
  expect(stranger.waiting()).toEqual([]);
  expect(await db.journal.count()).toBe(1);
  const own = reader();
  await own.refresh();
  expect(own.waiting()).toHaveLength(1);
});

test('[DE42] a full disk is an expected failure', async () => {
  const backend = db.backendDB();
  const real = backend.transaction.bind(backend);
  backend.transaction = ((...args: Parameters<IDBDatabase['transaction']>) => {
    const transaction = real(...args);
    // As Chromium does: the put succeeds, the transaction aborts.
    Object.defineProperty(transaction, 'error', { value: new DOMException('full', 'QuotaExceededError') });
    transaction.commit = () => transaction.abort();
    return transaction;
  }) as IDBDatabase['transaction'];
  expect(await append(markOf('s1', '2026-06-01', 'sick'))).toEqual({ ok: false, code: 'storageFull' });
  backend.transaction = real;
  expect(await db.journal.count()).toBe(0);
});

test('[DE4] [DE6] arrived rows go, refused rows stay with their code, for every tab', async () => {
  const [first, second] = [markOf('s1', '2026-06-01', 'sick'), markOf('s2', '2026-06-01', 'late')];
  await append(first);
  await append(second);
  const [one, other] = [reader(), reader()];
  await one.refresh();
  await other.refresh();
  await one.arrived([first._id]);
  await one.refused(second._id, 'denied');
  await other.reread();
  for (const journal of [one, other]) {
    expect(journal.waiting()).toEqual([]);
    expect(journal.refusedRows()).toMatchObject([{ id: second._id, code: 'denied' }]);
  }
  expect(refused).toHaveLength(2);
  const later = reader();
  await later.refresh();
  expect(later.refusedRows()).toMatchObject([{ id: second._id, code: 'denied' }]);
});
