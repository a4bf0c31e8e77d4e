import PouchDB from 'pouchdb-core';
import IdbAdapter from 'pouchdb-adapter-idb';
import HttpAdapter from 'pouchdb-adapter-http';
import replication from 'pouchdb-replication';
import type { StoredEntry } from '#ledger/erasure.ts';
import { answerOverAll } from './result-hash.ts';
import { serveSteps } from './worker-steps.ts';

PouchDB.plugin(IdbAdapter).plugin(HttpAdapter).plugin(replication);

interface Replicates {
  replicate(source: string, target: PouchDB.Database): Promise<{ ok: boolean }>;
}

/** R2's peer: PouchDB as it comes, replicating from a server that speaks CouchDB's protocol. */
serveSteps({
  async firstSync(url: string) {
    const local = new PouchDB<object>('peer', { adapter: 'idb' });
    const { ok } = await (PouchDB as unknown as Replicates).replicate(
      url,
      local as unknown as PouchDB.Database,
    );
    if (!ok) throw new Error('the replication did not end well');
    const { rows } = await local.allDocs({ include_docs: true });
    const answer = await answerOverAll(rows.map(({ doc }) => doc as unknown as StoredEntry));
    await local.close();
    return answer;
  },
});
