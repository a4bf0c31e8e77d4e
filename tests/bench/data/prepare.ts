import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calendarDate, calendarDateAt } from '#domain/calendar/calendar-date.ts';
import type { StoredEntry } from '#ledger/erasure.ts';
import { streamKey } from '#ledger/stream.ts';
import { StampSeal } from '#gateway/exchange/stamp.ts';
import { Streams } from '#gateway/exchange/streams.ts';
import { createPasswordHasher } from '#gateway/identity/password.ts';
import { StoredAccounts } from '#gateway/identity/stored-accounts.ts';
import { keepEntries, type TimedEntry } from '#gateway/import/keep-entries.ts';
import { openSecretFiles } from '#gateway/secrets/secret-files.ts';
import { EmbeddedStore } from '#gateway/store/embedded-store.ts';
import { answerOverAll, type QueryAnswer } from '../page/result-hash.ts';
import { FULL_SCHOOL, GROWING_SCHOOL, plainSet, schoolDaysUntil, type BenchSchool } from './plain-set.ts';

const PASSWORD = 'bench-password-1';
const ACCOUNTS_DB = 'accounts-city';

/** What the runner must know of a prepared data folder; kept in it as `prepared.json`. */
export interface PreparedData {
  readonly login: string;
  readonly password: string;
  /** What a first sync must end with. */
  readonly expected: QueryAnswer;
  readonly jsonBytes: number;
  /** School days of the year up to today. */
  readonly schoolDays: readonly string[];
  /** The school whose marks lie in `growing.json`, not yet received. */
  readonly growing: { readonly login: string; readonly stream: string };
}

/**
 * Fills an empty folder with the plain set through the gateway's own stamper and store, and accounts that may read
 * it. `entries.json` holds what was stored, for the floor and the peer.
 */
export async function prepareData(folder: string, count: number): Promise<PreparedData> {
  await mkdir(folder, { recursive: true });
  const store = await EmbeddedStore.open(folder);
  const secrets = await openSecretFiles(folder);
  const streams = new Streams({ store, seal: new StampSeal(secrets.stampKey), now: Date.now });
  const keep = async ({ stream }: BenchSchool, entries: readonly TimedEntry[]): Promise<void> => {
    await store.ensureDatabase(stream.db);
    await keepEntries(store, streams, stream, entries);
  };
  const full = plainSet(FULL_SCHOOL, count);
  await keep(FULL_SCHOOL, [...full.roster, ...full.marks]);
  const growing = plainSet(GROWING_SCHOOL, count);
  await keep(GROWING_SCHOOL, growing.roster);
  await openAccounts(store, [FULL_SCHOOL, GROWING_SCHOOL]);

  const stored: StoredEntry[] = [];
  for await (const batch of store.readEntries(FULL_SCHOOL.stream.db)) stored.push(...batch);
  await store.close();
  const json = JSON.stringify(stored);
  const prepared: PreparedData = {
    login: FULL_SCHOOL.nurseId,
    password: PASSWORD,
    expected: await answerOverAll(stored),
    jsonBytes: Buffer.byteLength(json),
    schoolDays: schoolDaysUntil(calendarDateAt(Date.now())),
    growing: { login: GROWING_SCHOOL.nurseId, stream: streamKey(GROWING_SCHOOL.stream) },
  };
  await writeFile(join(folder, 'entries.json'), json);
  await writeFile(join(folder, 'growing.json'), JSON.stringify(growing.marks.map(({ entry }) => entry)));
  await writeFile(join(folder, 'prepared.json'), JSON.stringify(prepared));
  return prepared;
}

/** A login is the person's id here. */
async function openAccounts(store: EmbeddedStore, schools: readonly BenchSchool[]): Promise<void> {
  const hasher = createPasswordHasher();
  await store.ensureDatabase(ACCOUNTS_DB);
  const accounts = new StoredAccounts({ store, db: ACCOUNTS_DB, hasher, now: Date.now });
  const from = calendarDate('2026-04-01');
  const until = calendarDate('2036-04-01');
  for (const { code, nurseId } of schools) {
    const created = await accounts.createAccount({
      personId: nurseId,
      login: nurseId,
      name: '計測 保健',
      grants: [{ role: 'schoolNurse', schoolCode: code, from, until }],
      password: PASSWORD,
    });
    if (!created.ok) throw new Error(`the bench's account: ${created.code}`);
  }
  await hasher.close();
}
