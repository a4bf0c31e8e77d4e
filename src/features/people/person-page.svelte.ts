import { isValidOn, type Grant } from '#access/subject.ts';
import type { ApiResult } from '#device/online-api.ts';
import type { CalendarDate } from '#domain/calendar/calendar-date.ts';
import { troubleOf, type PeopleTrouble } from '#features/people/messages.ts';
import { peopleApi, type PersonDetails } from '#features/people/people-api.ts';

/** A password to hand over; it is here only as long as it is shown. */
export interface Slip {
  readonly name: string;
  readonly login: string;
  readonly password: string;
}

/** One person's page: what is shown, and the changes that an administrator makes. */
export class PersonPage {
  readonly personId: string;
  person = $state.raw<PersonDetails | null>(null);
  trouble = $state.raw<PeopleTrouble | null>(null);
  busy = $state(false);
  slip = $state.raw<Slip | null>(null);

  constructor(personId: string) {
    this.personId = personId;
  }

  async load(): Promise<void> {
    const result = await this.#do(() => peopleApi.person(this.personId));
    if (result) this.person = result.person;
  }

  /** The present and coming roles with one more, or with another end; gives whether it was done. */
  async addGrant(grant: Grant, today: CalendarDate): Promise<boolean> {
    return this.#setGrants([...this.#inHand(today), grant]);
  }

  async endGrant(grant: Grant, today: CalendarDate): Promise<boolean> {
    return this.#setGrants(this.#inHand(today).filter((each) => each !== grant));
  }

  async setLocked(locked: boolean): Promise<boolean> {
    const result = await this.#do(() => peopleApi.setLocked(this.personId, locked));
    if (result && this.person) this.person = { ...this.person, locked };
    return result !== null;
  }

  async giveNewPassword(): Promise<void> {
    this.slip = await this.#do(() => peopleApi.newPassword(this.personId));
    if (this.slip && this.person) this.person = { ...this.person, hasPassword: true };
  }

  async resetFactors(): Promise<boolean> {
    return (await this.#do(() => peopleApi.resetFactors(this.personId))) !== null;
  }

  #inHand(today: CalendarDate): readonly Grant[] {
    return (this.person?.grants ?? []).filter((grant) => isValidOn(grant, today) || grant.from > today);
  }

  async #setGrants(grants: readonly Grant[]): Promise<boolean> {
    const result = await this.#do(() => peopleApi.setGrants(this.personId, grants));
    if (result) this.person = result.person;
    return result !== null;
  }

  async #do<T>(ask: () => Promise<ApiResult<T>>): Promise<T | null> {
    this.busy = true;
    try {
      const result = await ask();
      this.trouble = result.ok ? null : troubleOf(result);
      return result.ok ? result.value : null;
    } finally {
      this.busy = false;
    }
  }
}
