import * as z from 'zod/mini';
import type { EntryId } from '../ledger/entry-id.ts';
import type { StreamKey } from '../ledger/stream.ts';
import type { Bytes } from '../vault/crypto-port.ts';
import type { SchoolWrap } from '../vault/sealing.ts';

/** Most rows of one request, and the most bytes of its body. */
export const MAX_HANDED_IN = 50;
export const MAX_HAND_IN_BYTES = 4_194_304;
/** The longest row there can be, sealed and in base64. */
const MAX_SEALED_LENGTH = 131_072;

/** A row that its author's vault or the school can open, and whoever brings it cannot. */
export interface SealedRow {
  readonly id: EntryId;
  readonly stream: StreamKey;
  readonly sealed: Bytes;
  readonly wrap: SchoolWrap;
}

/** All that whoever hands in is told of a row. `later`: it is to be brought again. */
export type HandInVerdict =
  | { readonly id: EntryId; readonly verdict: 'accepted' }
  | { readonly id: EntryId; readonly verdict: 'refused' | 'later'; readonly code: string };

const base64 = (longest: number) => z.string().check(z.regex(/^[A-Za-z0-9+/]+={0,2}$/), z.maxLength(longest));

const rowShape = z.strictObject({
  id: z.string().check(z.maxLength(200)),
  stream: z.string().check(z.maxLength(160)),
  sealed: base64(MAX_SEALED_LENGTH),
  wrap: z.strictObject({
    schoolCode: z.string().check(z.regex(/^[A-Z0-9]{1,40}$/)),
    keyId: z.string().check(z.regex(/^[0-9a-f]{16}$/)),
    ephemeral: base64(200),
    wrapped: base64(200),
  }),
});

export const handInShape = z.strictObject({
  device: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
  /** A lost device's, which has no session. */
  ticket: z.optional(z.string().check(z.regex(/^[0-9a-f]{64}$/))),
  rows: z.array(rowShape).check(z.minLength(1), z.maxLength(MAX_HANDED_IN)),
});
export type WireRow = z.infer<typeof rowShape>;

export function writeWireRow({ id, stream, sealed, wrap }: SealedRow): WireRow {
  const { schoolCode, keyId, ephemeral, wrapped } = wrap;
  return {
    id,
    stream,
    sealed: toBase64(sealed),
    wrap: { schoolCode, keyId, ephemeral: toBase64(ephemeral), wrapped: toBase64(wrapped) },
  };
}

/** Null where the text is no base64 after all. */
export function readWireRow({ id, stream, sealed, wrap }: WireRow): SealedRow | null {
  try {
    const { schoolCode, keyId, ephemeral, wrapped } = wrap;
    return {
      id,
      stream,
      sealed: fromBase64(sealed),
      wrap: { schoolCode, keyId, ephemeral: fromBase64(ephemeral), wrapped: fromBase64(wrapped) },
    };
  } catch {
    return null;
  }
}

const verdictsShape = z.object({
  verdicts: z.array(
    z.union([
      z.object({ id: z.string(), verdict: z.literal('accepted') }),
      z.object({ id: z.string(), verdict: z.enum(['refused', 'later']), code: z.string() }),
    ]),
  ),
});

/** The gateway's answer; null for what is none. */
export function parseHandInVerdicts(answer: unknown): readonly HandInVerdict[] | null {
  const parsed = verdictsShape.safeParse(answer);
  return parsed.success ? parsed.data.verdicts : null;
}

const CHUNK = 8192;

function toBase64(bytes: Bytes): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}

function fromBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
