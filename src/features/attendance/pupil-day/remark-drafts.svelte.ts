import { SvelteMap } from 'svelte/reactivity';
import type { Device, RecordAttendance } from '#device/device.ts';
import type { Draft, DraftResult } from '#device/drafts.ts';
import {
  draftValue,
  parseRemarkDraft,
  remarkKey,
  type RemarkDraft,
  type RemarkPlace,
} from '#features/attendance/pupil-day/remark-draft.ts';
import type { EntryId } from '#ledger/entry-id.ts';

export type DraftFailure = Extract<DraftResult, { ok: false }>['code'];

/** A remark as this screen has it. */
export interface HeldRemark extends RemarkDraft {
  /** When it was last changed, where it was found on the device; null for what was begun just now. */
  readonly foundFrom: number | null;
  readonly phase: 'keeping' | 'kept' | DraftFailure;
}

export type DraftStore = Pick<Device, 'state' | 'drafts'>;

/** One person's remarks that are typed and not yet entered, kept on the device while they are. */
export class RemarkDrafts {
  #store: DraftStore;
  #personId: string;
  #held = new SvelteMap<string, HeldRemark>();

  constructor(store: DraftStore, personId: string) {
    this.#store = store;
    this.#personId = personId;
  }

  /** Some are on the screen only: the device is full, or has not answered yet. */
  readonly hasUnkept: boolean = $derived([...this.#held.values()].some((remark) => remark.phase !== 'kept'));

  /** Whether the device is open for this person; a screen that goes with the lock must leave drafts alone. */
  get isOpen(): boolean {
    const { state } = this.#store;
    return state.phase === 'open' && state.person.id === this.#personId;
  }

  find(place: RemarkPlace): HeldRemark | undefined {
    return this.#held.get(remarkKey(place));
  }

  /** Takes up what the person left here before a lock, a reload or a crash. */
  async restore(place: RemarkPlace): Promise<void> {
    const key = remarkKey(place);
    const held = this.#held.get(key);
    if (held) {
      if (held.phase !== 'kept') await this.#keep(held);
      return;
    }
    if (!this.isOpen) return;
    const found = await this.#store.drafts.find(key);
    if (found) this.#takeUp(found);
  }

  /** Takes up all of them, for entering before the person goes. */
  async restoreAll(): Promise<readonly HeldRemark[]> {
    if (this.isOpen) for (const draft of await this.#store.drafts.list()) this.#takeUp(draft);
    return [...this.#held.values()];
  }

  /** The field's new text. `recorded` is what the record says: typed back to it, nothing is left to keep. */
  async type(place: RemarkPlace, text: string, painted: readonly EntryId[], recorded: string): Promise<void> {
    const { homeroomId, studentId, date } = place;
    const before = this.find(place);
    if (text === recorded) return this.drop(place);
    await this.#keep({
      homeroomId,
      studentId,
      date,
      text,
      painted: before?.painted ?? painted,
      foundFrom: before?.foundFrom ?? null,
      phase: 'keeping',
    });
  }

  async drop(place: RemarkPlace): Promise<void> {
    const key = remarkKey(place);
    if (this.#held.delete(key) && this.isOpen) await this.#store.drafts.drop(key);
  }

  /** After an entry is durable: what it says needs no draft any more. */
  entered({ homeroomId, date, cells }: RecordAttendance): void {
    if (this.#held.size === 0) return;
    for (const { studentId, note = '' } of cells) {
      const place = { homeroomId, studentId, date };
      if (this.find(place)?.text === note) void this.drop(place);
    }
  }

  /** For the lock: what is on the device need not stay in memory. */
  forget(): void {
    for (const [key, { phase }] of this.#held) if (phase === 'kept') this.#held.delete(key);
  }

  #takeUp(found: Draft): void {
    const draft = parseRemarkDraft(found);
    // What was typed meanwhile is newer.
    if (!draft || this.#held.has(found.key)) return;
    this.#held.set(found.key, { ...draft, foundFrom: found.at, phase: 'kept' });
  }

  async #keep(remark: HeldRemark): Promise<void> {
    const key = remarkKey(remark);
    this.#held.set(key, { ...remark, phase: 'keeping' });
    const phase = await this.#save(key, remark);
    const now = this.#held.get(key);
    // Of a text that was changed meanwhile the later save tells.
    if (now?.phase === 'keeping' && now.text === remark.text) this.#held.set(key, { ...now, phase });
  }

  async #save(key: string, remark: RemarkDraft): Promise<'kept' | DraftFailure> {
    if (!this.isOpen) return 'locked';
    try {
      const result = await this.#store.drafts.save(key, draftValue(remark));
      return result.ok ? 'kept' : result.code;
    } catch (error) {
      // A bug below must not take the text with it.
      globalThis.reportError?.(error);
      return 'storageTrouble';
    }
  }
}
