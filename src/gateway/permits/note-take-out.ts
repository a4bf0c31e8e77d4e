import { streamKey, type Stream, type StreamKey } from '../../ledger/stream.ts';
import type { Holdings } from './holdings.ts';
import type { Permits } from './permits.ts';

/**
 * Notes what an exchange shows of a device's permits: that it holds outside what it is permitted to, and after a
 * permit's end that it is back in school or has let go.
 */
export async function noteTakeOut(
  permits: Permits,
  holdings: Holdings,
  device: string,
  held: readonly Stream[],
  named: readonly StreamKey[],
): Promise<void> {
  if (holdings.place === 'outside') {
    const inUse = new Set(held.map((stream) => holdings.permitFor(stream)));
    for (const permit of inUse) if (permit && permit.takenAt === null) await permits.noteTaken(permit.id);
  }
  const stillCovered = new Set(held.map(streamKey));
  for (const permit of holdings.permits) {
    if (permit.device !== device || permit.takenAt === null || permit.returnedAt !== null) continue;
    if (permit.state !== 'expired' && permit.state !== 'revoked') continue;
    // What another permit covers has not come back, though this one is over.
    const outside = permit.streams.some((key) => named.includes(key) || stillCovered.has(key));
    if (holdings.place === 'school' || !outside) await permits.noteReturnedByDevice(permit.id);
  }
}
