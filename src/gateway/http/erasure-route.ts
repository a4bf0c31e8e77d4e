import * as z from 'zod/mini';
import { parseSchoolDatabase, parseStreamKey, type Stream } from '../../ledger/stream.ts';
import { MAX_WHY_LENGTH } from '../exchange/check-erasure.ts';
import { eraseStoredEntry } from '../exchange/erase.ts';
import { subjectOf } from '../identity/account.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { SignedIn } from './request-context.ts';

const MAX_BODY_BYTES = 8192;

const erasureShape = z.strictObject({
  stream: z.string().check(z.maxLength(160)),
  id: z.string().check(z.maxLength(200)),
  why: z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_WHY_LENGTH)),
});

/** `POST /api/erasure` */
export async function answerErasure(
  parts: GatewayParts,
  request: Request,
  { account, session }: SignedIn,
): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, erasureShape);
  if (!parsed.ok) return parsed.answer;
  const { id, why } = parsed.data;
  const stream = parseStreamKey(parsed.data.stream);
  if (!stream) return refusal(403, 'denied');
  const result = await eraseStoredEntry(parts, subjectOf(account), stream, id, why);
  if (result.ok) {
    parts.log.info('erased', { person: account.personId, stream: parsed.data.stream, entry: id });
    await parts.audit.record({
      kind: 'erased',
      by: account.personId,
      device: session.device,
      session: session.id,
      ...schoolOf(stream),
      target: id,
    });
    return jsonAnswer({ id, erasedAt: result.erasedAt });
  }
  if (result.code === 'denied') return refusal(403, 'denied');
  return refusal(result.code === 'unknownEntry' ? 404 : 409, result.code);
}

function schoolOf({ db }: Stream): { school?: string } {
  const school = parseSchoolDatabase(db)?.schoolCode;
  return school === undefined ? {} : { school };
}
