import type { DocumentStore } from '../store/document-store.ts';
import { CHAIN_START, type ChainPlace, type ChainSeal } from './audit-entry.ts';
import { ChainCheck, type ChainFinding } from './chain-check.ts';
import {
  anchorText,
  BLOCK_SIZE,
  ChainRecords,
  headText,
  listChains,
  type Anchor,
  type Batch,
  type Head,
} from './chain-records.ts';
import { LEAST_RETENTION_MS } from './retention.ts';

export interface ChainReport {
  readonly gateway: string;
  /** Whether the seals could be checked too: they can where the chain is this gateway's own. */
  readonly own: boolean;
  readonly entryCount: number;
  readonly from: number;
  readonly until: number;
  readonly findings: readonly ChainFinding[];
}

/**
 * Reads every chain of an audit database and checks all that can be checked. `known`: how far the own chain is known to
 * have come, from outside the database.
 */
export async function verifyAudit(
  store: DocumentStore,
  db: string,
  seal: ChainSeal,
  known: ChainPlace | null = null,
): Promise<ChainReport[]> {
  const chains = new Set([...(await listChains(store, db)), seal.gateway]);
  const reports: ChainReport[] = [];
  for (const gateway of chains) {
    const own = gateway === seal.gateway ? seal : null;
    reports.push(await verifyChain(new ChainRecords(store, db, gateway), gateway, own, own && known));
  }
  return reports;
}

async function verifyChain(
  records: ChainRecords,
  gateway: string,
  seal: ChainSeal | null,
  known: ChainPlace | null,
): Promise<ChainReport> {
  // Read before the entries: what is written meanwhile may well lie beyond it.
  const found = await records.findHead();
  const { anchor, there: hasAnchor } = await records.findAnchor();
  const start = anchor ? { seq: anchor.seq, hash: anchor.hash } : CHAIN_START;
  const check = new ChainCheck(gateway, seal, start);
  const add = (batches: readonly Batch[]): void => {
    for (const { first, entries } of batches) {
      if (entries === null) check.addUnreadable(first);
      // What an interrupted sweep left.
      else if (first > start.seq) entries.forEach((entry) => check.add(entry));
    }
  };
  let block = Math.floor((start.seq + 1) / BLOCK_SIZE);
  const headBlock = Math.floor((found.head?.seq ?? 0) / BLOCK_SIZE);
  for (; block <= Math.max(headBlock, Math.floor((check.end + 1) / BLOCK_SIZE)); block++) {
    add(await records.listBlock(block));
  }
  add(await records.listAfterBlock(block - 1));
  return {
    gateway,
    own: seal !== null,
    entryCount: check.count,
    from: start.seq + 1,
    until: check.end,
    findings: [
      ...findWrongHead(found, seal),
      ...(hasAnchor ? findWrongAnchor(anchor, seal) : []),
      ...check.finish(known && known.seq > (found.head?.seq ?? 0) ? known : found.head),
    ],
  };
}

function findWrongHead(
  { head, there }: { head: Head | null; there: boolean },
  seal: ChainSeal | null,
): ChainFinding[] {
  if (!there) return [{ code: 'headMissing', seq: 0 }];
  const forged = !head || (seal !== null && !seal.isOurs(headText(head), head.seal));
  return forged ? [{ code: 'headForged', seq: head?.seq ?? 0 }] : [];
}

function findWrongAnchor(anchor: Anchor | null, seal: ChainSeal | null): ChainFinding[] {
  if (!anchor || (seal && !seal.isOurs(anchorText(anchor), anchor.seal))) {
    return [{ code: 'anchorForged', seq: anchor?.seq ?? 0 }];
  }
  return anchor.sweptAt - anchor.at < LEAST_RETENTION_MS ? [{ code: 'sweptEarly', seq: anchor.seq }] : [];
}
