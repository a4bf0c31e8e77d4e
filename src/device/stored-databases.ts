import { withTimeLimit } from './time-limit.ts';

const LIMIT_MS = 5_000;
const JOURNAL = /^p-(.+)-journal$/;

/** Names of all databases of this browser for this app. */
export async function listDatabases(): Promise<string[]> {
  return (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
}

/** Ids of the people who have a journal here. */
export async function personsWithJournal(): Promise<string[]> {
  return (await listDatabases()).flatMap((name) => JOURNAL.exec(name)?.[1] ?? []);
}

export function isJournal(name: string): boolean {
  return JOURNAL.test(name);
}

/** Resolves to whether it is gone; one that another tab holds open is not, until that tab lets go. */
export function deleteDatabase(name: string): Promise<boolean> {
  const removed = new Promise<boolean>((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve(true);
    request.onerror = () => resolve(false);
  });
  return withTimeLimit(removed, LIMIT_MS).catch(() => false);
}
