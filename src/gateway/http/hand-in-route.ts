import { isValidOn } from '../../access/register-access.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { handInShape, MAX_HAND_IN_BYTES, readWireRow, type SealedRow } from '../../sync/hand-in.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { takeSealedRows, type Presenter } from '../hand-in/take-sealed-rows.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { findLostAnswer } from './device-guard.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { SignedIn } from './request-context.ts';

/** `POST /api/handin`: sealed rows of other people of the same device, by whoever signed in, or by a lost device. */
export async function answerHandIn(
  parts: GatewayParts,
  request: Request,
  signedIn: SignedIn | null,
): Promise<Response> {
  const parsed = await readShapedBody(request, MAX_HAND_IN_BYTES, handInShape);
  if (!parsed.ok) return parsed.answer;
  const { device, ticket, rows: wire } = parsed.data;
  const presenter = await findPresenter(parts, signedIn, device, ticket);
  if (presenter instanceof Response) return presenter;
  const rows: SealedRow[] = [];
  for (const row of wire) {
    const read = readWireRow(row);
    if (!read) return refusal(400, 'badRequest');
    rows.push(read);
  }
  const verdicts = await takeSealedRows(parts, presenter, rows);
  const kept = verdicts.filter(
    (each) => each.verdict === 'accepted' || (each.verdict === 'refused' && each.code === 'inTray'),
  );
  const by = signedIn && ticket === undefined ? signedIn.account.personId : null;
  await parts.audit.record({ kind: 'handedIn', by, device, target: device, count: kept.length });
  parts.log.info('handedIn', { device, rows: rows.length, kept: kept.length });
  return jsonAnswer({ verdicts });
}

async function findPresenter(
  parts: GatewayParts,
  signedIn: SignedIn | null,
  device: string,
  ticket: string | undefined,
): Promise<Presenter | Response> {
  if (ticket !== undefined) {
    const lost = await parts.devices.findByTicket(device, ticket);
    return lost ? { id: device, personId: null, device } : refusal(403, 'denied');
  }
  if (!signedIn) return refusal(401, 'signedOut');
  const lost = await findLostAnswer(parts, signedIn.session.device);
  if (lost) return lost;
  const today = calendarDateAt(parts.now());
  if (!signedIn.account.grants.some((grant) => isValidOn(grant, today))) return refusal(403, 'denied');
  const { personId } = signedIn.account;
  return { id: personId, personId, device: signedIn.session.device };
}
