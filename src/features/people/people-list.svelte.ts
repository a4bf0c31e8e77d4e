import { peopleApi, type PeopleFilter, type PersonSummary } from '#features/people/people-api.ts';
import { troubleOf, type PeopleTrouble } from '#features/people/messages.ts';

const NO_FILTER: PeopleFilter = { search: '', school: '', role: '', valid: 'now', page: 0 };

/** The list of people as it is searched: of several questions under way only the last one's answer is taken. */
export class PeopleList {
  filter = $state.raw<PeopleFilter>(NO_FILTER);
  busy = $state(false);
  trouble = $state.raw<PeopleTrouble | null>(null);
  answer = $state.raw<{ total: number; pageSize: number; people: readonly PersonSummary[] } | null>(null);
  readonly pageCount = $derived(
    this.answer ? Math.max(1, Math.ceil(this.answer.total / this.answer.pageSize)) : 1,
  );
  #lastQuestion = 0;

  /** Any change but one of page begins at the first page. */
  async narrow(change: Partial<PeopleFilter>): Promise<void> {
    this.filter = { ...this.filter, page: 0, ...change };
    await this.load();
  }

  async load(): Promise<void> {
    const question = ++this.#lastQuestion;
    this.busy = true;
    const result = await peopleApi.list(this.filter);
    if (question !== this.#lastQuestion) return;
    this.busy = false;
    this.trouble = result.ok ? null : troubleOf(result);
    if (result.ok) this.answer = result.value;
  }
}
