import { hashOfEntry, type AuditEntry, type ChainPlace, type ChainSeal } from './audit-entry.ts';

export type ChainFindingCode =
  /** Its content does not fit its hash or its seal. */
  | 'changed'
  | 'removed'
  | 'reordered'
  | 'duplicated'
  /** Sound by itself, and does not follow the one before. */
  | 'notFollowing'
  /** The head names an entry that the end of the chain does not reach. */
  | 'truncated'
  /** A record that is none of the gateway's. */
  | 'unreadable'
  | 'headMissing'
  | 'headForged'
  | 'anchorForged'
  /** Entries were removed before their time. */
  | 'sweptEarly'
  /** The gateway itself found a damage at a start, and went on. */
  | 'damageNoted';

export interface ChainFinding {
  readonly code: ChainFindingCode;
  /** The number of the entry; of the first of them where it is several. */
  readonly seq: number;
  readonly until?: number;
}

/** Follows a chain entry by entry in the order in which it is stored, and keeps what is wrong with it. */
export class ChainCheck {
  readonly #gateway: string;
  readonly #seal: ChainSeal | null;
  readonly #findings: ChainFinding[] = [];
  /** Numbers that were passed over; one that comes later is out of order. */
  #missing: { from: number; until: number }[] = [];
  #next: number;
  /** The hash that the next entry must name; null where the one before cannot say. */
  #previous: string | null;
  count = 0;

  /** `seal` is null for another gateway's chain: its seals cannot be told. */
  constructor(gateway: string, seal: ChainSeal | null, start: ChainPlace) {
    this.#gateway = gateway;
    this.#seal = seal;
    this.#next = start.seq + 1;
    this.#previous = start.hash;
  }

  get end(): number {
    return this.#next - 1;
  }

  /** `null`: something that is no entry, in the place of one. */
  add(entry: AuditEntry | null): void {
    this.count += 1;
    if (!entry || !this.#isSound(entry)) {
      this.#findings.push({ code: 'changed', seq: entry?.seq ?? this.#next });
      if (entry?.seq === this.#next) this.#next += 1;
      this.#previous = null;
      return;
    }
    if (entry.event.kind === 'auditDamaged') this.#findings.push({ code: 'damageNoted', seq: entry.seq });
    if (entry.seq < this.#next) {
      this.#findings.push({ code: this.#wasMissing(entry.seq) ? 'reordered' : 'duplicated', seq: entry.seq });
      return;
    }
    if (entry.seq > this.#next) this.#missing.push({ from: this.#next, until: entry.seq - 1 });
    else if (this.#previous !== null && entry.previous !== this.#previous) {
      this.#findings.push({ code: 'notFollowing', seq: entry.seq });
    }
    this.#next = entry.seq + 1;
    this.#previous = entry.hash;
  }

  /** A record of which nothing can be read. */
  addUnreadable(seq: number): void {
    this.#findings.push({ code: 'unreadable', seq });
  }

  /** All that was found, by number, once the end is reached. */
  finish(head: ChainPlace | null): ChainFinding[] {
    const changed = new Set(this.#findings.filter(({ code }) => code === 'changed').map(({ seq }) => seq));
    const removed = this.#missing
      // It is there in a form that cannot be read, and was named.
      .filter(({ from, until }) => from !== until || !changed.has(from))
      .map(({ from, until }) => found('removed', from, until));
    const truncated = head && head.seq > this.end ? [found('truncated', this.end + 1, head.seq)] : [];
    return [...this.#findings, ...removed, ...truncated].sort((a, b) => a.seq - b.seq);
  }

  #isSound(entry: AuditEntry): boolean {
    if (this.#seal) return this.#seal.isOurEntry(entry);
    return hashOfEntry(this.#gateway, entry) === entry.hash;
  }

  #wasMissing(seq: number): boolean {
    const gap = this.#missing.find(({ from, until }) => from <= seq && seq <= until);
    if (!gap) return false;
    this.#missing = this.#missing.flatMap((each) =>
      each === gap
        ? [
            { from: gap.from, until: seq - 1 },
            { from: seq + 1, until: gap.until },
          ].filter(({ from, until }) => from <= until)
        : [each],
    );
    return true;
  }
}

function found(code: ChainFindingCode, from: number, until: number): ChainFinding {
  return from === until ? { code, seq: from } : { code, seq: from, until };
}
