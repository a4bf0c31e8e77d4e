import { isValidOn, type Grant } from '#access/subject.ts';
import { addDays, type CalendarDate } from '#domain/calendar/calendar-date.ts';
import { gradeLevelName, peopleMessages as m } from '#features/people/messages.ts';
import { roleName } from '#features/session/messages.ts';
import { formatDate } from '#ui/i18n/format-date.ts';
import { locale } from '#ui/i18n/locale.svelte.ts';

/** Names of schools and homerooms, as far as an answer brought them. */
export interface PlaceNames {
  readonly schools: ReadonlyMap<string, string>;
  readonly homerooms: ReadonlyMap<string, string>;
}

/** 担任 3年2組 · homeroom teacher 3-2 */
export function grantTitle(grant: Grant, { homerooms }: PlaceNames): string {
  const { role, homeroomId, gradeLevel } = grant;
  const place = homeroomId
    ? (homerooms.get(homeroomId) ?? homeroomId)
    : gradeLevel
      ? gradeLevelName(gradeLevel)
      : '';
  return place === '' ? roleName(role) : `${roleName(role)} ${place}`;
}

export function schoolTitle(grant: Pick<Grant, 'schoolCode'>, { schools }: PlaceNames): string {
  const { schoolCode } = grant;
  return schoolCode === null ? '' : (schools.get(schoolCode) ?? schoolCode);
}

/** From the first to the last day. */
export function spanText({ from, until }: Pick<Grant, 'from' | 'until'>): string {
  const show = (date: CalendarDate): string => formatDate(date, locale.current, 'long');
  return m.span(show(from), show(addDays(until, -1)));
}

export type GrantState = 'ended' | 'coming' | 'holds';

export function grantState(grant: Grant, today: CalendarDate): GrantState {
  if (isValidOn(grant, today)) return 'holds';
  return grant.until <= today ? 'ended' : 'coming';
}

/** Names out of the places that the gateway gave. */
export function placeNamesOf(
  schools: readonly {
    readonly code: string;
    readonly name: string;
    readonly homerooms: readonly { readonly id: string; readonly title: string }[];
  }[],
): PlaceNames {
  return {
    schools: new Map(schools.map(({ code, name }) => [code, name])),
    homerooms: new Map(schools.flatMap(({ homerooms }) => homerooms.map(({ id, title }) => [id, title]))),
  };
}
