import type { GuardianContact } from '#ledger/record-kinds.ts';
import { guardianValue, MAX_CONTACTS } from '#ledger/record-kinds.ts';
import { pupilMessages as m } from '#features/pupil/messages.ts';

type TextField = 'name' | 'kana' | 'relation' | 'phone' | 'note';

export interface ContactLine {
  /** Tells the lines apart while they are moved and removed. */
  readonly id: number;
  name: string;
  kana: string;
  relation: string;
  phone: string;
  note: string;
}

/** Whom to call, as somebody edits it. */
export class ContactsDraft {
  #nextId = 1;
  lines = $state<ContactLine[]>([]);
  /** Errors are said once somebody has tried to save. */
  tried = $state(0);

  constructor(contacts: readonly GuardianContact[]) {
    this.lines = contacts.map((contact) => this.#line(contact));
    if (this.lines.length === 0) this.add();
  }

  get canAdd(): boolean {
    return this.lines.length < MAX_CONTACTS;
  }

  add(): void {
    if (this.canAdd) this.lines.push(this.#line());
  }

  remove(id: number): void {
    this.lines = this.lines.filter((line) => line.id !== id);
  }

  set(id: number, field: TextField, value: string): void {
    const line = this.lines.find((each) => each.id === id);
    if (line) line[field] = value;
  }

  errorOf(line: ContactLine, field: TextField): string | undefined {
    if (this.tried === 0) return undefined;
    const value = line[field].trim();
    if ((field === 'name' || field === 'relation' || field === 'phone') && value === '') return m.missing;
    if (field === 'phone' && !isPhone(value)) return m.badPhone;
    return undefined;
  }

  /** null while something is wrong. Lines that nothing was written into are left out. */
  toContacts(): readonly GuardianContact[] | null {
    this.tried += 1;
    this.lines = this.lines.filter((line) => this.lines.length === 1 || !isEmpty(line));
    const written = this.lines.filter((line) => !isEmpty(line));
    const contacts = written.map(({ name, kana, relation, phone, note }): GuardianContact => {
      const fields = {
        name: name.trim(),
        kana: kana.trim(),
        relation: relation.trim(),
        phone: normalizePhone(phone),
      };
      return note.trim() === '' ? fields : { ...fields, note: note.trim() };
    });
    return contacts.length > 0 && guardianValue.safeParse({ contacts }).success ? contacts : null;
  }

  #line({ name = '', kana = '', relation = '', phone = '', note = '' }: Partial<GuardianContact> = {}) {
    return { id: this.#nextId++, name, kana, relation, phone, note };
  }
}

const isEmpty = (line: ContactLine): boolean =>
  [line.name, line.kana, line.relation, line.phone, line.note].every((text) => text.trim() === '');

/** Typed in full width by many a keyboard. */
function normalizePhone(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[‐‑–—ー−]/g, '-')
    .trim();
}

function isPhone(text: string): boolean {
  const contacts = [{ name: '-', kana: '', relation: '-', phone: normalizePhone(text) }];
  return guardianValue.safeParse({ contacts }).success;
}
