import * as z from 'zod/mini';
import { PERSON_HEADER } from '../../sync/protocol.ts';
import { reachesPerson } from '../../access/audit-access.ts';
import { auditKinds } from '../audit/audit.ts';
import { reachOf, viewAudit } from '../audit/audit-view.ts';
import { eventOfNote, reportShape } from '../audit/device-report.ts';
import { subjectOf } from '../identity/account.ts';
import { needsStepUp } from '../identity/step-up.ts';
import { listSchoolPlaces } from '../people/school-places.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { readShapedBody } from './read-shaped-body.ts';
import type { SignedInRoute, SignedInRoutes } from './route-table.ts';

const MAX_BODY_BYTES = 131_072;
const MAX_PAGE = 200;
/** Most entries of one export. */
const MAX_EXPORT = 10_000;
const MAX_FOUND_PEOPLE = 20;

const instant = z.int().check(z.minimum(0), z.maximum(8_640_000_000_000_000));
const filters = {
  from: z.optional(instant),
  until: z.optional(instant),
  kind: z.optional(z.enum(auditKinds)),
  person: z.optional(z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/))),
  school: z.optional(z.string().check(z.regex(/^[A-Z0-9]{1,40}$/))),
};
const pageShape = z.strictObject({
  ...filters,
  after: z.optional(z.int().check(z.minimum(1))),
  limit: z._default(z.int().check(z.minimum(1), z.maximum(MAX_PAGE)), 50),
});
const exportShape = z.strictObject(filters);
const searchShape = z.strictObject({ search: z.string().check(z.trim(), z.minLength(1), z.maxLength(100)) });

const NUMBERS: ReadonlySet<string> = new Set(['from', 'until', 'after', 'limit']);

/** `GET /api/audit?from=&until=&kind=&person=&school=&after=&limit=`: newest first; `after` is the last page's `next`. */
const readAudit: SignedInRoute = async (parts, request, { account, session }) => {
  const reach = reachOf(parts, account);
  if (!reach) return refusal(403, 'denied');
  const query = pageShape.safeParse(readQuery(request));
  if (!query.success) return refusal(400, 'badRequest');
  const { after, ...asked } = query.data;
  await parts.repeatedEvents.record({
    kind: 'auditRead',
    by: account.personId,
    device: session.device,
    session: session.id,
  });
  return jsonAnswer(await viewAudit(parts, reach, definedOf({ ...asked, before: after })));
};

/** `POST /api/audit/export`: all that a page's filters find, up to 10,000, for a file. Needs a fresh proof. */
const exportAudit: SignedInRoute = async (parts, request, { account, session }) => {
  const reach = reachOf(parts, account);
  if (!reach) return refusal(403, 'denied');
  const asked = await readShapedBody(request, MAX_BODY_BYTES, exportShape);
  if (!asked.ok) return asked.answer;
  if (needsStepUp(session, parts.now())) return refusal(403, 'stepUpRequired');
  const view = await viewAudit(parts, reach, definedOf({ ...asked.data, limit: MAX_EXPORT }));
  await parts.audit.record({
    kind: 'exported',
    by: account.personId,
    device: session.device,
    session: session.id,
    target: 'audit',
    count: view.entries.length,
  });
  return jsonAnswer(view);
};

/** `GET /api/audit/scope`: how far the reader sees, for the filters. */
const readScope: SignedInRoute = async (parts, _request, { account }) => {
  const reach = reachOf(parts, account);
  if (!reach) return refusal(403, 'denied');
  const schools = (await listSchoolPlaces(parts, (code) => reach.everything || reach.schools.has(code))).map(
    ({ code, name }) => ({ code, name }),
  );
  return jsonAnswer({ everything: reach.everything, schools });
};

/** `GET /api/audit/people?search=`: people the reader may look for, by login or a part of the name. */
const findPeople: SignedInRoute = async (parts, request, { account }) => {
  const reach = reachOf(parts, account);
  if (!reach) return refusal(403, 'denied');
  const query = searchShape.safeParse(readQuery(request));
  if (!query.success) return refusal(400, 'badRequest');
  const word = normalise(query.data.search);
  const people = (await parts.accounts.listAccounts())
    .filter((each) => reachesPerson(reach, subjectOf(each)))
    .filter(({ login, name }) => login.includes(word) || normalise(name).includes(word))
    .slice(0, MAX_FOUND_PEOPLE)
    .map(({ personId, login, name }) => ({ id: personId, login, name }));
  return jsonAnswer({ people });
};

/** `POST /api/audit/report`: what the sender's device printed, exported or read in bulk, offline too. */
const reportNotes: SignedInRoute = async (parts, request, { account, session }) => {
  // On a shared tablet the cookie may be another person's than the vault that tells.
  const person = request.headers.get(PERSON_HEADER);
  if (person !== null && person !== account.personId) return refusal(401, 'signedOut');
  const parsed = await readShapedBody(request, MAX_BODY_BYTES, reportShape);
  if (!parsed.ok) return parsed.answer;
  const by = account.personId;
  const teller = { by, device: session.device, session: session.id, now: parts.now() };
  const events = parsed.data.notes.map((note) => eventOfNote(note, teller)).filter((event) => event !== null);
  if (events.length < parsed.data.notes.length) return refusal(400, 'badRequest');
  // A right that has ended since does not keep what was done under it from being told.
  const knows = (school: string): boolean => account.grants.some((grant) => grant.schoolCode === school);
  if (!events.every(({ school }) => knows(school))) return refusal(403, 'denied');
  await Promise.all(events.map((event) => parts.audit.record(event)));
  return jsonAnswer({ recorded: events.length });
};

export const auditRoutes: SignedInRoutes = {
  'GET /api/audit': readAudit,
  'POST /api/audit/export': exportAudit,
  'GET /api/audit/scope': readScope,
  'GET /api/audit/people': findPeople,
  'POST /api/audit/report': reportNotes,
};

function readQuery(request: Request): Record<string, unknown> {
  return Object.fromEntries(
    [...new URL(request.url).searchParams]
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [name, NUMBERS.has(name) && /^\d{1,16}$/.test(value) ? Number(value) : value]),
  );
}

/** Without the fields that hold nothing. */
function definedOf<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s/gu, '');
}
