import type { StoredEntry } from '#ledger/erasure.ts';
import { getAll, openRawStore, putAll } from './raw-store.ts';
import { answerOverAll } from './result-hash.ts';
import { serveSteps } from './worker-steps.ts';

/** R1's floor: the documents as plain JSON, parsed, one raw put each into one store with one index, asked back. */
serveSteps({
  async firstSync(url: string) {
    const response = await fetch(url);
    const entries = JSON.parse(await response.text()) as StoredEntry[];
    const db = await openRawStore('floor', 'on');
    await putAll(db, entries, 'relaxed');
    const answer = await answerOverAll(await getAll<StoredEntry>(db));
    db.close();
    return answer;
  },
});
