import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import leveldown from 'leveldown';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { DataFolderBusy } from '../../src/gateway/store/data-folder-lock.ts';
import { EmbeddedStore } from '../../src/gateway/store/embedded-store.ts';
import { eraseEntry } from '../../src/ledger/erasure.ts';
import { ERASER, newDatabaseName, rollCall, WRITER } from './sample-entries.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Inside the repository, so that the child finds its dependencies. */
const CHILD_FOLDER = join(ROOT, `node_modules/.cache/amenimo/contract-${process.pid}`);

describe('the embedded store and the disk', () => {
  let dataDir: string;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    await build({
      configFile: false,
      root: ROOT,
      logLevel: 'error',
      build: {
        ssr: true,
        outDir: CHILD_FOLDER,
        minify: false,
        rolldownOptions: { input: join(ROOT, 'tests/contract/store-writer.ts') },
      },
    });
  });

  afterAll(() => rm(CHILD_FOLDER, { recursive: true, force: true }));

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'amenimo-store-'));
  });

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Another process that writes entry after entry and prints the id of each one that was acknowledged. */
  function startWriter(db: string): { child: ChildProcess; acknowledged: AsyncIterable<string> } {
    const child = spawn(process.execPath, [join(CHILD_FOLDER, 'store-writer.js'), dataDir, db], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    if (!child.stdout) throw new Error('no stdout');
    return { child, acknowledged: createInterface({ input: child.stdout }) };
  }

  async function exitOf(child: ChildProcess): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  test('every write asks LevelDB to sync before it is acknowledged', async () => {
    const spies = (['_batch', '_put', '_del'] as const).map((method) =>
      vi.spyOn((leveldown as unknown as { prototype: Record<string, () => void> }).prototype, method),
    );
    const store = await EmbeddedStore.open(dataDir);
    const db = newDatabaseName();
    await store.ensureDatabase(db);
    await store.putEntries(db, [rollCall(db)], WRITER);
    await store.close();
    const writes = spies.flatMap((spy) => spy.mock.calls as unknown[][]);
    expect(writes.length).toBeGreaterThan(0);
    for (const write of writes) expect(write.at(-2)).toMatchObject({ sync: true });
  });

  test('what a process acknowledged before it was killed is there afterwards, whole and sound', async () => {
    const db = newDatabaseName();
    const { child, acknowledged } = startWriter(db);
    const ids: string[] = [];
    for await (const id of acknowledged) {
      ids.push(id);
      if (ids.length === 50) child.kill('SIGKILL');
    }
    await exitOf(child);
    expect(child.signalCode).toBe('SIGKILL');
    expect(ids.length).toBeGreaterThanOrEqual(50);

    const store = await EmbeddedStore.open(dataDir);
    const entries = await store.getEntries(db, ids);
    expect(entries.filter((entry) => entry === null)).toEqual([]);
    const again = rollCall(db);
    expect(await store.putEntries(db, [again], WRITER)).toMatchObject([{ outcome: 'stored' }]);
    await store.close();
  });

  test('a second process on the same data folder is told at once that the folder is busy', async () => {
    const { child, acknowledged } = startWriter(newDatabaseName());
    for await (const _ of acknowledged) break;
    await expect(EmbeddedStore.open(dataDir)).rejects.toThrow(DataFolderBusy);
    child.kill('SIGKILL');
    await exitOf(child);
    await (await EmbeddedStore.open(dataDir)).close();
  });

  test('a second store in the same process is told so too', async () => {
    const store = await EmbeddedStore.open(dataDir);
    await expect(EmbeddedStore.open(dataDir)).rejects.toThrow(DataFolderBusy);
    await store.close();
    await (await EmbeddedStore.open(dataDir)).close();
  });

  test('what an erased entry said is in no file of the data folder any more', async () => {
    const store = await EmbeddedStore.open(dataDir);
    const db = newDatabaseName();
    await store.ensureDatabase(db);
    // Random, so that compression does not hide it.
    const secret = 'kq7vZp2mXw9cRt4yBn8s';
    const entry = rollCall(db, {
      cells: [{ key: 'pupil-0/2026-05-07', value: { mark: 'late', note: secret }, over: [] }],
    });
    const others = Array.from({ length: 300 }, () => rollCall(db, { pupils: 35 }));
    await store.putEntries(db, others, WRITER);
    await store.putEntries(db, [entry, rollCall(db)], WRITER);
    expect(await findInFiles(dataDir, secret)).not.toEqual([]);
    await store.putEntries(db, [eraseEntry(entry, WRITER.name, 1, 'wrong pupil')], ERASER);
    expect(await findInFiles(dataDir, secret)).toEqual([]);
    await store.close();
    expect(await findInFiles(dataDir, secret)).toEqual([]);
  });

  test('more databases than may be open at once are served, also at the same time', async () => {
    const store = await EmbeddedStore.open(dataDir, { openDatabases: 3 });
    const databases = Array.from({ length: 12 }, () => newDatabaseName());
    const entries = databases.map((db) => rollCall(db));
    const at = (index: number) => databases[index] as string;
    await Promise.all(databases.map((db) => store.ensureDatabase(db)));
    for (let round = 0; round < 3; round++) {
      await Promise.all(entries.map((entry, index) => store.putEntries(at(index), [entry], WRITER)));
      const counts = await Promise.all(databases.map((db) => store.countEntries(db)));
      expect(counts).toEqual(databases.map(() => 1));
    }
    await store.close();
    const reopened = await EmbeddedStore.open(dataDir);
    expect(await reopened.listDatabases()).toEqual([...databases].sort());
    await reopened.close();
  });

  test('a folder that is no database of ours is left alone', async () => {
    const store = await EmbeddedStore.open(dataDir);
    expect(await store.listDatabases()).toEqual([]);
    await store.close();
    expect(await readdir(join(dataDir, 'db'))).toEqual(['.lock']);
  });
});

async function findInFiles(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const file of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue;
    const content = await readFile(join(file.parentPath, file.name));
    if (content.includes(text)) found.push(file.name);
  }
  return found;
}
