import { findPasswordProblem } from '../../access/password-rule.ts';
import type { Grant } from '../../access/subject.ts';
import { canonicalJson } from '../../ledger/canonical.ts';
import { calendarDateAt, type CalendarDate } from '../../domain/calendar/calendar-date.ts';
import type { Clock } from '../clock.ts';
import type { DocumentStore, GatewayRecord } from '../store/document-store.ts';
import type { AccountDirectory, AccountResult, NewAccount } from './account-directory.ts';
import { accountShape, parseLogin, type Account } from './account.ts';
import type { PasswordHasher } from './password.ts';

/** How long an account is believed without asking the store: another process may have changed it. */
const BELIEVED_MS = 10_000;

interface Options {
  readonly store: DocumentStore;
  readonly db: string;
  readonly hasher: PasswordHasher;
  readonly now: Clock;
}

/**
 * Accounts as records: `account:<personId>` holds the account, `login:<login>` reserves the login and names the
 * person, so that two accounts cannot share one.
 */
export class StoredAccounts implements AccountDirectory {
  readonly #store: DocumentStore;
  readonly #db: string;
  readonly #hasher: PasswordHasher;
  readonly #now: Clock;
  readonly #believed = new Map<string, { account: Account; readAt: number }>();
  readonly #listeners = new Set<(account: Account) => void>();

  constructor({ store, db, hasher, now }: Options) {
    this.#store = store;
    this.#db = db;
    this.#hasher = hasher;
    this.#now = now;
  }

  /** Called with every account that changes in this process. */
  onChange(listener: (account: Account) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async createAccount(input: NewAccount): Promise<AccountResult> {
    const login = parseLogin(input.login);
    if (!login) return { ok: false, code: 'badLogin' };
    const problem =
      input.password === undefined ? null : findPasswordProblem(input.password, [login, input.name]);
    if (problem) return { ok: false, code: problem };
    const now = this.#now();
    const parsed = parseAccount({
      personId: input.personId,
      login,
      name: input.name,
      grants: input.grants,
      passwordHash: input.password === undefined ? null : await this.#hasher.hash(input.password),
      passwordChangeDue: input.passwordChangeDue ?? false,
      lockedAt: null,
      createdAt: now,
      changedAt: now,
    });
    if (!parsed) return { ok: false, code: 'badAccount' };
    const reserved = await this.#store.putRecord(this.#db, {
      _id: loginId(login),
      personId: parsed.personId,
    });
    if (!reserved.ok) {
      const holder = await this.#store.getRecord(this.#db, loginId(login));
      // A reservation without its account is what a crash between the two writes leaves behind.
      if (holder?.personId !== parsed.personId) return { ok: false, code: 'loginTaken' };
    }
    const put = await this.#store.putRecord(this.#db, { _id: accountId(parsed.personId), ...parsed });
    if (!put.ok) {
      if (reserved.ok) await this.#store.deleteRecord(this.#db, loginId(login), reserved.rev);
      return { ok: false, code: 'personTaken' };
    }
    this.#announce(parsed);
    return { ok: true, account: parsed };
  }

  async findByLogin(text: string): Promise<Account | null> {
    const login = parseLogin(text);
    const holder = login && (await this.#store.getRecord(this.#db, loginId(login)));
    if (!holder || typeof holder.personId !== 'string') return null;
    const account = await this.findByPerson(holder.personId);
    return account?.login === login ? account : null;
  }

  async findByPerson(personId: string): Promise<Account | null> {
    const believed = this.#believed.get(personId);
    const now = this.#now();
    if (believed && Math.abs(now - believed.readAt) < BELIEVED_MS) return believed.account;
    const record = await this.#store.getRecord(this.#db, accountId(personId));
    const account = record && parseAccount(record);
    if (!account) {
      this.#believed.delete(personId);
      return null;
    }
    this.#believed.set(personId, { account, readAt: now });
    return account;
  }

  async listAccounts(): Promise<Account[]> {
    const records = await this.#store.listRecords(this.#db, 'account:');
    const accounts = records.map(parseAccount).filter((account) => account !== null);
    return accounts.sort((a, b) => (a.login < b.login ? -1 : 1));
  }

  async setPassword(personId: string, password: string, changeDue = false): Promise<AccountResult> {
    const account = await this.findByPerson(personId);
    const problem = findPasswordProblem(password, account ? [account.login, account.name] : []);
    if (problem) return { ok: false, code: problem };
    const passwordHash = await this.#hasher.hash(password);
    return this.#change(personId, () => ({ passwordHash, passwordChangeDue: changeDue }));
  }

  setLocked(personId: string, locked: boolean): Promise<AccountResult> {
    return this.#change(personId, () => ({ lockedAt: locked ? this.#now() : null }));
  }

  setGrants(personId: string, grants: readonly Grant[]): Promise<AccountResult> {
    const today = calendarDateAt(this.#now());
    return this.#change(personId, (account) => ({ grants: replaceGrants(account.grants, grants, today) }));
  }

  rewriteGrants(before: Account, grants: readonly Grant[]): Promise<AccountResult> {
    return this.#change(before.personId, (account) =>
      canonicalJson(account.grants) === canonicalJson(before.grants) ? { grants } : null,
    );
  }

  setName(personId: string, name: string): Promise<AccountResult> {
    return this.#change(personId, () => ({ name }));
  }

  async #change(
    personId: string,
    changeOf: (account: Account) => Partial<Account> | null,
  ): Promise<AccountResult> {
    const record = await this.#store.getRecord(this.#db, accountId(personId));
    const account = record && parseAccount(record);
    if (!account) return { ok: false, code: 'unknownAccount' };
    const change = changeOf(account);
    if (!change) return { ok: false, code: 'conflict' };
    const changed = parseAccount({ ...account, ...change, changedAt: this.#now() });
    if (!changed) return { ok: false, code: 'badAccount' };
    const put = await this.#store.putRecord(this.#db, {
      _id: accountId(personId),
      ...(record._rev === undefined ? {} : { _rev: record._rev }),
      ...changed,
    });
    if (!put.ok) return { ok: false, code: 'conflict' };
    this.#announce(changed);
    return { ok: true, account: changed };
  }

  #announce(account: Account): void {
    this.#believed.set(account.personId, { account, readAt: this.#now() });
    for (const listener of this.#listeners) listener(account);
  }
}

const accountId = (personId: string): string => `account:${personId}`;
const loginId = (login: string): string => `login:${login}`;

function parseAccount(record: GatewayRecord | Account): Account | null {
  const parsed = accountShape.safeParse(record);
  return parsed.success ? (parsed.data as unknown as Account) : null;
}

const placeOf = ({ role, schoolCode, homeroomId, classId, gradeLevel, inPlaceOf }: Grant): string =>
  [role, schoolCode, homeroomId, classId, gradeLevel, inPlaceOf].join(' ');

function replaceGrants(present: readonly Grant[], next: readonly Grant[], today: CalendarDate): Grant[] {
  const overlapsNext = (grant: Grant): boolean =>
    next.some(
      (other) => placeOf(other) === placeOf(grant) && other.from < grant.until && grant.from < other.until,
    );
  const ended = present
    .filter((grant) => !overlapsNext(grant) && grant.from < today)
    .map((grant) => (grant.until > today ? { ...grant, until: today, revoked: true as const } : grant));
  return [...next, ...ended];
}
