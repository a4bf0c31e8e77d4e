import type { DenyReason } from '../../access/decision.ts';
import { FRAMES_CONTENT_TYPE } from '../../sync/frames.ts';
import {
  exchangeRequestShape,
  MAX_REQUEST_BYTES,
  PERSON_HEADER,
  PROTOCOL_VERSION,
} from '../../sync/protocol.ts';
import type { ExchangeRequest, Verdict } from '../../sync/protocol.ts';
import { exchange } from '../exchange/exchange.ts';
import { subjectOf } from '../identity/account.ts';
import { describeError } from '../log.ts';
import { wrongProtocolSentence } from '../messages.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { readHoldings } from '../permits/holdings.ts';
import { noteTakeOut } from '../permits/note-take-out.ts';
import { keepHandedOut } from '../devices/keep-report.ts';
import { refusal, streamAnswer } from './answers.ts';
import { findLostAnswer } from './device-guard.ts';
import { readJsonBody } from './read-body.ts';
import type { SignedIn } from './request-context.ts';

/** What a row is refused with because of its author's rights, and not of what it says. */
const denials: ReadonlySet<string> = new Set<'denied' | DenyReason>([
  'denied',
  'noGrant',
  'expired',
  'notThisKind',
  'notThisHomeroom',
  'notTheAuthor',
]);

/** `POST /api/exchange` */
export async function answerExchange(
  parts: GatewayParts,
  request: Request,
  signedIn: SignedIn,
): Promise<Response> {
  const { account, session } = signedIn;
  const startedAt = performance.now();
  // On a shared tablet the cookie may be another person's than the vault that is open.
  const person = request.headers.get(PERSON_HEADER);
  if (person !== null && person !== account.personId) return refusal(401, 'signedOut');
  const body = await readJsonBody(request, MAX_REQUEST_BYTES);
  if (!body.ok) return body.answer;
  const protocol = (body.value as { protocol?: unknown } | null)?.protocol;
  if (typeof protocol === 'number' && protocol !== PROTOCOL_VERSION) {
    return refusal(426, 'wrongProtocol', { protocol: PROTOCOL_VERSION, sentence: wrongProtocolSentence });
  }
  const parsed = exchangeRequestShape.safeParse(body.value);
  if (!parsed.success) return refusal(400, 'badRequest');
  const asked = parsed.data as ExchangeRequest;
  const lost = await findLostAnswer(parts, asked.device);
  if (lost) return lost;

  const author = { subject: subjectOf(account), device: asked.device };
  const protection = asked.protection ?? 'password';
  const holdings = await readHoldings(parts, request, signedIn, protection);
  const { head, held, frames } = await exchange(parts, author, asked, holdings);
  await noteTakeOut(parts.permits, holdings, session.device, held, Object.keys(asked.streams));
  await keepHandedOut(parts, signedIn, head, protection === 'managedDisk' ? 'password' : protection);
  const count = (verdict: Verdict['verdict']) =>
    head.verdicts.filter((each) => each.verdict === verdict).length;
  parts.log.info('exchange', {
    person: account.personId,
    device: asked.device,
    accepted: count('accepted'),
    refused: count('refused'),
    later: count('later'),
    lost: head.lost.length,
    ms: Math.round(performance.now() - startedAt),
  });
  const denied = head.verdicts.filter((each) => each.verdict === 'refused' && denials.has(each.code)).length;
  if (denied > 0) {
    const { id, device } = session;
    const by = account.personId;
    await parts.repeatedEvents.record({
      kind: 'denied',
      by,
      device,
      session: id,
      code: 'push',
      count: denied,
    });
  }
  return streamAnswer(frames(), FRAMES_CONTENT_TYPE, (error) =>
    parts.log.error('exchangeCut', { person: account.personId, ...describeError(error) }),
  );
}
