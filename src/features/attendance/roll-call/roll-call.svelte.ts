import type { CommandResult, RecordAttendance } from '#device/device.ts';
import type { DayView, Delivery, RollCallRow, RollCallView } from '#device/views.ts';
import type { DayCounts } from '#domain/attendance/day-tally.ts';
import type { CalendarDate } from '#domain/calendar/calendar-date.ts';
import { tallyWithEdits } from '#features/attendance/roll-call/tally-with-edits.ts';
import type { EntryId } from '#ledger/entry-id.ts';

/** How long a tap may be taken back before it becomes an entry: long enough for a second tap, short for a person. */
const SETTLE_MS = 250;

export type SaveFailure = Extract<CommandResult, { ok: false }>['code'];

/** One pupil's mark as this screen has it, until the device's view says the same. */
interface Edit {
  readonly mark: string | null;
  readonly note: string;
  /** The heads that were painted when the person began. */
  readonly painted: readonly EntryId[];
  readonly phase: 'waiting' | 'saving' | 'saved' | 'failed';
}

/** A value to go back to. */
interface Before {
  readonly mark: string | null;
  readonly note: string;
}

/** What a tile paints: the device's view with this screen's own edits over it. */
export interface ShownDay {
  readonly state: DayView['state'];
  readonly mark: string | null;
  readonly note: string;
  readonly saving: 'settled' | 'saving' | 'failed';
  readonly delivery: Delivery | null;
}

/** What the last action can be taken back to. */
interface Undoable {
  readonly cells: readonly ({ readonly studentId: string } & Before & { readonly wrote: string | null })[];
}

/**
 * A homeroom's day while somebody marks it. Marks appear at once and are saved right after; what could not be saved
 * stays, is said to be unsaved, and goes along with the next try. Nothing here decides what a mark counts.
 */
export class RollCall {
  readonly homeroomId: string;
  readonly date: CalendarDate;
  #record: (command: RecordAttendance) => Promise<CommandResult>;
  #view = $state.raw<RollCallView | null>(null);
  #edits = $state.raw<ReadonlyMap<string, Edit>>(new Map());
  #failure = $state.raw<SaveFailure | null>(null);
  #undoable = $state.raw<Undoable | null>(null);
  /** What a tap sets: a mark code, `details` for the list of all marks, undefined until the person chose. */
  #chosenBrush = $state.raw<string | undefined>(undefined);
  #before = new Map<string, Before>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: Promise<void> | null = null;

  constructor(
    homeroomId: string,
    date: CalendarDate,
    record: (command: RecordAttendance) => Promise<CommandResult>,
  ) {
    this.homeroomId = homeroomId;
    this.date = date;
    this.#record = record;
  }

  get view(): RollCallView | null {
    return this.#view;
  }

  get failure(): SaveFailure | null {
    return this.#failure;
  }

  get canUndo(): boolean {
    return this.#undoable !== null;
  }

  readonly rows: readonly RollCallRow[] = $derived(this.#view?.rows ?? []);

  readonly #presentCode = $derived(this.#view?.marks.find((mark) => mark.order === 0)?.code ?? null);

  readonly #absentCode = $derived(
    [...(this.#view?.marks ?? [])]
      .sort((a, b) => a.order - b.order)
      .find((mark) => mark.counts.as === 'absent')?.code ?? null,
  );

  /** Pupils with school that day whom nobody has marked, counting what is on this screen. */
  readonly unmarkedCount: number = $derived(
    this.rows.filter((row) => row.due && isUnmarked(this.shown(row))).length,
  );

  /** Counts of the day, what is on this screen among them. */
  readonly tally: DayCounts | null = $derived(this.#view && tallyWithEdits(this.#view, this.#edits));

  readonly isComplete: boolean = $derived(this.rows.length > 0 && this.unmarkedCount === 0);

  readonly unsavedCount: number = $derived(
    [...this.#edits.values()].filter((edit) => edit.phase !== 'saved').length,
  );

  readonly failedCount: number = $derived(
    [...this.#edits.values()].filter((edit) => edit.phase === 'failed').length,
  );

  /** While the roll is open a tap marks absence; once it is complete a tap opens, so that none changes by chance. */
  readonly brush: string = $derived(
    this.#chosenBrush ?? (this.isComplete ? 'details' : (this.#absentCode ?? 'details')),
  );

  chooseBrush(brush: string): void {
    this.#chosenBrush = brush;
  }

  /** Takes up the device's present view; edits that it holds by now need no longer stand over it. */
  receive(view: RollCallView): void {
    this.#view = view;
    const rows = new Map(view.rows.map((row) => [row.studentId, row]));
    const left = new Map(
      [...this.#edits].filter(([studentId, edit]) => !hasArrived(rows.get(studentId), edit)),
    );
    if (left.size !== this.#edits.size) this.#edits = left;
  }

  /** Drops what names pupils; marks that are not saved stay until the next view. */
  forgetView(): void {
    this.#view = null;
  }

  shown(row: RollCallRow): ShownDay {
    const edit = this.#edits.get(row.studentId);
    const { day } = row;
    if (edit) {
      return {
        state: edit.mark === null ? 'unmarked' : 'single',
        mark: edit.mark,
        note: edit.note,
        saving: edit.phase === 'failed' ? 'failed' : edit.phase === 'saved' ? 'settled' : 'saving',
        delivery: edit.phase === 'saved' ? 'device' : null,
      };
    }
    return {
      state: day.state,
      mark: day.shown?.mark ?? null,
      note: day.shown?.note ?? '',
      saving: 'settled',
      delivery: day.shown?.delivery ?? null,
    };
  }

  /**
   * A tap on a pupil. It sets the brush's mark where nobody said anything but presence, and takes an own mark back;
   * what somebody else decided it only opens.
   */
  tap(studentId: string): 'marked' | 'details' {
    const row = this.#row(studentId);
    const own = this.#before.get(studentId);
    // The tap that completed the roll can still be taken back.
    const brush = own && this.#chosenBrush === undefined ? this.#absentCode : this.brush;
    if (!row || !this.#view?.canWrite || brush === null || brush === 'details') return 'details';
    const shown = this.shown(row);
    if (shown.state === 'conflict' || shown.state === 'unreadable') return 'details';
    if (own && shown.mark === brush) {
      this.#write([{ studentId, ...own }]);
      this.#before.delete(studentId);
    } else if (own || shown.mark === null || shown.mark === this.#presentCode) {
      this.#before.set(studentId, own ?? { mark: shown.mark, note: shown.note });
      this.#write([{ studentId, mark: brush, note: '' }]);
    } else {
      return 'details';
    }
    this.#undoable = null;
    return 'marked';
  }

  /**
   * Sets one pupil's mark whatever stood there; `null` takes the mark back. Can be undone. `painted` is for what was
   * begun earlier: the heads that were painted then.
   */
  mark(studentId: string, mark: string | null, note = '', painted?: readonly EntryId[]): void {
    const row = this.#row(studentId);
    if (!row || !this.#view?.canWrite) return;
    const shown = this.shown(row);
    if (shown.mark === mark && shown.note === note && shown.state !== 'conflict') return;
    // A disagreement that was settled cannot be undone into one value, so it is not offered.
    this.#undoable =
      shown.state === 'conflict' || shown.state === 'unreadable'
        ? null
        : { cells: [{ studentId, mark: shown.mark, note: shown.note, wrote: mark }] };
    this.#write([{ studentId, mark, note, painted }]);
    void this.flush();
  }

  /** 全員出席: presence for those nobody has marked, and for nobody else. Returns how many. */
  markRestPresent(): number {
    const present = this.#presentCode;
    if (!present || !this.#view?.canWrite) return 0;
    const cells = this.rows
      .filter((row) => row.due && isUnmarked(this.shown(row)))
      .map(({ studentId }) => ({ studentId, mark: present, note: '' }));
    this.#undoable = {
      cells: cells.map(({ studentId }) => ({ studentId, mark: null, note: '', wrote: present })),
    };
    this.#chosenBrush = undefined;
    this.#before.clear();
    this.#write(cells);
    void this.flush();
    return cells.length;
  }

  /** Takes the last action back, by new entries; a mark that has changed since is left alone. */
  undo(): void {
    const cells = this.#undoable?.cells ?? [];
    this.#undoable = null;
    this.#write(
      cells
        .filter(({ studentId, wrote }) => {
          const row = this.#row(studentId);
          return row !== undefined && this.shown(row).mark === wrote;
        })
        .map(({ studentId, mark, note }) => ({ studentId, mark, note })),
    );
    void this.flush();
  }

  /** Gives up one pupil's unsaved mark. */
  discard(studentId: string): void {
    if (this.#edits.get(studentId)?.phase !== 'failed') return;
    this.#edits = new Map([...this.#edits].filter(([id]) => id !== studentId));
    this.#before.delete(studentId);
    if (this.failedCount === 0) this.#failure = null;
  }

  /** Saves what is not saved; resolves when nothing more is under way. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#flight ??= this.#drain().finally(() => (this.#flight = null));
    return this.#flight;
  }

  #row(studentId: string): RollCallRow | undefined {
    return this.rows.find((row) => row.studentId === studentId);
  }

  #write(cells: readonly ({ studentId: string; painted?: readonly EntryId[] | undefined } & Before)[]): void {
    const edits = new Map(this.#edits);
    for (const { studentId, mark, note, painted } of cells) {
      const began = edits.get(studentId)?.painted ?? painted ?? this.#row(studentId)?.day.painted ?? [];
      edits.set(studentId, { mark, note, painted: began, phase: 'waiting' });
    }
    this.#edits = edits;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), SETTLE_MS);
  }

  async #drain(): Promise<void> {
    for (;;) {
      this.#dropNothings();
      const batch = new Map([...this.#edits].filter(([, edit]) => edit.phase !== 'saved'));
      if (batch.size === 0) return;
      const sent = new Map([...batch].map(([id, edit]) => [id, { ...edit, phase: 'saving' as const }]));
      this.#edits = new Map([...this.#edits, ...sent]);
      const result = await this.#save(sent);
      this.#settle(sent, result);
      if (!result.ok) return;
    }
  }

  /** A tap and its taking back before anything was saved leave no entry. */
  #dropNothings(): void {
    const edits = new Map(this.#edits);
    for (const [studentId, edit] of edits) {
      const day = this.#row(studentId)?.day;
      if (!day || edit.phase === 'saved' || day.state === 'conflict' || day.state === 'unreadable') continue;
      const same = (day.shown?.mark ?? null) === edit.mark && (day.shown?.note ?? '') === edit.note;
      const unchanged = edit.painted.join() === day.painted.join();
      if (same && unchanged) edits.delete(studentId);
    }
    if (edits.size !== this.#edits.size) this.#edits = edits;
  }

  async #save(batch: ReadonlyMap<string, Edit>): Promise<CommandResult> {
    const cells = [...batch].map(([studentId, { mark, note, painted }]) => ({
      studentId,
      mark,
      ...(note === '' ? {} : { note }),
      painted,
    }));
    try {
      return await this.#record({ homeroomId: this.homeroomId, date: this.date, cells });
    } catch (error) {
      // A bug below must not take the marks with it.
      globalThis.reportError?.(error);
      return { ok: false, code: 'storageTrouble' };
    }
  }

  #settle(sent: ReadonlyMap<string, Edit>, result: CommandResult): void {
    const edits = new Map(this.#edits);
    for (const [studentId, edit] of sent) {
      const now = edits.get(studentId);
      if (!now) continue;
      const painted = result.ok ? result.entryIds : now.painted;
      if (now !== edit) edits.set(studentId, { ...now, painted });
      else edits.set(studentId, { ...edit, painted, phase: result.ok ? 'saved' : 'failed' });
    }
    this.#edits = edits;
    this.#failure = result.ok ? null : result.code;
    // The view may have come before the answer.
    if (this.#view) this.receive(this.#view);
  }
}

function isUnmarked(shown: ShownDay): boolean {
  return shown.mark === null && shown.state !== 'conflict' && shown.state !== 'unreadable';
}

/** Whether the device's view knows the saved edit already, be it open or replaced. */
function hasArrived(row: RollCallRow | undefined, edit: Edit): boolean {
  if (edit.phase !== 'saved') return false;
  if (!row) return true;
  const known = [...row.day.open, ...row.day.struck].map((write) => write.entryId);
  return edit.painted.some((entryId) => known.includes(entryId) || row.day.painted.includes(entryId));
}
