import * as z from 'zod/mini';
import {
  canDecidePermit,
  canRequestPermit,
  canSeePermits,
  canSetBlanketPermission,
} from '../../access/permit-access.ts';
import { checkPermitRequest, permitRequestShape } from '../../access/permit-request.ts';
import { MAX_REASON_LENGTH } from '../../access/permit.ts';
import { canReadStream } from '../../access/register-access.ts';
import { isValidOn } from '../../access/subject.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { parseStreamKey } from '../../ledger/stream.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { subjectOf } from '../identity/account.ts';
import { needsStepUp } from '../identity/step-up.ts';
import { classesOf, describePermit, schoolNames } from '../permits/describe-permits.ts';
import { readHoldings } from '../permits/holdings.ts';
import type { PermitResult } from '../permits/permits.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { SignedIn } from './request-context.ts';
import type { SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 32_768;

const permitId = z.string().check(z.regex(/^[0-9a-f]{16}$/));
const namedShape = z.strictObject({ id: permitId });
const decisionShape = z.strictObject({
  id: permitId,
  granted: z.boolean(),
  note: z.string().check(z.trim(), z.maxLength(MAX_REASON_LENGTH)),
});
const blanketShape = z.strictObject({
  schoolCode: z.string().check(z.regex(/^[A-Z0-9]{1,40}$/)),
  allowed: z.boolean(),
});

/** 外部持ち出し許可: asked for, decided, returned. */
export const permitRoutes: SignedInRoutes = {
  'GET /api/permits': listOwn,
  'GET /api/permits/school': listOfSchools,
  'POST /api/permits/request': requestPermit,
  'POST /api/permits/decide': decidePermit,
  'POST /api/permits/return': returnPermit,
  'POST /api/permits/revoke': revokePermit,
  'POST /api/permits/blanket': setBlanket,
  'GET /api/holdings': readOwnHoldings,
};

/** The person's own permits, and what they can ask for. */
async function listOwn(parts: GatewayParts, _request: Request, signedIn: SignedIn): Promise<Response> {
  const { account, session } = signedIn;
  const [subject, today] = [subjectOf(account), calendarDateAt(parts.now())];
  const own = await parts.permits.ofPerson(account.personId);
  const names = await schoolNames(parts);
  const valid = account.grants.filter((grant) => isValidOn(grant, today));
  const schools = [];
  for (const code of new Set(valid.flatMap((grant) => grant.schoolCode ?? []))) {
    const classes = (await classesOf(parts, code)).filter(({ stream: key }) => {
      const stream = parseStreamKey(key);
      return stream !== null && canReadStream(subject, stream, today).allowed;
    });
    if (classes.length > 0) schools.push({ code, name: names.get(code) ?? code, classes });
  }
  const devices = (await parts.devices.list()).filter(
    (device) => Object.hasOwn(device.persons, account.personId) && device.state === 'active',
  );
  return jsonAnswer({
    permits: await describeAll(parts, own),
    schools,
    devices: devices.map(({ id, label, platform, ownership }) => ({
      ...{ id, label, platform, ownership },
      isHere: id === session.device,
    })),
    maxPermitDays: (await parts.policy.current()).policy.maxPermitDays,
    today,
  });
}

/** 持ち出し管理簿 of the schools that are this person's to look after. */
async function listOfSchools(
  parts: GatewayParts,
  _request: Request,
  { account }: SignedIn,
): Promise<Response> {
  const [subject, today] = [subjectOf(account), calendarDateAt(parts.now())];
  const { policy } = await parts.policy.current();
  const schools = [];
  for (const [code, name] of await schoolNames(parts)) {
    if (!canSeePermits(subject, code, today).allowed) continue;
    const permits = [];
    for (const permit of await parts.permits.ofSchool(code)) {
      const holder = await parts.accounts.findByPerson(permit.personId);
      const decision = holder && canDecidePermit(subject, permit, subjectOf(holder), today);
      const described = await describePermit(parts, permit);
      permits.push({ ...described, mayDecide: decision?.allowed ?? false });
    }
    const blanket = await parts.blankets.find(code);
    schools.push({
      code,
      name,
      blanket: { allowed: blanket?.allowed ?? policy.blanketPermission, bySchool: blanket !== null },
      permits: newestFirst(permits),
    });
  }
  return schools.length === 0 ? refusal(403, 'denied') : jsonAnswer({ schools, today });
}

function newestFirst<T extends object>(permits: readonly T[]): T[] {
  const at = (permit: T) => Number((permit as { requestedAt?: number }).requestedAt ?? 0);
  return [...permits].sort((a, b) => at(b) - at(a));
}

async function describeAll(
  parts: GatewayParts,
  permits: readonly Parameters<typeof describePermit>[1][],
): Promise<object[]> {
  return newestFirst(await Promise.all(permits.map((permit) => describePermit(parts, permit))));
}

async function requestPermit(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const body = await readShapedBody(request, MAX_BODY_BYTES, permitRequestShape);
  if (!body.ok) return body.answer;
  const { account, session } = signedIn;
  const today = calendarDateAt(parts.now());
  const { policy } = await parts.policy.current();
  const checked = checkPermitRequest(body.data, today, policy.maxPermitDays);
  if (!checked.ok) return refusal(400, 'invalid', { problems: checked.problems });
  const { schoolCode, streams: keys, device, ...rest } = checked.request;
  const streams = keys.map(parseStreamKey);
  const known = streams.filter((stream) => stream !== null);
  const may = canRequestPermit(subjectOf(account), schoolCode, known, today);
  if (!may.allowed || known.length < streams.length) return refusal(403, 'denied');
  for (const stream of known) if (!(await parts.streams.exists(stream))) return refusal(403, 'denied');
  const used = device === session.device || (await hasUsed(parts, device, account.personId));
  if (!used) return refusal(400, 'unknownDevice');
  const permit = await parts.permits.request({
    ...rest,
    personId: account.personId,
    schoolCode,
    streams: [...keys],
    device,
  });
  return jsonAnswer(await describePermit(parts, permit));
}

async function hasUsed(parts: GatewayParts, device: string, personId: string): Promise<boolean> {
  const known = await parts.devices.find(device);
  return known !== null && known.state === 'active' && Object.hasOwn(known.persons, personId);
}

/** The permit that is named, where this person may decide of it; to anybody else it is not there. */
async function findDecidable(
  parts: GatewayParts,
  { account }: SignedIn,
  id: string,
): Promise<{ ok: true } | { ok: false; answer: Response }> {
  const permit = await parts.permits.find(id);
  const holder = permit && (await parts.accounts.findByPerson(permit.personId));
  const [subject, today] = [subjectOf(account), calendarDateAt(parts.now())];
  const may = permit && holder && canDecidePermit(subject, permit, subjectOf(holder), today);
  if (may?.allowed) return { ok: true };
  await parts.repeatedEvents.record({
    kind: 'denied',
    by: account.personId,
    target: id,
    code: 'decidePermit',
  });
  return { ok: false, answer: refusal(403, 'denied') };
}

async function decidePermit(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const body = await readShapedBody(request, MAX_BODY_BYTES, decisionShape);
  if (!body.ok) return body.answer;
  const { id, granted, note } = body.data;
  const found = await findDecidable(parts, signedIn, id);
  if (!found.ok) return found.answer;
  if (needsStepUp(signedIn.session, parts.now())) return refusal(403, 'stepUpRequired');
  return answer(parts, await parts.permits.decide(id, signedIn.account.personId, granted, note));
}

async function revokePermit(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const body = await readShapedBody(request, MAX_BODY_BYTES, namedShape);
  if (!body.ok) return body.answer;
  const found = await findDecidable(parts, signedIn, body.data.id);
  if (!found.ok) return found.answer;
  if (needsStepUp(signedIn.session, parts.now())) return refusal(403, 'stepUpRequired');
  return answer(parts, await parts.permits.revoke(body.data.id, signedIn.account.personId));
}

async function returnPermit(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const body = await readShapedBody(request, MAX_BODY_BYTES, namedShape);
  if (!body.ok) return body.answer;
  const { personId } = signedIn.account;
  const permit = await parts.permits.find(body.data.id);
  if (permit?.personId !== personId) return refusal(403, 'denied');
  return answer(parts, await parts.permits.returnByPerson(permit.id, personId));
}

async function answer(parts: GatewayParts, result: PermitResult): Promise<Response> {
  if (result.ok) return jsonAnswer(await describePermit(parts, result.permit));
  return refusal(result.code === 'unknownPermit' ? 404 : 409, result.code);
}

async function setBlanket(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const body = await readShapedBody(request, MAX_BODY_BYTES, blanketShape);
  if (!body.ok) return body.answer;
  const { schoolCode, allowed } = body.data;
  const { account, session } = signedIn;
  const today = calendarDateAt(parts.now());
  const known = (await schoolNames(parts)).has(schoolCode);
  if (!known || !canSetBlanketPermission(subjectOf(account), schoolCode, today).allowed) {
    return refusal(403, 'denied');
  }
  if (needsStepUp(session, parts.now())) return refusal(403, 'stepUpRequired');
  if (!(await parts.blankets.set(schoolCode, allowed, account.personId))) return refusal(409, 'stale');
  await parts.audit.record({
    kind: 'policyChanged',
    by: account.personId,
    session: session.id,
    school: schoolCode,
    target: 'blanketPermission',
    code: allowed ? 'allowed' : 'withdrawn',
  });
  return jsonAnswer({ schoolCode, allowed });
}

/** How this device may have each stream of its person here and now: a screen says why one is not there. */
async function readOwnHoldings(parts: GatewayParts, request: Request, signedIn: SignedIn): Promise<Response> {
  const holdings = await readHoldings(parts, request, signedIn, 'password');
  const readable = await parts.streams.readableBy(subjectOf(signedIn.account));
  const { place, ownership, secondFactor } = holdings;
  return jsonAnswer({
    place,
    ownership,
    secondFactor,
    streams: readable.map((stream) => ({
      key: `${stream.db}/${stream.scope}`,
      ...holdings.holdOf(stream),
    })),
  });
}
