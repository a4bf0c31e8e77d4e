import * as z from 'zod/mini';
import { canKeepTray } from '../../access/tray-access.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { describeTrayRow } from '../exchange/describe-tray-row.ts';
import { takeFromTray } from '../exchange/take-from-tray.ts';
import type { TrayRow } from '../exchange/tray.ts';
import type { AuditKind } from '../audit/audit.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { subjectOf } from '../identity/account.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { SignedIn } from './request-context.ts';
import type { SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 8192;
const MAX_WHY_LENGTH = 400;
const DAY_MS = 86_400_000;
/** How long the screen goes on showing what was decided. */
const SHOWN_AFTER_MS = 14 * DAY_MS;
/** Before that, what a row waits for is most likely on its way. */
const HELD_SHOWN_MS = DAY_MS;
/** Rows of one answer: each is drawn with all its cells. */
const MAX_SHOWN = 100;

const schoolCode = z.string().check(z.regex(/^[A-Z0-9]{1,40}$/));
const takeShape = z.strictObject({ school: schoolCode, id: z.string().check(z.maxLength(200)) });
const rejectShape = z.extend(takeShape, {
  why: z.string().check(z.trim(), z.minLength(1), z.maxLength(MAX_WHY_LENGTH)),
});

/** A school's tray, for its office. */
export const trayRoutes: SignedInRoutes = {
  'GET /api/tray': listTray,
  'POST /api/tray/take': takeRow,
  'POST /api/tray/reject': rejectRow,
};

async function listTray(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const school = schoolCode.safeParse(new URL(request.url).searchParams.get('school'));
  if (!school.success) return refusal(400, 'badRequest');
  if (!mayKeep(parts, signedIn, school.data)) return refusal(403, 'denied');
  const now = parts.now();
  const rows = (await parts.tray.list(school.data, now - SHOWN_AFTER_MS)).filter(
    ({ state, at }) => state !== 'held' || now - at >= HELD_SHOWN_MS,
  );
  const open = rows.filter(({ decision }) => decision === null);
  const decided = rows.filter(({ decision }) => decision !== null).reverse();
  const describe = (shown: readonly TrayRow[]) =>
    Promise.all(shown.slice(0, MAX_SHOWN).map((row) => describeTrayRow(parts, row)));
  return jsonAnswer({
    open: await describe(open),
    openCount: open.length,
    decided: await describe(decided),
  });
}

async function takeRow(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const asked = await readAsked(parts, request, signedIn, takeShape);
  if (asked instanceof Response) return asked;
  const { row, school } = asked;
  const author = await parts.accounts.findByPerson(row.entry?.by ?? '');
  const taker = { subject: subjectOf(signedIn.account), device: signedIn.session.device };
  const past = author ? subjectOf(author) : { personId: row.entry?.by ?? '', grants: [] };
  const result = await takeFromTray(parts, taker, past, school, row);
  if (!result.ok) return refusal(409, result.code);
  await audit(parts, signedIn, 'trayTaken', school, row);
  return jsonAnswer({ ok: true });
}

async function rejectRow(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const asked = await readAsked(parts, request, signedIn, rejectShape);
  if (asked instanceof Response) return asked;
  const { row, school, why } = asked;
  const decision = { by: signedIn.account.personId, at: parts.now(), why: why ?? '' };
  if (!(await parts.tray.settle(school, row.id, 'rejected', decision))) return refusal(409, 'notOpen');
  await audit(parts, signedIn, 'trayRejected', school, row);
  return jsonAnswer({ ok: true });
}

/** The row in question; the answer where there is none for this person. */
async function readAsked(
  parts: GatewayParts,
  request: Request,
  signedIn: SignedIn,
  shape: z.ZodMiniType<{ school: string; id: string; why?: string }>,
): Promise<{ school: string; row: TrayRow; why?: string } | Response> {
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, shape);
  if (!parsed.ok) return parsed.answer;
  const { school, id, why } = parsed.data;
  if (!mayKeep(parts, signedIn, school)) return refusal(403, 'denied');
  const row = await parts.tray.find(school, id);
  if (!row?.entry) return refusal(404, 'unknownRow');
  return { school, row, ...(why === undefined ? {} : { why }) };
}

function mayKeep(parts: GatewayParts, { account }: SignedIn, school: string): boolean {
  return canKeepTray(subjectOf(account), school, calendarDateAt(parts.now())).allowed;
}

async function audit(
  parts: GatewayParts,
  { account, session }: SignedIn,
  kind: AuditKind,
  school: string,
  row: TrayRow,
): Promise<void> {
  const { code, id: target } = row;
  const { device } = session;
  await parts.audit.record({ kind, by: account.personId, session: session.id, device, school, target, code });
}
