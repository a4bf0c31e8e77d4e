import { canWriteInGrace } from '../../access/grace.ts';
import { canWriteEntry } from '../../access/register-access.ts';
import type { CalendarDate } from '../../domain/calendar/calendar-date.ts';
import { checkEntry, type Entry, type EntryRefusal } from '../../ledger/entry.ts';
import { parseEntryId, periodOfId, type EntryId } from '../../ledger/entry-id.ts';
import type { ErasedEntry, StoredEntry } from '../../ledger/erasure.ts';
import { isShallow } from '../../ledger/json-depth.ts';
import { findKind } from '../../ledger/kinds.ts';
import { asIfNothingEnded, type Author, type Standing } from './author.ts';
import { parseErasure } from './check-erasure.ts';
import type { OpenStream } from './open-stream.ts';
import type { StampSeal } from './stamp.ts';
import type { Tray } from './tray.ts';

/** Deeper than any value of any kind; the databases' validation stops at 20 within a value. */
const MAX_DEPTH = 24;

export type Judgement =
  /** New, and within the author's rights. */
  | { readonly outcome: 'accept'; readonly entry: Entry }
  /** Was here once by its own seal (a backup was restored since): taken back as it was. */
  | { readonly outcome: 'restore'; readonly entry: StoredEntry }
  /** Is stored already. */
  | { readonly outcome: 'known'; readonly id: EntryId }
  | { readonly outcome: 'refused'; readonly code: string; readonly authenticId?: EntryId }
  | { readonly outcome: 'later'; readonly code: string }
  /** Real, and for the office to look at: by somebody who had the right once, or with nothing to prove its author. */
  | { readonly outcome: 'tray'; readonly code: string; readonly entry: Entry };

/** Refusals that are only given once the hash was found right: the id stands for a real row. */
const authenticRefusals: ReadonlySet<EntryRefusal> = new Set([
  'wrongRevision',
  'wrongPeriod',
  'badCellKey',
  'badValue',
  'badOver',
]);

interface Ports {
  readonly opened: OpenStream;
  readonly seal: StampSeal;
  readonly tray: Tray;
  readonly today: CalendarDate;
}

/** What a judge must know of the rows before this one in the same request. */
export interface Earlier {
  /** Judged acceptable and not stored yet. */
  pendingCells(id: EntryId): ReadonlySet<string> | undefined;
  /** Real and refused in this request. */
  wasRefused(id: EntryId): boolean;
  /** Stores what is pending, so that the index and the folds know it. */
  settle(): Promise<void>;
  hasPendingStanding(): boolean;
  hasPendingCell(key: string): boolean;
}

/** Judges one pushed row of a stream that its author may know of. Must run alone for its database. */
export async function judgeRow(
  ports: Ports,
  author: Author,
  standing: Standing,
  input: unknown,
  earlier: Earlier,
): Promise<Judgement> {
  const { opened, seal, tray, today } = ports;
  const { stream, index } = opened;
  if (!isShallow(input, MAX_DEPTH)) return refuse('malformed');
  if (isObject(input) && 'erased' in input) return judgeErasure(ports, standing, input);

  const check = checkEntry(stream, input);
  if (!check.ok) return judgeUnfit(check.code, input, author);
  const { entry } = check;
  const own = entry.by === author.subject.personId;
  if (standing !== 'reader' && !own) return refuse('denied');
  if (index.find(entry._id) || earlier.pendingCells(entry._id)) return { outcome: 'known', id: entry._id };
  if (standing === 'reader' && entry.received && seal.isOurs(stream, entry._id, entry.received)) {
    return { outcome: 'restore', entry };
  }

  const definition = findKind(entry.kind);
  const standingKind = definition?.placement === 'year';
  if (!standingKind && earlier.hasPendingStanding()) await earlier.settle();
  const { context } = await opened.folds.standing();
  const decision = canWriteEntry(author.subject, stream, entry, context, today);
  if (!decision.allowed && !canWriteInGrace(author.subject, stream, entry, context, today).allowed) {
    const past = asIfNothingEnded(author.subject, today);
    if (own && canWriteEntry(past, stream, entry, context, today).allowed) {
      return { outcome: 'tray', code: 'rightEnded', entry };
    }
    return refuse(standing === 'reader' ? decision.because : 'denied', own ? entry._id : undefined);
  }
  const wrongOver = await judgeOver(opened, tray, entry, earlier);
  if (wrongOver) return wrongOver;
  if (definition?.linear) {
    if (entry.cells.some((cell) => earlier.hasPendingCell(cell.key))) await earlier.settle();
    if (!(await replacesPresentHeads(opened, entry))) return refuse('staleOver', entry._id);
  }
  return { outcome: 'accept', entry };
}

function refuse(code: string, authenticId?: EntryId): Judgement {
  return { outcome: 'refused', code, ...(authenticId === undefined ? {} : { authenticId }) };
}

function judgeErasure({ opened, seal }: Ports, standing: Standing, input: unknown): Judgement {
  if (standing !== 'reader') return refuse('denied');
  const erased: ErasedEntry | null = parseErasure(opened.stream, input);
  if (!erased) return refuse('malformed');
  if (!seal.isOurErasure(opened.stream, erased)) return refuse('badErasure');
  if (opened.index.find(erased._id)?.erased) return { outcome: 'known', id: erased._id };
  return { outcome: 'restore', entry: erased };
}

/** A row of a newer app waits on its device for a newer gateway; everything else about it is settled now. */
function judgeUnfit(code: EntryRefusal, input: unknown, author: Author): Judgement {
  if (code === 'unknownKind') return { outcome: 'later', code };
  if (!isObject(input)) return refuse(code);
  const { _id, kind, v, by } = input;
  if (code === 'unknownVersion' && Number(v) > (findKind(String(kind))?.version ?? 0)) {
    return { outcome: 'later', code };
  }
  const authentic =
    authenticRefusals.has(code) && by === author.subject.personId && parseEntryId(_id) !== null;
  return refuse(code, authentic ? (_id as EntryId) : undefined);
}

/** Every replaced id must be a row of this stream that wrote the same cell. */
async function judgeOver(
  opened: OpenStream,
  tray: Tray,
  entry: Entry,
  earlier: Earlier,
): Promise<Judgement | null> {
  const found = await findOver(opened, entry, earlier);
  if (!found) return refuse('badOver', entry._id);
  for (const id of found.unknown) {
    if (!(await tray.knows(opened.schoolCode, id))) return { outcome: 'later', code: 'unknownOver' };
  }
  return null;
}

/** The replaced ids that nobody here has seen; null where one that is here never wrote that cell. */
export async function findOver(
  opened: OpenStream,
  entry: Entry,
  earlier: Pick<Earlier, 'pendingCells' | 'wasRefused'>,
): Promise<{ readonly unknown: ReadonlySet<EntryId> } | null> {
  const unknown = new Set<EntryId>();
  for (const cell of entry.cells) {
    for (const id of cell.over) {
      const pending = earlier.pendingCells(id);
      if (pending) {
        if (!pending.has(cell.key)) return null;
      } else if (opened.index.find(id)) {
        const fold = await opened.folds.foldOf(periodOfId(id));
        const writes = fold.findCell(cell.key)?.writes;
        if (!writes?.some((write) => write.entry.id === id)) return null;
      } else if (parseEntryId(id)?.scope !== opened.stream.scope) {
        return null;
      } else if (!earlier.wasRefused(id)) {
        unknown.add(id);
      }
    }
  }
  return { unknown };
}

export async function replacesPresentHeads(opened: OpenStream, entry: Entry): Promise<boolean> {
  const fold = await opened.folds.foldOf(periodOfId(entry._id));
  return entry.cells.every((cell) => {
    const heads = fold.headsOf(cell.key).map((write) => write.entry.id);
    return heads.length === cell.over.length && heads.every((id) => cell.over.includes(id));
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
