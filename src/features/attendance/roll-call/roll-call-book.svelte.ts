import { SvelteMap } from 'svelte/reactivity';
import { createContext } from 'svelte';
import type { CommandResult, Device, RecordAttendance } from '#device/device.ts';
import type { RollCallView } from '#device/views.ts';
import type { CalendarDate } from '#domain/calendar/calendar-date.ts';
import { RemarkDrafts } from '#features/attendance/pupil-day/remark-drafts.svelte.ts';
import { enterRemark } from '#features/attendance/roll-call/enter-remark.ts';
import { RollCall } from '#features/attendance/roll-call/roll-call.svelte.ts';

/** How long a sign-out waits for the day that a draft is about. */
const VIEW_MS = 3_000;

/**
 * Every day that was opened since the device was unlocked, so that a mark that could not be saved is still there
 * when the person has looked at another day.
 */
export class RollCallBook {
  readonly personId: string;
  readonly remarks: RemarkDrafts;
  #device: Device;
  #days = new SvelteMap<string, RollCall>();
  /** The day in sight: its own screen speaks of what is not saved. */
  inSight = $state.raw<RollCall | null>(null);
  /** A remark is typed and not yet entered. */
  isWriting = $state(false);

  constructor(device: Device, personId: string) {
    this.#device = device;
    this.personId = personId;
    this.remarks = new RemarkDrafts(device, personId);
  }

  /** The unsaved days; those on their way for a moment are not meant. */
  readonly failed: readonly RollCall[] = $derived(
    [...this.#days.values()].filter((rollCall) => rollCall.failedCount > 0),
  );

  /** Whether something waits for the person; a new version of the app is not taken up over it. */
  readonly hasUnsaved: boolean = $derived(this.isWriting || this.failed.length > 0);

  /** Whether a reload would lose something. */
  get wouldLose(): boolean {
    return this.failed.length > 0 || this.remarks.hasUnkept;
  }

  find(homeroomId: string, date: CalendarDate): RollCall | undefined {
    return this.#days.get(keyOf(homeroomId, date));
  }

  /** Not for use inside a derived value: it may add a day. */
  open(homeroomId: string, date: CalendarDate): RollCall {
    const known = this.find(homeroomId, date);
    if (known) return known;
    const rollCall = new RollCall(homeroomId, date, (command) => this.#record(command));
    this.#days.set(keyOf(homeroomId, date), rollCall);
    return rollCall;
  }

  /** Saves what is on its way, everywhere. */
  async flush(): Promise<void> {
    await Promise.all([...this.#days.values()].map((rollCall) => rollCall.flush()));
  }

  /** For a sign-out: every remark of this person that can be entered is, opened in this session or not. */
  async enterRemarks(): Promise<void> {
    for (const remark of await this.remarks.restoreAll()) {
      const { homeroomId, date } = remark;
      const view = await this.#viewOf(homeroomId, date);
      if (view) this.open(homeroomId, date).receive(view);
      enterRemark(this, remark);
    }
    await this.flush();
  }

  async #record(command: RecordAttendance): Promise<CommandResult> {
    const result = await this.#device.recordAttendance(command);
    if (result.ok) this.remarks.entered(command);
    return result;
  }

  #viewOf(homeroomId: string, date: CalendarDate): Promise<RollCallView | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(null), VIEW_MS);
      const stop = this.#device.watch({ type: 'rollCall', homeroomId, date }, (view) => finish(view));
      function finish(view: RollCallView | null) {
        clearTimeout(timer);
        // A device may answer before it has returned how to stop.
        queueMicrotask(() => stop());
        resolve(view);
      }
    });
  }

  /** For the lock: keeps marks that could not be saved, by id, and nothing that names a pupil. */
  forgetNames(): void {
    this.remarks.forget();
    for (const [key, rollCall] of this.#days) {
      if (rollCall.failedCount === 0) this.#days.delete(key);
      else rollCall.forgetView();
    }
  }
}

const books = new WeakMap<Device, Map<string, RollCallBook>>();

/** A person's book; it outlives a lock, so that a full disk and a coffee break together lose no mark. */
export function rollCallBookOf(device: Device, personId: string): RollCallBook {
  const ofDevice = books.get(device) ?? new Map<string, RollCallBook>();
  books.set(device, ofDevice);
  const book = ofDevice.get(personId) ?? new RollCallBook(device, personId);
  ofDevice.set(personId, book);
  return book;
}

export const [getRollCallBook, setRollCallBook] = createContext<RollCallBook>();

function keyOf(homeroomId: string, date: CalendarDate): string {
  return `${homeroomId} ${date}`;
}
