import type { CalendarDate } from '#domain/calendar/calendar-date.ts';

/** One school's day in counts, as the board's gateway gives it: no name and no pupil. */
export interface SchoolCounts {
  readonly code: string;
  readonly name: string;
  readonly homerooms: number;
  /** Homerooms that have taken the roll. */
  readonly taken: number;
  readonly enrolled: number;
  readonly present: number;
  readonly absent: number;
  readonly suspended: number;
  readonly otherExcluded: number;
  readonly late: number;
  readonly earlyDeparture: number;
  readonly unmarked: number;
}

export interface BoardToday {
  readonly date: string;
  readonly schools: readonly SchoolCounts[];
  readonly total: Omit<SchoolCounts, 'code' | 'name'>;
}

export type BoardTrouble = 'offline' | 'signedOut' | 'denied' | 'serverTrouble';

const countNames = [
  'homerooms',
  'taken',
  'enrolled',
  'present',
  'absent',
  'suspended',
  'otherExcluded',
  'late',
  'earlyDeparture',
  'unmarked',
] as const;

/** Null where the answer is not what the gateway gives: a captive portal answers with status 200 too. */
export function parseBoardToday(answer: unknown): BoardToday | null {
  if (!isRecord(answer) || typeof answer.date !== 'string' || !Array.isArray(answer.schools)) return null;
  if (!isRecord(answer.total) || !hasCounts(answer.total)) return null;
  const whole = answer.schools.every(
    (school) =>
      isRecord(school) &&
      typeof school.code === 'string' &&
      typeof school.name === 'string' &&
      hasCounts(school),
  );
  return whole ? (answer as unknown as BoardToday) : null;
}

/** The board's figures of one day: fetched, kept with the time of the last answer, never stored. */
export class BoardDay {
  #fetch: typeof fetch;
  #now: () => number;
  #lastQuestion = 0;
  busy = $state(false);
  trouble = $state.raw<BoardTrouble | null>(null);
  /** The last answer and when it came. */
  answer = $state.raw<{ readonly today: BoardToday; readonly at: number } | null>(null);

  constructor(fetcher: typeof fetch, now: () => number = Date.now) {
    this.#fetch = fetcher;
    this.#now = now;
  }

  /** Asks for a day; of several questions under way only the last one's answer is taken. */
  async load(date: CalendarDate): Promise<void> {
    const question = ++this.#lastQuestion;
    this.busy = true;
    const outcome = await this.#ask(date);
    if (question !== this.#lastQuestion) return;
    this.busy = false;
    this.trouble = typeof outcome === 'string' ? outcome : null;
    if (typeof outcome !== 'string') this.answer = { today: outcome, at: this.#now() };
  }

  async #ask(date: CalendarDate): Promise<BoardToday | BoardTrouble> {
    try {
      const response = await this.#fetch(`/api/board/today?date=${date}`, {
        headers: { accept: 'application/json' },
      });
      if (!response.ok) return troubleOf(response.status);
      return parseBoardToday(await response.json()) ?? 'serverTrouble';
    } catch (error) {
      // fetch rejects with a TypeError where nobody answers; a page instead of JSON is a server's trouble.
      return error instanceof TypeError ? 'offline' : 'serverTrouble';
    }
  }
}

function troubleOf(status: number): BoardTrouble {
  if (status === 401) return 'signedOut';
  return status === 403 ? 'denied' : 'serverTrouble';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function hasCounts(value: Record<string, unknown>): boolean {
  return countNames.every((name) => Number.isSafeInteger(value[name]));
}
