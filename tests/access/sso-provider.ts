import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

/** What the provider knows of a person. */
export interface ProviderPerson {
  readonly sub: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** How the provider has recognised the person. */
  readonly amr?: readonly string[];
}

export const CLIENT_SECRET = 'a-secret-of-the-tests-that-is-long-enough';

/** A real OpenID Connect provider on loopback, at which anybody signs in as anybody. */
export class TestProvider {
  readonly issuer: string;
  /** Who signs in next. */
  person: ProviderPerson | null = null;
  readonly #server: Server;

  private constructor(server: Server, issuer: string) {
    this.#server = server;
    this.issuer = issuer;
  }

  static async open(redirectUri: string): Promise<TestProvider> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const opened = new TestProvider(server, issuer);
    const provider = new Provider(issuer, {
      clients: [{ client_id: 'amenimo', client_secret: CLIENT_SECRET, redirect_uris: [redirectUri] }],
      claims: {
        openid: ['sub'],
        profile: ['preferred_username', 'name', 'groups', 'email', 'email_verified'],
        amr: null,
      },
      ttl: {
        AccessToken: 600,
        AuthorizationCode: 60,
        Grant: 600,
        IdToken: 600,
        Interaction: 600,
        Session: 600,
      },
      features: { devInteractions: { enabled: false }, claimsParameter: { enabled: true } },
      pkce: { required: () => true },
      cookies: { keys: ['a key of the tests'] },
      conformIdTokenClaims: false,
      interactions: {
        url: (_ctx: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}`,
      },
      findAccount: (_ctx: unknown, sub: string) => ({
        accountId: sub,
        claims: () => ({ sub, ...opened.person?.claims }),
      }),
    });
    const answer = provider.callback();
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/interaction/')) void opened.#signIn(provider, request, response);
      else answer(request, response);
    });
    return opened;
  }

  /** Signs the present person in and gives consent, or declines. */
  async #signIn(
    provider: Provider,
    request: Parameters<Provider['interactionFinished']>[0],
    response: Parameters<Provider['interactionFinished']>[1],
  ): Promise<void> {
    if (!this.person) {
      const declined = { error: 'access_denied', error_description: 'the person declined' };
      await provider.interactionFinished(request, response, declined, { mergeWithLastSubmission: false });
      return;
    }
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      const login = { accountId: this.person.sub, ...(this.person.amr ? { amr: [...this.person.amr] } : {}) };
      await provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false });
      return;
    }
    const grant = new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) });
    grant.addOIDCScope(String(params.scope));
    grant.addOIDCClaims(['sub', 'preferred_username', 'name', 'groups', 'email', 'email_verified']);
    const consent = { grantId: await grant.save() };
    await provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
  }

  /** Follows a browser's way from the first address until it leaves the provider; gives the address it left for. */
  async walk(start: string): Promise<URL> {
    const cookies = new Map<string, string>();
    let address = new URL(start);
    for (let step = 0; step < 10; step++) {
      const answer = await fetch(address, {
        redirect: 'manual',
        headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      });
      for (const cookie of answer.headers.getSetCookie()) {
        const [name = '', ...value] = (cookie.split(';')[0] ?? '').split('=');
        cookies.set(name, value.join('='));
      }
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`the provider answered ${answer.status} without a way on`);
      address = new URL(location, address);
      if (address.origin !== this.issuer) return address;
    }
    throw new Error('the provider sends the browser round in circles');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
