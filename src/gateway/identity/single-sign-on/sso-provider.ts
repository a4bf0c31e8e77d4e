import * as oidc from 'openid-client';
import type { SsoConfig } from './sso-config.ts';
import type { SsoTicket } from './sso-ticket.ts';

/** What the provider says of a person, checked: signature, issuer, audience, nonce, times. */
export interface SsoIdentity {
  readonly issuer: string;
  readonly sub: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Whether the provider has seen more than a password. */
  readonly secondFactor: boolean;
}

/** The provider did not answer, or not as the protocol asks. */
export class SsoUnavailable extends Error {
  override readonly name = 'SsoUnavailable';
}
/** The provider, or the person before it, said no; or the answer was not for this sign-in. */
export class SsoRefused extends Error {
  override readonly name = 'SsoRefused';
}

const TIMEOUT_SECONDS = 10;
export const SSO_CALLBACK_PATH = '/api/single-sign-on/callback';

type Checks = Pick<SsoTicket, 'state' | 'nonce' | 'codeVerifier'>;

/** The authorization-code flow with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636). */
export class SsoProvider {
  readonly #config: SsoConfig;
  #discovered: Promise<oidc.Configuration> | null = null;

  constructor(config: SsoConfig) {
    this.#config = config;
  }

  newChecks(): Checks {
    return {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
    };
  }

  /** Where the browser goes to sign in. Throws SsoUnavailable. */
  async addressFor(checks: Checks): Promise<URL> {
    const configuration = await this.#discover();
    // Some say how they recognised a person only when asked (OpenID Connect Core 1.0, 5.5).
    const asksForClaims = configuration.serverMetadata().claims_parameter_supported === true;
    return oidc.buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri(),
      scope: this.#config.scopes.join(' '),
      code_challenge: await oidc.calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
      state: checks.state,
      nonce: checks.nonce,
      ...(asksForClaims ? { claims: JSON.stringify({ id_token: { amr: null } }) } : {}),
    });
  }

  /** Redeems what the browser came back with. Throws SsoUnavailable or SsoRefused. */
  async identify(query: URLSearchParams, checks: Checks): Promise<SsoIdentity> {
    const configuration = await this.#discover();
    const returned = new URL(this.#redirectUri());
    returned.search = query.toString();
    try {
      const tokens = await oidc.authorizationCodeGrant(configuration, returned, {
        pkceCodeVerifier: checks.codeVerifier,
        expectedState: checks.state,
        expectedNonce: checks.nonce,
        idTokenExpected: true,
      });
      const idToken = tokens.claims();
      if (!idToken) throw new SsoRefused('no ID token');
      const { userinfo_endpoint: userInfo } = configuration.serverMetadata();
      const more = userInfo ? await oidc.fetchUserInfo(configuration, tokens.access_token, idToken.sub) : {};
      const amr = Array.isArray(idToken.amr) ? idToken.amr : [];
      return {
        issuer: idToken.iss,
        sub: idToken.sub,
        claims: { ...more, ...idToken },
        secondFactor: amr.some((method) => this.#config.secondFactorMethods.includes(String(method))),
      };
    } catch (error) {
      throw isUnreachable(error) ? new SsoUnavailable(codeOf(error)) : new SsoRefused(codeOf(error));
    }
  }

  #redirectUri(): string {
    return new URL(SSO_CALLBACK_PATH, this.#config.publicUrl).href;
  }

  /** Asked for when it is first needed, and again after a failure: a provider that is down must not stop a start. */
  #discover(): Promise<oidc.Configuration> {
    if (!this.#discovered) {
      const { issuer, clientId, clientSecret } = this.#config;
      const insecure = new URL(issuer).protocol === 'http:';
      const found = oidc.discovery(
        new URL(issuer),
        clientId,
        undefined,
        oidc.ClientSecretBasic(clientSecret),
        { timeout: TIMEOUT_SECONDS, ...(insecure ? { execute: [oidc.allowInsecureRequests] } : {}) },
      );
      this.#discovered = found.catch((error: unknown) => {
        this.#discovered = null;
        throw new SsoUnavailable(codeOf(error));
      });
    }
    return this.#discovered;
  }
}

function codeOf(error: unknown): string {
  return String((error as { code?: unknown }).code ?? (error as Error).name);
}

function isUnreachable(error: unknown): boolean {
  if (error instanceof SsoRefused) return false;
  const { name, code, cause } = error as { name?: string; code?: string; cause?: unknown };
  if (name === 'TimeoutError' || code === 'OAUTH_TIMEOUT' || name === 'TypeError') return true;
  const status = (cause as { status?: unknown } | undefined)?.status;
  return typeof status === 'number' && status >= 500;
}
