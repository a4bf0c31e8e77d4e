import type { Subject } from '../../access/subject.ts';
import { defaultMarks } from '../../domain/attendance/default-marks.ts';
import {
  calendarDateAt,
  monthOf,
  schoolYearOf,
  type CalendarDate,
  type CalendarMonth,
} from '../../domain/calendar/calendar-date.ts';
import type { Period } from '../../ledger/entry-id.ts';
import { parseRegisterDatabase, parseStreamKey, type StreamKey } from '../../ledger/stream.ts';
import type { PupilView, Query } from '../views.ts';
import { schoolInHand } from '../school-in-hand.ts';
import type { HeldBlocks } from './held-blocks.ts';
import type { JournalReader } from './journal-reader.ts';
import { pupilView, recordsOf } from './pupil-view.ts';
import { conflicts, findStudents, monthRegisterView, rollCall, schoolDay } from './register-queries.ts';
import { makeSource, readStanding, type RegisterSource, type Standing } from './register-source.ts';

type RegisterQuery = Exclude<Query, { type: 'sync' }>;

/** Months that nobody asked for are read only when the screen has been painted. */
const REST_DELAY_MS = 1_500;

export interface RegistersPorts {
  readonly held: HeldBlocks;
  readonly journal: JournalReader;
  subject(): Subject;
  /** The school that the person has chosen, of several. */
  chosenSchool(): string | null;
  /** The streams of this person that were once whole here. */
  wholeStreams(): readonly StreamKey[];
  /** Whether this tab is the one that exchanges: what is held in memory is held there. */
  exchangesHere(): boolean;
  /** The corrected clock. */
  now(): number;
}

/** Answers questions about the registers this device holds, reading no more than a question needs. */
export class Registers {
  readonly #ports: RegistersPorts;
  readonly #standing = new Map<StreamKey, Standing>();
  #restTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(ports: RegistersPorts) {
    this.#ports = ports;
  }

  forgetStanding(stream: StreamKey): void {
    this.#standing.delete(stream);
  }

  today(): CalendarDate {
    return calendarDateAt(this.#ports.now());
  }

  /** What the first screen needs, ahead of the question. */
  async warmUp(): Promise<void> {
    const today = this.today();
    await this.#sourceFor(today, [monthOf(today)]);
  }

  async standingOf(stream: StreamKey): Promise<Standing | null> {
    const register = parseRegisterDatabase(parseStreamKey(stream)?.db ?? '');
    if (!register) return null;
    const known = this.#standing.get(stream);
    if (known) return known;
    const { fold } = await this.#ports.held.load(stream, `${register.schoolYear}-00`);
    const standing = readStanding(fold, register.schoolYear);
    this.#standing.set(stream, standing);
    return standing;
  }

  async answer(query: RegisterQuery): Promise<unknown> {
    switch (query.type) {
      case 'rollCall': {
        const source = await this.#sourceFor(query.date, [monthOf(query.date)]);
        return source && rollCall(source, query.homeroomId, query.date);
      }
      case 'monthRegister': {
        const source = await this.#sourceFor(`${query.month}-01` as CalendarDate, [query.month]);
        return source && monthRegisterView(source, query.homeroomId, query.month);
      }
      case 'schoolDay': {
        const source = await this.#sourceFor(query.date, [monthOf(query.date)]);
        return source && schoolDay(source, query.date);
      }
      case 'findStudents': {
        const source = await this.#sourceFor(query.date, []);
        return source ? findStudents(source, query.text, query.date) : [];
      }
      case 'conflicts':
        return this.#conflicts();
      case 'pupil':
        return this.#pupil(query.studentId, query.date);
    }
  }

  async #pupil(studentId: string, date: CalendarDate): Promise<PupilView | null> {
    const source = await this.#sourceFor(date, []);
    if (!source) return null;
    const { held, exchangesHere, wholeStreams } = this.#ports;
    const whole = new Set(wholeStreams());
    const standing = `${source.schoolYear}-00`;
    const records = recordsOf(source, studentId, date).filter((key) => whole.has(key));
    await Promise.all(records.map((key) => held.load(key, standing)));
    const folds = new Map(records.map((key) => [key, held.model(key, standing).fold]));
    return pupilView(source, studentId, date, { folds, otherTab: !exchangesHere() });
  }

  /** Of the months in memory; the others follow by themselves, one after another. */
  async #conflicts(): Promise<unknown> {
    const today = this.today();
    const source = await this.#sourceFor(today, [monthOf(today)]);
    const stream = this.#streamFor(today);
    if (!source || !stream) return [];
    const { held } = this.#ports;
    const models = held.periods(stream).map((period) => ({ period, model: held.model(stream, period) }));
    if (models.some(({ model }) => !model.isLoaded)) this.#loadRest(stream);
    return conflicts(
      source,
      models.flatMap(({ period, model }) => (period.endsWith('-00') ? [] : [...model.openKeys])),
    );
  }

  #loadRest(stream: StreamKey): void {
    this.#restTimer ??= setTimeout(() => {
      const { held } = this.#ports;
      const load = async (): Promise<void> => {
        for (const period of held.periods(stream).reverse()) await held.load(stream, period);
      };
      // What cannot be read now is tried again with the next question.
      void load()
        .catch(() => undefined)
        .finally(() => (this.#restTimer = null));
    }, REST_DELAY_MS);
  }

  /** The register of the school in hand in the year of a date, else the newest. */
  #streamFor(date: CalendarDate): StreamKey | null {
    const { grants } = this.#ports.subject();
    const school = schoolInHand(grants, this.today(), this.#ports.chosenSchool());
    const candidates = this.#ports.wholeStreams().flatMap((key) => {
      const register = parseRegisterDatabase(parseStreamKey(key)?.db ?? '');
      return register ? [{ key, ...register }] : [];
    });
    const own = candidates.filter(({ schoolCode }) => schoolCode === school?.toUpperCase());
    const ofSchool = own.length > 0 ? own : candidates;
    ofSchool.sort((a, b) => b.schoolYear - a.schoolYear);
    const year = schoolYearOf(date);
    return (ofSchool.find(({ schoolYear }) => schoolYear === year) ?? ofSchool[0])?.key ?? null;
  }

  async #sourceFor(date: CalendarDate, months: readonly CalendarMonth[]): Promise<RegisterSource | null> {
    const key = this.#streamFor(date);
    const stream = key === null ? null : parseStreamKey(key);
    const register = parseRegisterDatabase(stream?.db ?? '');
    if (key === null || !stream || !register) return null;
    const { held, journal } = this.#ports;
    const [standing] = await Promise.all([
      this.standingOf(key),
      ...months.map((month) => held.load(key, month)),
    ]);
    if (!standing) return null;
    const ofStream = journal.rows().filter((row) => row.stream === key);
    return makeSource({
      stream,
      schoolYear: register.schoolYear,
      standing,
      marks: defaultMarks,
      subject: this.#ports.subject(),
      today: this.today(),
      refused: ofStream
        .filter((row) => row.state === 'refused')
        .map((row) => ({ entry: row.entry, code: row.code ?? '' })),
      waiting: ofStream.filter((row) => row.state === 'waiting').map((row) => row.entry),
      foldOf: (period: Period) => held.model(key, period).fold,
    });
  }
}

/** Whether changed cells of a period change the answer to a query. */
export function touchesQuery(period: Period, keys: readonly string[]): (query: Query) => boolean {
  if (keys.length === 0) return () => false;
  if (period.endsWith('-00')) return (query) => query.type !== 'sync';
  const dates = new Set(keys.map((key) => key.split('/')[1]));
  return (query) => {
    switch (query.type) {
      case 'rollCall':
      case 'schoolDay':
        return dates.has(query.date);
      case 'monthRegister':
        return query.month === period;
      case 'conflicts':
        return true;
      case 'findStudents':
      case 'pupil':
      case 'sync':
        return false;
    }
  };
}
