import * as z from 'zod/mini';
import type { GatewayParts } from '../gateway-parts.ts';
import { HasherBusy } from '../identity/argon2-thread.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { judgePassword } from './judge-password.ts';
import { busyAnswer } from './locked-out-answer.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { SignedIn } from './request-context.ts';

const MAX_BODY_BYTES = 8192;

const shape = z.strictObject({
  old: z.string().check(z.minLength(1), z.maxLength(1024)),
  new: z.string().check(z.minLength(1), z.maxLength(1024)),
});

/** `POST /api/password`: the person's own, which ends all other sessions. */
export async function changePassword(
  parts: GatewayParts,
  request: Request,
  { session, account, context }: SignedIn,
): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, shape);
  if (!parsed.ok) return parsed.answer;
  const { login, personId } = account;
  const judged = await judgePassword(parts, {
    login,
    password: parsed.data.old,
    address: context.address,
  });
  if (!judged.ok) {
    const { code, answer } = judged;
    await parts.audit.record({ kind: 'stepUpRefused', by: personId, session: session.id, code });
    return answer.status === 401 ? refusal(403, code) : answer;
  }
  if (parsed.data.new.normalize('NFKC') === parsed.data.old.normalize('NFKC'))
    return refusal(409, 'passwordSame');
  const changed = await parts.accounts.setPassword(personId, parsed.data.new).catch((error: unknown) => {
    if (error instanceof HasherBusy) return null;
    throw error;
  });
  if (!changed) return busyAnswer();
  if (!changed.ok) return refusal(409, changed.code);
  const count = await parts.sessions.endAllOf(personId, session.id);
  await parts.audit.record({
    kind: 'passwordChanged',
    by: personId,
    target: personId,
    session: session.id,
    count,
  });
  return jsonAnswer({ ended: count });
}
