import { isValidOn, type Grant } from '#access/subject.ts';
import { schoolYearOf, schoolYearStart, type CalendarDate } from '#domain/calendar/calendar-date.ts';
import { troubleOf, type PeopleTrouble } from '#features/people/messages.ts';
import { peopleApi, type YearEnd } from '#features/people/people-api.ts';

/** Whether a role goes on by itself: a homeroom is another one next year. */
export function goesOnUnchanged(grant: Grant): boolean {
  return grant.homeroomId === undefined && grant.classId === undefined && grant.inPlaceOf === undefined;
}

/** This year's roles as next year's; null where something must be chosen first. */
export function sameNextYear(
  grants: readonly Grant[],
  today: CalendarDate,
  yearStart: CalendarDate,
): readonly Grant[] | null {
  const held = grants.filter((grant) => isValidOn(grant, today));
  if (held.length === 0 || !held.every(goesOnUnchanged)) return null;
  const until = schoolYearStart(schoolYearOf(yearStart) + 1);
  return held.map((grant) => ({ ...grant, from: yearStart, until }));
}

/** The next school year as it is being prepared. */
export class YearEndPlan {
  school = $state('');
  answer = $state.raw<YearEnd | null>(null);
  trouble = $state.raw<PeopleTrouble | null>(null);
  busy = $state(false);
  #lastQuestion = 0;

  async load(): Promise<void> {
    const question = ++this.#lastQuestion;
    const result = await peopleApi.yearEnd(this.school);
    if (question !== this.#lastQuestion) return;
    this.trouble = result.ok ? null : troubleOf(result);
    if (result.ok) this.answer = result.value;
  }

  /** Gives how many could not be saved; null where nothing was. */
  async save(people: readonly { person: string; grants: readonly Grant[] }[]): Promise<number | null> {
    this.busy = true;
    const result = await peopleApi.prepareYear(people);
    this.busy = false;
    this.trouble = result.ok ? null : troubleOf(result);
    if (!result.ok) return null;
    await this.load();
    return result.value.results.filter(({ code }) => code !== 'done').length;
  }
}
