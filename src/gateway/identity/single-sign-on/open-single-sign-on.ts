import type { Clock } from '../../clock.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { DocumentStore } from '../../store/document-store.ts';
import type { AccountDirectory } from '../account-directory.ts';
import { SingleSignOn } from './single-sign-on.ts';
import type { SsoConfig } from './sso-config.ts';
import { SsoLinks } from './sso-links.ts';
import { SsoProvider } from './sso-provider.ts';
import { SsoTickets } from './sso-ticket.ts';

interface Options {
  readonly config: SsoConfig;
  readonly store: DocumentStore;
  readonly db: string;
  readonly secrets: Pick<Secrets, 'sessionKey'>;
  readonly accounts: AccountDirectory;
  readonly now: Clock;
}

/** Puts the parts of single sign-on together; asks nothing of the provider yet. */
export function openSingleSignOn({ config, store, db, secrets, accounts, now }: Options): SingleSignOn {
  return new SingleSignOn({
    config,
    provider: new SsoProvider(config),
    tickets: new SsoTickets(secrets.sessionKey, now),
    links: new SsoLinks({ store, db, key: secrets.sessionKey }),
    accounts,
    now,
  });
}
