import * as z from 'zod/mini';
import { explainAccess, type Explanation } from '../../access/explain-access.ts';
import { canListPeople, canManagePeopleAt, canSeePerson } from '../../access/people-access.ts';
import { roles } from '../../access/subject.ts';
import { calendarDateAt, parseCalendarDate, type CalendarDate } from '../../domain/calendar/calendar-date.ts';
import { subjectOf, type Account } from '../identity/account.ts';
import { describePerson, summarisePerson } from '../people/describe-person.ts';
import { listSchoolPlaces } from '../people/school-places.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { peopleChangeRoutes } from './people-change-routes.ts';
import type { SignedInRoute, SignedInRoutes } from './route-table.ts';
import type { SignedIn } from './request-context.ts';
import { peopleYearEndRoutes } from './people-year-end-routes.ts';

const PAGE_SIZE = 50;
const MAX_SEARCH_LENGTH = 100;

const queryShape = z.object({
  search: z._default(z.string().check(z.maxLength(MAX_SEARCH_LENGTH)), ''),
  school: z.optional(z.string().check(z.maxLength(40))),
  role: z.optional(z.enum(roles)),
  valid: z.optional(z.enum(['now', 'none'])),
  page: z._default(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(10_000)), 0),
});
type PeopleQuery = z.infer<typeof queryShape>;

/** `GET /api/people?search=&school=&role=&valid=now|none&page=`: those in the administrator's sight, 50 a page. */
const listPeople: SignedInRoute = async (parts, request, { account }) => {
  const administrator = subjectOf(account);
  const today = calendarDateAt(parts.now());
  if (!canListPeople(administrator, today).allowed) return refusal(403, 'denied');
  const query = queryShape.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (!query.success) return refusal(400, 'badRequest');
  const people = (await parts.accounts.listAccounts())
    .filter((each) => canSeePerson(administrator, subjectOf(each), today).allowed)
    .map((each) => summarisePerson(administrator, each, today))
    .filter((person) => matches(person, query.data, today));
  const start = query.data.page * PAGE_SIZE;
  return jsonAnswer({
    total: people.length,
    pageSize: PAGE_SIZE,
    people: people.slice(start, start + PAGE_SIZE),
  });
};

function matches(
  person: ReturnType<typeof summarisePerson>,
  { search, school, role, valid }: PeopleQuery,
  today: CalendarDate,
): boolean {
  const words = normalise(search).split(/\s+/u);
  const text = normalise(`${person.name} ${person.name.replaceAll(/\s/gu, '')} ${person.login}`);
  if (!words.every((word) => text.includes(word))) return false;
  const holds = (grant: (typeof person.grants)[number]): boolean =>
    grant.from <= today && today < grant.until;
  const asked = person.grants.filter(
    (grant) =>
      (school === undefined || grant.schoolCode === school) && (role === undefined || grant.role === role),
  );
  if (valid === 'now') return asked.some(holds);
  if (valid === 'none') return (asked.length > 0 || (!school && !role)) && !asked.some(holds);
  return asked.length > 0 || (school === undefined && role === undefined);
}

function normalise(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}

/** `GET /api/people/person?person=`: one of them, and what the asker may do with the account. */
const readPerson: SignedInRoute = async (parts, request, { account }) => {
  const found = await findVisible(parts, request, account);
  if (!found) return refusal(403, 'denied');
  const { administrator, target, today } = found;
  return jsonAnswer({ person: describePerson(administrator, target, today) });
};

/** `GET /api/people/places`: the schools in the administrator's reach and their homerooms, for the forms. */
const listPlaces: SignedInRoute = async (parts, _request, { account }) => {
  const administrator = subjectOf(account);
  const today = calendarDateAt(parts.now());
  if (!canListPeople(administrator, today).allowed) return refusal(403, 'denied');
  const isAsked = (code: string): boolean => canManagePeopleAt(administrator, code, today).allowed;
  return jsonAnswer({
    schools: await listSchoolPlaces(parts, isAsked),
    atBoard: canManagePeopleAt(administrator, null, today).allowed,
  });
};

/** `GET /api/people/access?person=&on=`: what a person may see on a day, and by which grant. */
const explainPerson: SignedInRoute = async (parts, request, { account }) => {
  const found = await findVisible(parts, request, account);
  if (!found) return refusal(403, 'denied');
  const { administrator, target, today } = found;
  const on = readDay(request, today);
  if (!on) return refusal(400, 'badDate');
  const isInSight = ({ because }: Explanation): boolean =>
    canManagePeopleAt(administrator, because.schoolCode, today).allowed;
  return explanationAnswer(parts, explainAccess(subjectOf(target), on).filter(isInSight), on);
};

/** `GET /api/me/access`: the same for oneself. */
const explainMyself: SignedInRoute = async (parts, request, { account }: SignedIn) => {
  const on = readDay(request, calendarDateAt(parts.now()));
  if (!on) return refusal(400, 'badDate');
  return explanationAnswer(parts, explainAccess(subjectOf(account), on), on);
};

async function explanationAnswer(
  parts: GatewayParts,
  explanations: readonly Explanation[],
  on: CalendarDate,
): Promise<Response> {
  const codes = new Set(explanations.flatMap(({ schoolCode, because }) => schoolCode ?? because.schoolCode));
  const places = await listSchoolPlaces(parts, (code) => codes.has(code));
  const schools = places.map(({ code, name, years }) => ({
    code,
    name,
    homerooms: years.flatMap((year) => year.homerooms.map(({ id, title }) => ({ id, title }))),
  }));
  return jsonAnswer({ on, explanations, schools });
}

function readDay(request: Request, today: CalendarDate): CalendarDate | null {
  const asked = new URL(request.url).searchParams.get('on');
  return asked === null ? today : parseCalendarDate(asked);
}

/** Somebody out of sight and somebody who does not exist are the same: null. */
async function findVisible(parts: GatewayParts, request: Request, account: Account) {
  const administrator = subjectOf(account);
  const today = calendarDateAt(parts.now());
  const personId = new URL(request.url).searchParams.get('person') ?? '';
  const target = await parts.accounts.findByPerson(personId);
  if (!target || !canSeePerson(administrator, subjectOf(target), today).allowed) return null;
  return { administrator, target, today };
}

export const peopleRoutes: SignedInRoutes = {
  'GET /api/people': listPeople,
  'GET /api/people/person': readPerson,
  'GET /api/people/places': listPlaces,
  'GET /api/people/access': explainPerson,
  'GET /api/me/access': explainMyself,
  ...peopleChangeRoutes,
  ...peopleYearEndRoutes,
};
