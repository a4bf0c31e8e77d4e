import { SvelteMap } from 'svelte/reactivity';
import { createContext } from 'svelte';
import type { Device } from '#device/device.ts';
import type { CalendarDate } from '#domain/calendar/calendar-date.ts';
import { RollCall } from '#features/attendance/roll-call/roll-call.svelte.ts';

/**
 * Every day that was opened since the device was unlocked, so that a mark that could not be saved is still there
 * when the person has looked at another day.
 */
export class RollCallBook {
  #device: Device;
  #days = new SvelteMap<string, RollCall>();
  /** The day in sight: its own screen speaks of what is not saved. */
  inSight = $state.raw<RollCall | null>(null);
  /** A remark is typed and not yet saved. */
  isWriting = $state(false);

  constructor(device: Device) {
    this.#device = device;
  }

  /** The unsaved days; those on their way for a moment are not meant. */
  readonly failed: readonly RollCall[] = $derived(
    [...this.#days.values()].filter((rollCall) => rollCall.failedCount > 0),
  );

  /** Whether a reload would lose something. */
  readonly hasUnsaved: boolean = $derived(this.isWriting || this.failed.length > 0);

  find(homeroomId: string, date: CalendarDate): RollCall | undefined {
    return this.#days.get(keyOf(homeroomId, date));
  }

  /** Not for use inside a derived value: it may add a day. */
  open(homeroomId: string, date: CalendarDate): RollCall {
    const known = this.find(homeroomId, date);
    if (known) return known;
    const device = this.#device;
    const rollCall = new RollCall(homeroomId, date, (command) => device.recordAttendance(command));
    this.#days.set(keyOf(homeroomId, date), rollCall);
    return rollCall;
  }

  /** Saves what is on its way, everywhere. */
  async flush(): Promise<void> {
    await Promise.all([...this.#days.values()].map((rollCall) => rollCall.flush()));
  }

  /** For the lock: keeps marks that could not be saved, by id, and nothing that names a pupil. */
  forgetNames(): void {
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
  const book = ofDevice.get(personId) ?? new RollCallBook(device);
  ofDevice.set(personId, book);
  return book;
}

export const [getRollCallBook, setRollCallBook] = createContext<RollCallBook>();

function keyOf(homeroomId: string, date: CalendarDate): string {
  return `${homeroomId} ${date}`;
}
