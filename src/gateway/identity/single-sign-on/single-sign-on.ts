import { randomUUID } from 'node:crypto';
import { calendarDateAt } from '../../../domain/calendar/calendar-date.ts';
import type { Clock } from '../../clock.ts';
import type { AccountDirectory } from '../account-directory.ts';
import { parseLogin, type Account } from '../account.ts';
import type { SsoConfig } from './sso-config.ts';
import { grantsByGroups } from './sso-grants.ts';
import type { SsoLinks } from './sso-links.ts';
import type { SsoIdentity, SsoProvider } from './sso-provider.ts';
import type { SsoTickets } from './sso-ticket.ts';

export type SsoSignIn =
  | { readonly ok: true; readonly account: Account; readonly secondFactor: boolean }
  /** Of nobody here; or of an account that is locked, or linked to somebody else. */
  | { readonly ok: false; readonly code: 'noAccount' };

interface Options {
  readonly config: SsoConfig;
  readonly provider: SsoProvider;
  readonly tickets: SsoTickets;
  readonly links: SsoLinks;
  readonly accounts: AccountDirectory;
  readonly now: Clock;
}

/** Single sign-on with the board's provider: who comes back is found, given the groups' roles, or refused. */
export class SingleSignOn {
  readonly provider: SsoProvider;
  readonly tickets: SsoTickets;
  readonly #config: SsoConfig;
  readonly #links: SsoLinks;
  readonly #accounts: AccountDirectory;
  readonly #now: Clock;

  constructor({ config, provider, tickets, links, accounts, now }: Options) {
    this.provider = provider;
    this.tickets = tickets;
    this.#config = config;
    this.#links = links;
    this.#accounts = accounts;
    this.#now = now;
  }

  get name(): string {
    return this.#config.name;
  }

  async signIn(identity: SsoIdentity): Promise<SsoSignIn> {
    const account = (await this.#findLinked(identity)) ?? (await this.#findOrCreate(identity));
    if (!account || account.lockedAt !== null) return { ok: false, code: 'noAccount' };
    const present = await this.#applyGroups(account, identity);
    return present
      ? { ok: true, account: present, secondFactor: identity.secondFactor }
      : { ok: false, code: 'noAccount' };
  }

  async #findLinked({ issuer, sub }: SsoIdentity): Promise<Account | null> {
    const personId = await this.#links.findPerson(issuer, sub);
    return personId === null ? null : this.#accounts.findByPerson(personId);
  }

  async #findOrCreate(identity: SsoIdentity): Promise<Account | null> {
    const login = this.#loginOf(identity);
    if (login === null || (await this.#links.findPerson(identity.issuer, identity.sub)) !== null) return null;
    const account = (await this.#accounts.findByLogin(login)) ?? (await this.#create(identity, login));
    if (!account) return null;
    const linked = await this.#links.link(identity.issuer, identity.sub, account.personId);
    return linked ? account : null;
  }

  /** An address counts only where the provider has verified it: anybody may claim another's. */
  #loginOf({ claims }: SsoIdentity): string | null {
    const { loginClaim } = this.#config;
    if (loginClaim === 'email' && claims.email_verified !== true) return null;
    return parseLogin(claims[loginClaim]);
  }

  /** Somebody new has an account once a group of theirs means something here. */
  async #create(identity: SsoIdentity, login: string): Promise<Account | null> {
    const grants = this.#grantsOf(identity, []);
    if (grants.length === 0) return null;
    const { name } = identity.claims;
    const created = await this.#accounts.createAccount({
      personId: randomUUID(),
      login,
      name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 100) : login,
      grants,
    });
    return created.ok ? created.account : null;
  }

  async #applyGroups(account: Account, identity: SsoIdentity): Promise<Account | null> {
    const next = this.#grantsOf(identity, account.grants);
    if (isSame(account.grants, next, calendarDateAt(this.#now()))) return account;
    const changed = await this.#accounts.setGrants(account.personId, next);
    return changed.ok ? changed.account : null;
  }

  #grantsOf({ claims }: SsoIdentity, present: Account['grants']) {
    const stated = claims[this.#config.groupsClaim];
    const groups = Array.isArray(stated) ? stated.filter((each) => typeof each === 'string') : [];
    return grantsByGroups(this.#config.groups, groups, present, calendarDateAt(this.#now()));
  }
}

function isSame(present: Account['grants'], next: Account['grants'], today: string): boolean {
  const living = present.filter((grant) => grant.until > today).map((grant) => JSON.stringify(grant));
  return living.length === next.length && next.every((grant) => living.includes(JSON.stringify(grant)));
}
