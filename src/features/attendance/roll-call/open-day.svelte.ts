import type { Device } from '#device/device.ts';
import type { CalendarDate } from '#domain/calendar/calendar-date.ts';
import { isSchoolDay, type DayKind } from '#domain/calendar/day-kind.ts';
import type { RollCallBook } from '#features/attendance/roll-call/roll-call-book.svelte.ts';
import type { RollCall } from '#features/attendance/roll-call/roll-call.svelte.ts';

/**
 * Which day of a homeroom is open: the asked one, else today, else (today being no school day) the last school day.
 * Call it while a component is set up.
 */
export class OpenDay {
  #book: RollCallBook;
  #asked: () => { homeroomId: string; date: CalendarDate | null; today: CalendarDate };
  /** Today was no school day, and this one is shown in its place. */
  #stepped = $state.raw<{ homeroomId: string; from: CalendarDate; to: CalendarDate; kind: DayKind } | null>(
    null,
  );
  #missing = $state.raw(false);

  constructor(
    device: Device,
    book: RollCallBook,
    asked: () => { homeroomId: string; date: CalendarDate | null; today: CalendarDate },
  ) {
    this.#book = book;
    this.#asked = asked;

    // Outside: the device's live query of the open day.
    $effect(() => {
      const { homeroomId, today, date: askedDate } = asked();
      const date = this.date;
      return device.watch({ type: 'rollCall', homeroomId, date }, (view) => {
        this.#missing = view === null;
        if (!view) return;
        const previous = view.previousSchoolDay;
        if (askedDate === null && date === today && previous && !isSchoolDay(view.dayKind))
          this.#stepped = { homeroomId, from: today, to: previous, kind: view.dayKind };
        else book.open(homeroomId, date).receive(view);
      });
    });
  }

  readonly date: CalendarDate = $derived.by(() => {
    const { homeroomId, date, today } = this.#asked();
    const stepped = this.#stepped;
    return date ?? (stepped?.from === today && stepped.homeroomId === homeroomId ? stepped.to : today);
  });

  /** What today is, where another day is shown in its place. */
  readonly inPlaceOfToday: DayKind | null = $derived.by(() => {
    const { date, today } = this.#asked();
    return date === null && this.date !== today ? (this.#stepped?.kind ?? null) : null;
  });

  /** The homeroom is not on this device. */
  get missing(): boolean {
    return this.#missing;
  }

  /** The open day once the device has shown it. */
  readonly rollCall: RollCall | null = $derived.by(() => {
    const found = this.#book.find(this.#asked().homeroomId, this.date);
    return found?.view ? found : null;
  });
}
