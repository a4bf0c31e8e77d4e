import { randomBytes } from 'node:crypto';
import { parsePermit, type Permit } from '../../access/permit.ts';
import { calendarDateAt } from '../../domain/calendar/calendar-date.ts';
import type { Audit, AuditKind } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { DocumentStore } from '../store/document-store.ts';
import { decided, expired, returned, returnedByDevice, revoked, taken } from './permit-steps.ts';

/** How long the list of permits is believed without asking the store. */
const BELIEVED_MS = 5_000;
const MAX_TRIES = 5;

export type PermitRequest = Pick<
  Permit,
  'personId' | 'schoolCode' | 'streams' | 'reason' | 'from' | 'until' | 'device' | 'storage'
>;

/** `wrongState`: somebody else was faster, or the permit is past that. */
export type PermitResult =
  | { readonly ok: true; readonly permit: Permit }
  | { readonly ok: false; readonly code: 'unknownPermit' | 'wrongState' };

interface Options {
  readonly store: DocumentStore;
  readonly db: string;
  readonly now: Clock;
  readonly audit: Audit;
}

/** 外部持ち出し許可 of all schools. Who may take a step is judged by whoever calls; each step is audited here. */
export class Permits {
  readonly #store: DocumentStore;
  readonly #db: string;
  readonly #now: Clock;
  readonly #audit: Audit;
  #believed: { readonly permits: ReadonlyMap<string, Permit>; readonly readAt: number } | null = null;

  constructor({ store, db, now, audit }: Options) {
    this.#store = store;
    this.#db = db;
    this.#now = now;
    this.#audit = audit;
  }

  async list(): Promise<Permit[]> {
    return [...(await this.#all()).values()];
  }

  /** One that is over by its date is noted as expired before anybody relies on it. */
  async ofPerson(personId: string): Promise<Permit[]> {
    await this.expireAll((permit) => permit.personId === personId);
    return (await this.list()).filter((permit) => permit.personId === personId);
  }

  async ofSchool(schoolCode: string): Promise<Permit[]> {
    await this.expireAll((permit) => permit.schoolCode === schoolCode);
    return (await this.list()).filter((permit) => permit.schoolCode === schoolCode);
  }

  async find(id: string): Promise<Permit | null> {
    return (await this.#all()).get(id) ?? null;
  }

  async request(request: PermitRequest): Promise<Permit> {
    const permit: Permit = {
      ...request,
      id: randomBytes(8).toString('hex'),
      state: 'requested',
      requestedAt: this.#now(),
      decidedAt: null,
      decidedBy: null,
      decisionNote: '',
      takenAt: null,
      endedAt: null,
      returnedAt: null,
      returnedBy: null,
    };
    const put = await this.#store.putRecord(this.#db, { _id: recordId(permit.id), ...permit });
    this.#believed = null;
    if (!put.ok) throw new Error('two permits with one id');
    await this.#record('permitRequested', permit, permit.personId);
    return permit;
  }

  decide(id: string, by: string, granted: boolean, note: string): Promise<PermitResult> {
    return this.#take(id, granted ? 'permitGranted' : 'permitRefused', by, (permit) =>
      decided(permit, by, this.#now(), granted, note),
    );
  }

  returnByPerson(id: string, by: string): Promise<PermitResult> {
    return this.#take(id, 'permitReturned', by, (permit) => returned(permit, this.#now()));
  }

  revoke(id: string, by: string): Promise<PermitResult> {
    return this.#take(id, 'permitRevoked', by, (permit) => revoked(permit, this.#now()));
  }

  noteTaken(id: string): Promise<PermitResult> {
    return this.#take(id, 'permitTaken', null, (permit) => taken(permit, this.#now()));
  }

  noteReturnedByDevice(id: string): Promise<PermitResult> {
    return this.#take(id, 'permitReturned', null, (permit) => returnedByDevice(permit, this.#now()));
  }

  /** Notes what is over by its date; gives how many. */
  async expireAll(concerns: (permit: Permit) => boolean = () => true): Promise<number> {
    const today = calendarDateAt(this.#now());
    let count = 0;
    for (const permit of await this.list()) {
      if (!concerns(permit) || !expired(permit, today, 0)) continue;
      const result = await this.#take(permit.id, 'permitExpired', null, (present) =>
        expired(present, today, this.#now()),
      );
      if (result.ok) count += 1;
    }
    return count;
  }

  async #take(
    id: string,
    kind: AuditKind,
    by: string | null,
    step: (permit: Permit) => Permit | null,
  ): Promise<PermitResult> {
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const record = await this.#store.getRecord(this.#db, recordId(id));
      const permit = record && parsePermit(record);
      if (!record || !permit) return { ok: false, code: 'unknownPermit' };
      const next = step(permit);
      if (!next) return { ok: false, code: 'wrongState' };
      const put = await this.#store.putRecord(this.#db, { ...record, ...next });
      this.#believed = null;
      if (!put.ok) continue;
      await this.#record(kind, next, by);
      return { ok: true, permit: next };
    }
    return { ok: false, code: 'wrongState' };
  }

  #record(kind: AuditKind, permit: Permit, by: string | null): Promise<void> {
    const { id, schoolCode: school, device, state, streams } = permit;
    return this.#audit.record({
      kind,
      by,
      device,
      school,
      target: id,
      code: kind === 'permitReturned' && by === null ? 'byDevice' : state,
      count: streams.length,
    });
  }

  async #all(): Promise<ReadonlyMap<string, Permit>> {
    const now = this.#now();
    if (!this.#believed || Math.abs(now - this.#believed.readAt) >= BELIEVED_MS) {
      const permits = new Map<string, Permit>();
      for (const record of await this.#store.listRecords(this.#db, recordId(''))) {
        const permit = parsePermit(record);
        if (permit) permits.set(permit.id, permit);
      }
      this.#believed = { permits, readAt: now };
    }
    return this.#believed.permits;
  }
}

const recordId = (id: string): string => `permit:${id}`;
