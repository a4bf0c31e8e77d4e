import { canEraseEntry } from '../../access/register-access.ts';
import type { Subject } from '../../access/subject.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { parseEntryId, type EntryId } from '../../ledger/entry-id.ts';
import { eraseEntry, isErased } from '../../ledger/erasure.ts';
import type { Stream } from '../../ledger/stream.ts';
import type { PushPorts } from './push.ts';
import { eraserContext } from './user-context.ts';

export type ErasureResult =
  | { readonly ok: true; readonly erasedAt: number }
  | { readonly ok: false; readonly code: 'denied' | 'unknownEntry' | string };

/** Takes the text of an entry out of the register for good; who, when and why stay. Twice is as once. */
export async function eraseStoredEntry(
  ports: PushPorts,
  subject: Subject,
  stream: Stream,
  id: EntryId,
  why: string,
): Promise<ErasureResult> {
  const now = ports.now();
  if (!canEraseEntry(subject, stream, calendarDateAt(now)).allowed) return { ok: false, code: 'denied' };
  if (!(await ports.streams.exists(stream)) || parseEntryId(id)?.scope !== stream.scope) {
    return { ok: false, code: 'unknownEntry' };
  }
  return ports.streams.queue.run(stream.db, async () => {
    const opened = await ports.streams.open(stream);
    const [entry] = opened.index.find(id) ? await ports.store.getEntries(stream.db, [id]) : [];
    if (!entry) return { ok: false, code: 'unknownEntry' };
    if (isErased(entry)) return { ok: true, erasedAt: entry.erasedAt };
    const erased = ports.seal.sealErasure(stream, eraseEntry(entry, subject.personId, now, why));
    const [outcome] = await ports.store.putEntries(stream.db, [erased], eraserContext(subject.personId));
    if (outcome?.outcome === 'refused') return { ok: false, code: outcome.reason };
    opened.stored([erased]);
    ports.pokes.publish({ stream: opened.key, count: opened.index.state.count });
    return { ok: true, erasedAt: now };
  });
}
