import { createHmac, randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import type { Clock } from '../clock.ts';
import type { DocumentStore, GatewayRecord } from '../store/document-store.ts';
import { browsers, systems, type BrowserLabel } from './browser-label.ts';

export const SESSION_IDLE_MS = 12 * 3_600_000;
export const SESSION_LONGEST_MS = 30 * 86_400_000;
/** `lastSeenAt` is written at most this often: a session is read on every request. */
const TOUCH_MS = 300_000;
/** How long a session is believed without asking the store. */
const BELIEVED_MS = 10_000;
const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;

/** How a person proved who they are. */
export const factors = [
  'password',
  'totp',
  'passkey',
  'recoveryCode',
  'singleSignOn',
  'federatedSecondFactor',
] as const;
export type Factor = (typeof factors)[number];
/** Those that the gateway keeps itself and that a person can take away. */
const ownFactors: ReadonlySet<Factor> = new Set(['totp', 'passkey', 'recoveryCode']);

export interface Session {
  /** The token's keyed hash; safe to log, of no use to sign in with. */
  readonly id: string;
  readonly personId: string;
  readonly device: string;
  /** All that were given in this session. */
  readonly factors: readonly Factor[];
  /** When the person last proved it; exports and permits ask for a fresh proof. */
  readonly confirmedAt: number;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** How the browser called itself at the beginning. */
  readonly browser: BrowserLabel['browser'];
  readonly system: BrowserLabel['system'];
}

const sessionShape = z.object({
  _id: z.string(),
  personId: z.string(),
  device: z.string(),
  factors: z._default(z.array(z.enum(factors)), ['password']),
  confirmedAt: z._default(z.int(), 0),
  createdAt: z.int(),
  lastSeenAt: z.int(),
  browser: z._default(z.enum(browsers), 'other'),
  system: z._default(z.enum(systems), 'other'),
});

interface Options {
  readonly store: DocumentStore;
  readonly db: string;
  readonly key: Uint8Array;
  readonly now: Clock;
}

/** Sessions as records, found by a keyed hash of their token: who reads the database cannot sign in with it. */
export class Sessions {
  readonly #store: DocumentStore;
  readonly #db: string;
  readonly #key: Uint8Array;
  readonly #now: Clock;
  readonly #believed = new Map<string, { session: Session; rev: string; readAt: number }>();
  readonly #listeners = new Set<(session: Pick<Session, 'id'>) => void>();

  constructor({ store, db, key, now }: Options) {
    this.#store = store;
    this.#db = db;
    this.#key = key;
    this.#now = now;
  }

  onEnd(listener: (session: Pick<Session, 'id'>) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(
    personId: string,
    device: string,
    given: readonly Factor[] = ['password'],
    label: BrowserLabel = { browser: 'other', system: 'other' },
  ): Promise<{ token: string; session: Session }> {
    const token = randomBytes(32).toString('base64url');
    const now = this.#now();
    const session: Session = {
      id: this.#idOf(token),
      personId,
      device,
      factors: given,
      confirmedAt: now,
      createdAt: now,
      lastSeenAt: now,
      ...label,
    };
    const put = await this.#store.putRecord(this.#db, recordOf(session));
    if (!put.ok) throw new Error('two sessions with one token');
    this.#believed.set(session.id, { session, rev: put.rev, readAt: now });
    return { token, session };
  }

  async find(token: string | null): Promise<Session | null> {
    if (token === null || !TOKEN_PATTERN.test(token)) return null;
    return this.findById(this.#idOf(token));
  }

  async findById(id: string): Promise<Session | null> {
    const now = this.#now();
    let known = this.#believed.get(id);
    if (!known || Math.abs(now - known.readAt) >= BELIEVED_MS) {
      const record = await this.#store.getRecord(this.#db, recordId(id));
      const session = record && readSession(record);
      this.#believed.delete(id);
      if (!session) return null;
      known = { session, rev: record._rev ?? '', readAt: now };
      this.#believed.set(id, known);
    }
    const { session, rev } = known;
    if (isOver(session, now)) {
      await this.end(id);
      return null;
    }
    return now - session.lastSeenAt < TOUCH_MS ? session : this.#touch(session, rev, now);
  }

  async end(id: string): Promise<void> {
    const record = await this.#store.getRecord(this.#db, recordId(id));
    if (record) await this.#store.deleteRecord(this.#db, record._id, record._rev ?? '');
    this.#believed.delete(id);
    for (const listener of this.#listeners) listener({ id });
  }

  /** Adds what was proved in a session; `fresh` makes it count as proved anew. Null where it has ended. */
  async confirm(id: string, given: readonly Factor[], fresh: boolean): Promise<Session | null> {
    const now = this.#now();
    return this.#change(id, (session) => ({
      ...session,
      factors: [...new Set([...session.factors, ...given])],
      confirmedAt: fresh ? now : session.confirmedAt,
      lastSeenAt: now,
    }));
  }

  /** The person has no second factor left: what was shown of one in this session says nothing any more. */
  async forgetOwnFactors(id: string): Promise<void> {
    await this.#change(id, (session) => ({
      ...session,
      factors: session.factors.filter((factor) => !ownFactors.has(factor)),
    }));
  }

  /** Of one person, the latest first. */
  async listOf(personId: string): Promise<Session[]> {
    const now = this.#now();
    const own = (await this.list()).filter((each) => each.personId === personId && !isOver(each, now));
    return own.sort((a, b) => b.lastSeenAt - a.lastSeenAt);
  }

  /** Ends all of a person's sessions, but for one where that is named; gives how many. */
  async endAllOf(personId: string, exceptId?: string): Promise<number> {
    const sessions = (await this.list()).filter((each) => each.personId === personId && each.id !== exceptId);
    for (const session of sessions) await this.end(session.id);
    return sessions.length;
  }

  async list(): Promise<Session[]> {
    const records = await this.#store.listRecords(this.#db, recordId(''));
    return records.map(readSession).filter((session) => session !== null);
  }

  /** Removes what has run out; gives how many. */
  async sweep(): Promise<number> {
    const now = this.#now();
    const over = (await this.list()).filter((session) => isOver(session, now));
    for (const session of over) await this.end(session.id);
    return over.length;
  }

  async #change(id: string, changeOf: (session: Session) => Session): Promise<Session | null> {
    for (;;) {
      const record = await this.#store.getRecord(this.#db, recordId(id));
      const session = record && readSession(record);
      if (!session) return null;
      const changed = changeOf(session);
      const put = await this.#store.putRecord(this.#db, { ...recordOf(changed), _rev: record._rev ?? '' });
      this.#believed.delete(id);
      if (put.ok) return changed;
    }
  }

  async #touch(session: Session, rev: string, now: number): Promise<Session> {
    const touched = { ...session, lastSeenAt: now };
    const put = await this.#store.putRecord(this.#db, { ...recordOf(touched), _rev: rev });
    // Another request touched it first, or it has just ended: the next one reads afresh.
    if (put.ok) this.#believed.set(session.id, { session: touched, rev: put.rev, readAt: now });
    else this.#believed.delete(session.id);
    return touched;
  }

  #idOf(token: string): string {
    return createHmac('sha256', this.#key).update(token).digest('hex').slice(0, 40);
  }
}

function isOver(session: Session, now: number): boolean {
  return now - session.lastSeenAt >= SESSION_IDLE_MS || now - session.createdAt >= SESSION_LONGEST_MS;
}

const recordId = (id: string): string => `session:${id}`;

function recordOf({ id, ...fields }: Session): GatewayRecord {
  return { _id: recordId(id), ...fields };
}

function readSession(record: GatewayRecord): Session | null {
  const parsed = sessionShape.safeParse(record);
  if (!parsed.success) return null;
  const { _id, ...fields } = parsed.data;
  return { id: _id.slice('session:'.length), ...fields };
}
