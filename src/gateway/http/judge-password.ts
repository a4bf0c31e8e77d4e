import type { GatewayParts } from '../gateway-parts.ts';
import type { Account } from '../identity/account.ts';
import { HasherBusy } from '../identity/argon2-thread.ts';
import { signIn } from '../identity/sign-in.ts';
import { refusal } from './answers.ts';
import { busyAnswer, lockedOutAnswer } from './locked-out-answer.ts';

export type JudgedPassword =
  | { readonly ok: true; readonly account: Account }
  | { readonly ok: false; readonly code: 'badCredentials' | 'lockedOut' | 'busy'; readonly answer: Response };

/** Judges login and password, and has the answer ready where they are refused. */
export async function judgePassword(
  parts: GatewayParts,
  asked: { login: string; password: string; address: string },
): Promise<JudgedPassword> {
  const result = await signIn(parts, asked).catch((error: unknown) => {
    if (error instanceof HasherBusy) return null;
    throw error;
  });
  if (!result) return { ok: false, code: 'busy', answer: busyAnswer() };
  if (result.ok) return result;
  const { code } = result;
  return code === 'lockedOut'
    ? { ok: false, code, answer: lockedOutAnswer(result.retryAfterSeconds) }
    : { ok: false, code, answer: refusal(401, code) };
}
