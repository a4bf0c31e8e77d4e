import * as z from 'zod/mini';
import { parseCalendarDate } from '../../domain/calendar/calendar-date.ts';
import { entryShape, MAX_CELLS, MAX_KEY_LENGTH, MAX_OVER } from '../../ledger/entry.ts';
import { parseEntryId } from '../../ledger/entry-id.ts';
import { erasureHash, type ErasedEntry } from '../../ledger/erasure.ts';
import type { Stream } from '../../ledger/stream.ts';

export const MAX_WHY_LENGTH = 400;

const erasedShape = z.strictObject({
  _id: z.string(),
  _rev: z.string(),
  erased: z.literal(true),
  v: entryShape.shape.v,
  kind: entryShape.shape.kind,
  on: z.string().check(z.refine((value) => parseCalendarDate(value) !== null)),
  erasedBy: entryShape.shape.by,
  erasedAt: entryShape.shape.madeAt,
  why: z.string().check(z.minLength(1), z.maxLength(MAX_WHY_LENGTH)),
  cells: z
    .array(
      z.strictObject({
        key: z.string().check(z.maxLength(MAX_KEY_LENGTH)),
        over: z.array(z.string().check(z.maxLength(200))).check(z.maxLength(MAX_OVER)),
      }),
    )
    .check(z.maxLength(MAX_CELLS)),
  received: entryShape.shape.received,
});

/** Reads an erasure that somebody hands back; whether the gateway made it is for its seal to say. */
export function parseErasure(stream: Stream, input: unknown): ErasedEntry | null {
  const parsed = erasedShape.safeParse(input);
  if (!parsed.success) return null;
  const erased = parsed.data as unknown as ErasedEntry;
  const id = parseEntryId(erased._id);
  if (!id || id.scope !== stream.scope || id.kind !== erased.kind) return null;
  return erased._rev === `2-${erasureHash(erased._id)}` ? erased : null;
}
