import { randomUUID } from 'node:crypto';
import * as z from 'zod/mini';
import {
  canChangeAccount,
  canCreatePerson,
  canListPeople,
  type AccountAction,
} from '../../access/people-access.ts';
import type { Grant } from '../../access/subject.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import { subjectOf, type Account } from '../identity/account.ts';
import { generatePassword } from '../identity/password.ts';
import { resetFactors } from '../identity/reset-factors.ts';
import { needsStepUp } from '../identity/step-up.ts';
import { describePerson } from '../people/describe-person.ts';
import { grantInput } from '../people/parse-grant.ts';
import {
  changeGrants,
  findWrongGrant,
  setPersonLocked,
  type GrantsResult,
} from '../people/people-changes.ts';
import { keepStaffInStep } from '../people/staff-entry.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readJsonBody } from './read-body.ts';
import type { SignedIn } from './request-context.ts';
import type { SignedInRoute, SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 65_536;

const personId = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/));
export const grantsInput = z.array(grantInput).check(z.maxLength(60));
const namePart = z.string().check(z.trim(), z.minLength(1), z.maxLength(40));

const newPersonShape = z.strictObject({
  login: z.string().check(z.maxLength(200)),
  familyName: namePart,
  givenName: namePart,
  grants: grantsInput,
});
const personShape = z.strictObject({ person: personId });
const personGrantsShape = z.strictObject({ person: personId, grants: grantsInput });

/** A checked body and a confirmed person, or the answer to give at once. */
export type Checked<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly answer: Response };

/** Whoever looks after nobody is told so before the body is read; who does, proves anew who they are. */
export async function checkChange<T>(
  parts: GatewayParts,
  request: Request,
  { session, account }: SignedIn,
  shape: z.ZodMiniType<T>,
): Promise<Checked<T>> {
  const failed = (answer: Response): Checked<T> => ({ ok: false, answer });
  const today = calendarDateAt(parts.now());
  if (!canListPeople(subjectOf(account), today).allowed) return failed(refusal(403, 'denied'));
  const body = await readJsonBody(request, MAX_BODY_BYTES);
  if (!body.ok) return failed(body.answer);
  const parsed = shape.safeParse(body.value);
  if (!parsed.success) {
    return failed(refusal(400, 'badRequest', { field: String(parsed.error.issues[0]?.path[0] ?? '') }));
  }
  if (needsStepUp(session, parts.now())) return failed(refusal(403, 'stepUpRequired'));
  return { ok: true, value: parsed.data };
}

/** Says of a change that was refused why, as far as the asker may know. */
export function refuseGrants(result: Extract<GrantsResult, { ok: false }>): Response {
  switch (result.code) {
    case 'denied':
      return refusal(403, 'denied', result.because === 'noGrant' ? {} : { because: result.because });
    case 'badGrant':
      return refusal(400, 'badGrant', { at: result.at, field: result.field });
    default:
      return refusal(409, result.code);
  }
}

export async function auditGrants(
  parts: GatewayParts,
  { session, account }: SignedIn,
  target: string,
  changed: readonly Grant[],
): Promise<void> {
  const schools = new Set(changed.map(({ schoolCode }) => schoolCode));
  for (const school of schools) {
    await parts.audit.record({
      kind: 'grantsChanged',
      by: account.personId,
      session: session.id,
      ...(school === null ? {} : { school }),
      target,
      count: changed.filter(({ schoolCode }) => schoolCode === school).length,
    });
  }
}

/** `POST /api/people`: a new account; its first password is in this answer and nowhere else. */
const createPerson: SignedInRoute = async (parts, request, signedIn) => {
  const checked = await checkChange(parts, request, signedIn, newPersonShape);
  if (!checked.ok) return checked.answer;
  const { login, familyName, givenName } = checked.value;
  const grants = checked.value.grants as unknown as Grant[];
  const { session, account } = signedIn;
  const administrator = subjectOf(account);
  const today = calendarDateAt(parts.now());
  const id = randomUUID();
  const decision = canCreatePerson(administrator, id, grants, today);
  if (!decision.allowed) return refusal(403, 'denied', { because: decision.because });
  const wrong = await findWrongGrant(parts, id, grants, grants);
  if (wrong) return refusal(400, 'badGrant', wrong);
  const password = generatePassword();
  const name = `${familyName} ${givenName}`;
  const created = await parts.accounts.createAccount({
    personId: id,
    login,
    name,
    grants,
    password,
    passwordChangeDue: true,
  });
  if (!created.ok) return refusal(created.code === 'badLogin' ? 400 : 409, created.code);
  await parts.audit.record({ kind: 'accountCreated', by: account.personId, session: session.id, target: id });
  await auditGrants(parts, signedIn, id, grants);
  await keepStaffInStep(
    parts,
    id,
    grants.flatMap(({ schoolCode }) => schoolCode ?? []),
  );
  return jsonAnswer({ person: describePerson(administrator, created.account, today), password }, 201);
};

/** `POST /api/people/grants`: the grants of a person that have not ended, as far as the asker sees them. */
const replaceGrants: SignedInRoute = async (parts, request, signedIn) => {
  const checked = await checkChange(parts, request, signedIn, personGrantsShape);
  if (!checked.ok) return checked.answer;
  const { person } = checked.value;
  const wanted = checked.value.grants as unknown as Grant[];
  const administrator = subjectOf(signedIn.account);
  const result = await changeGrants(parts, administrator, person, () => wanted);
  if (!result.ok) return refuseGrants(result);
  await auditGrants(parts, signedIn, person, result.changed);
  const today = calendarDateAt(parts.now());
  return jsonAnswer({ person: describePerson(administrator, result.account, today) });
};

async function findTarget(
  parts: GatewayParts,
  { account }: SignedIn,
  person: string,
  action: AccountAction,
): Promise<Checked<Account>> {
  const target = await parts.accounts.findByPerson(person);
  const today = calendarDateAt(parts.now());
  const decision = target && canChangeAccount(subjectOf(account), subjectOf(target), action, today);
  if (target && decision?.allowed) return { ok: true, value: target };
  const because = decision && decision.because !== 'noGrant' ? { because: decision.because } : {};
  return { ok: false, answer: refusal(403, 'denied', because) };
}

const setLocked =
  (locked: boolean): SignedInRoute =>
  async (parts, request, signedIn) => {
    const checked = await checkChange(parts, request, signedIn, personShape);
    if (!checked.ok) return checked.answer;
    const { person } = checked.value;
    const target = await findTarget(parts, signedIn, person, 'lock');
    if (!target.ok) return target.answer;
    const result = await setPersonLocked(parts, person, locked);
    if (!result.ok) return refusal(409, result.code);
    const { session, account } = signedIn;
    const kind = locked ? 'accountLocked' : 'accountUnlocked';
    await parts.audit.record({ kind, by: account.personId, session: session.id, target: person });
    return jsonAnswer({ locked });
  };

/** `POST /api/people/password`: a new one, in this answer and nowhere else; every session of the person ends. */
const giveNewPassword: SignedInRoute = async (parts, request, signedIn) => {
  const checked = await checkChange(parts, request, signedIn, personShape);
  if (!checked.ok) return checked.answer;
  const target = await findTarget(parts, signedIn, checked.value.person, 'password');
  if (!target.ok) return target.answer;
  const { personId: person, login, name } = target.value;
  const password = generatePassword();
  const result = await parts.accounts.setPassword(person, password, true);
  if (!result.ok) return refusal(409, result.code);
  await parts.sessions.endAllOf(person);
  const { session, account } = signedIn;
  await parts.audit.record({
    kind: 'passwordChanged',
    by: account.personId,
    session: session.id,
    target: person,
    code: 'givenAnew',
  });
  return jsonAnswer({ login, name, password });
};

/** `POST /api/people/factors/reset`: for who has lost them; the person sets new ones up at the next sign-in. */
const takeFactors: SignedInRoute = async (parts, request, signedIn) => {
  const checked = await checkChange(parts, request, signedIn, personShape);
  if (!checked.ok) return checked.answer;
  const target = await findTarget(parts, signedIn, checked.value.person, 'factors');
  if (!target.ok) return target.answer;
  await resetFactors(parts, checked.value.person, signedIn.account.personId);
  return jsonAnswer({ ok: true });
};

export const peopleChangeRoutes: SignedInRoutes = {
  'POST /api/people': createPerson,
  'POST /api/people/grants': replaceGrants,
  'POST /api/people/lock': setLocked(true),
  'POST /api/people/unlock': setLocked(false),
  'POST /api/people/password': giveNewPassword,
  'POST /api/people/factors/reset': takeFactors,
};
