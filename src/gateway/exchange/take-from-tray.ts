import { canTakeFromTray } from '../../access/tray-access.ts';
import type { Subject } from '../../access/subject.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { checkEntry, type Entry } from '../../ledger/entry.ts';
import { findKind } from '../../ledger/kinds.ts';
import { parseStreamKey, type Stream } from '../../ledger/stream.ts';
import { asIfNothingEnded } from './author.ts';
import type { PushPorts } from './push.ts';
import { findOver, replacesPresentHeads } from './push-judge.ts';
import { isOpen, type TrayRow } from './tray.ts';
import { handbackContext } from './user-context.ts';

export type TakeRefusal =
  /** Decided meanwhile, or its register is not there. */
  | 'notOpen'
  /** No longer a sound entry: of a kind that is not known here, or with a value that is none. */
  | 'notSound'
  | 'notPermitted'
  | 'badOver'
  /** What it wanted to replace has been replaced since; it must be written anew. */
  | 'staleOver';
export type TakeResult = { readonly ok: true } | { readonly ok: false; readonly code: TakeRefusal };

/**
 * Takes a row of the tray into the register, as its author wrote it. Everything but the author's right today is judged
 * anew; what it replaces and nobody has seen is held to be never coming.
 */
export async function takeFromTray(
  ports: PushPorts,
  taker: { readonly subject: Subject; readonly device: string },
  author: Subject,
  school: string,
  row: TrayRow,
): Promise<TakeResult> {
  const stream = parseStreamKey(row.stream);
  if (!stream || !row.entry || !isOpen(row.state) || !(await ports.streams.exists(stream))) {
    return { ok: false, code: 'notOpen' };
  }
  const { received: _, ...bare } = row.entry;
  const check = checkEntry(stream, bare);
  if (!check.ok) return { ok: false, code: check.code === 'badOver' ? 'badOver' : 'notSound' };
  return ports.streams.queue.run(stream.db, () => take(ports, taker, author, school, stream, check.entry));
}

async function take(
  ports: PushPorts,
  taker: { readonly subject: Subject; readonly device: string },
  author: Subject,
  school: string,
  stream: Stream,
  entry: Entry,
): Promise<TakeResult> {
  const { store, streams, seal, tray, pokes, now } = ports;
  const opened = await streams.open(stream);
  const today = calendarDateAt(now());
  const by = taker.subject.personId;
  if (opened.index.find(entry._id)) {
    await tray.settle(school, entry._id, 'arrived', null);
    return { ok: true };
  }
  const { context } = await opened.folds.standing();
  const past = asIfNothingEnded(author, today);
  if (!canTakeFromTray(taker.subject, past, stream, entry, context, today).allowed) {
    return { ok: false, code: 'notPermitted' };
  }
  const over = await findOver(opened, entry, { pendingCells: () => undefined, wasRefused: () => false });
  if (!over) return { ok: false, code: 'badOver' };
  if (findKind(entry.kind)?.linear && !(await replacesPresentHeads(opened, entry))) {
    return { ok: false, code: 'staleOver' };
  }
  const from = { personId: by, device: taker.device };
  for (const id of over.unknown) {
    await tray.lay(school, opened.key, id, from, { state: 'refused', code: 'neverCame', entry: null });
  }
  const facts = { at: now(), by, device: taker.device, n: opened.index.lastN + 1 };
  const stamped: Entry = { ...entry, received: seal.stamp(stream, entry._id, facts) };
  const [outcome] = await store.putEntries(stream.db, [stamped], handbackContext(by));
  if (outcome?.outcome === 'refused') return { ok: false, code: 'notSound' };
  if (outcome?.outcome === 'stored') {
    opened.stored([stamped]);
    pokes.publish({ stream: opened.key, count: opened.index.state.count });
  }
  await tray.settle(school, entry._id, 'taken', { by, at: now() });
  return { ok: true };
}
