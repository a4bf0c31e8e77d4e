import * as z from 'zod/mini';
import { canGiveGrant, canListPeople, canSeePerson, visibleGrants } from '../../access/people-access.ts';
import type { Grant, Subject } from '../../access/subject.ts';
import {
  calendarDateAt,
  schoolYearOf,
  schoolYearStart,
  type CalendarDate,
} from '../../domain/calendar/calendar-date.ts';
import { subjectOf, type Account } from '../identity/account.ts';
import { summarisePerson, type PersonSummary } from '../people/describe-person.ts';
import { changeGrants, type GrantsResult } from '../people/people-changes.ts';
import type { GatewayParts } from '../gateway-parts.ts';
import { jsonAnswer, refusal } from './answers.ts';
import { auditGrants, checkChange, grantsInput } from './people-change-routes.ts';
import type { SignedInRoute, SignedInRoutes } from './route-table.ts';

const MAX_PEOPLE = 100;

const yearEndShape = z.strictObject({
  people: z
    .array(
      z.strictObject({
        person: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
        grants: grantsInput,
      }),
    )
    .check(z.minLength(1), z.maxLength(MAX_PEOPLE)),
});

/** One person's way into the next school year. */
interface NextYearRow extends PersonSummary {
  /** What holds on 1 April or begins later in that year. */
  readonly next: readonly Grant[];
  /** Nothing in sight goes on, here or elsewhere. */
  readonly hasNothing: boolean;
}

function nextYearStart(parts: GatewayParts): CalendarDate {
  return schoolYearStart(schoolYearOf(calendarDateAt(parts.now())) + 1);
}

/** `GET /api/people/year-end?school=`: everybody in sight who has a duty now or next year, and who has nothing then. */
const previewYearEnd: SignedInRoute = async (parts, request, { account }) => {
  const administrator = subjectOf(account);
  const today = calendarDateAt(parts.now());
  if (!canListPeople(administrator, today).allowed) return refusal(403, 'denied');
  const school = new URL(request.url).searchParams.get('school');
  const from = nextYearStart(parts);
  const people: NextYearRow[] = [];
  for (const each of await parts.accounts.listAccounts()) {
    if (!canSeePerson(administrator, subjectOf(each), today).allowed) continue;
    const summary = summarisePerson(administrator, each, today);
    const grants = summary.grants.filter(
      (grant) => grant.until > today && (school === null || grant.schoolCode === school),
    );
    if (grants.length === 0) continue;
    const hasNothing = !each.grants.some((grant) => grant.until > from);
    people.push({ ...summary, grants, next: grants.filter((grant) => grant.until > from), hasNothing });
  }
  return jsonAnswer({ from, people });
};

/** `POST /api/people/year-end`: the grants of the next school year, each person by itself. */
const prepareYearEnd: SignedInRoute = async (parts, request, signedIn) => {
  const checked = await checkChange(parts, request, signedIn, yearEndShape);
  if (!checked.ok) return checked.answer;
  const administrator = subjectOf(signedIn.account);
  const from = nextYearStart(parts);
  const today = calendarDateAt(parts.now());
  const results: Record<string, unknown>[] = [];
  for (const { person, grants } of checked.value.people) {
    const next = grants as unknown as Grant[];
    const early = next.findIndex((grant) => grant.from < from);
    if (early >= 0) {
      results.push({ person, code: 'badGrant', at: early, field: 'from' });
      continue;
    }
    let before = 0;
    const result = await changeGrants(parts, administrator, person, (present) => {
      const kept = keptUntil(administrator, present, from, today);
      before = kept.length;
      return [...kept, ...next];
    });
    if (result.ok) await auditGrants(parts, signedIn, person, result.changed);
    results.push({ person, ...outcomeOf(result, before) });
  }
  const denied = results.every(({ code }) => code === 'denied');
  return denied ? refusal(403, 'denied', { results }) : jsonAnswer({ results });
};

/** This year's grants, ended with the year where the administrator may end them. */
function keptUntil(
  administrator: Subject,
  present: Account,
  from: CalendarDate,
  today: CalendarDate,
): Grant[] {
  return visibleGrants(administrator, subjectOf(present), today)
    .filter((grant) => grant.until > today && grant.from < from)
    .map((grant) =>
      grant.until > from && canGiveGrant(administrator, present.personId, grant, today).allowed
        ? { ...grant, until: from }
        : grant,
    );
}

function outcomeOf(result: GrantsResult, before: number): Record<string, unknown> {
  if (result.ok) return { code: 'done', count: result.changed.length };
  if (result.code !== 'badGrant') return { code: result.code };
  return { code: 'badGrant', at: Math.max(0, result.at - before), field: result.field };
}

export const peopleYearEndRoutes: SignedInRoutes = {
  'GET /api/people/year-end': previewYearEnd,
  'POST /api/people/year-end': prepareYearEnd,
};
