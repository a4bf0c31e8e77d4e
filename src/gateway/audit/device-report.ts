import * as z from 'zod/mini';
import { parseSchoolDatabase, parseStreamKey, type StreamKey } from '../../ledger/stream.ts';
import type { AuditEvent } from './audit.ts';

/** Most notes in one report. */
export const MAX_REPORT_NOTES = 200;
/** A note that is older than this was not kept by an honest clock. */
const OLDEST_MS = 400 * 86_400_000;

/** What a device may say that was done with it. */
export const reportedKinds = ['printed', 'exported', 'readInBulk'] as const;

const noteShape = z.strictObject({
  kind: z.enum(reportedKinds),
  stream: z.string().check(z.maxLength(160)),
  /** The homeroom and the month, or whatever else it was: ids, no words. */
  what: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,159}$/)),
  count: z.int().check(z.minimum(0), z.maximum(1_000_000)),
  happenedAt: z.int().check(z.minimum(0)),
});

export const reportShape = z.strictObject({
  notes: z.array(noteShape).check(z.minLength(1), z.maxLength(MAX_REPORT_NOTES)),
});

/** The event that a note stands for; null where it names no school's stream. */
export function eventOfNote(
  { kind, stream, what, count, happenedAt }: z.output<typeof noteShape>,
  { by, device, session, now }: { by: string; device: string; session: string; now: number },
): (AuditEvent & { readonly school: string }) | null {
  const parsed = parseStreamKey(stream as StreamKey);
  const school = parsed && parseSchoolDatabase(parsed.db)?.schoolCode;
  if (!school) return null;
  const at = Math.min(Math.max(happenedAt, now - OLDEST_MS), now);
  return { kind, by, device, session, school, target: stream, code: what, count, happenedAt: at };
}
