import { createHmac } from 'node:crypto';
import nano from 'nano';
import { StoreUnavailable, type UserContext } from './document-store.ts';

const REQUEST_TIMEOUT_MS = 30_000;
const HEADER_NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const HEADER_ROLE_PATTERN = /^amenimo-[a-z]+$/;

export interface CouchRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the server's root, encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  readonly body?: object | string;
  /** Statuses of 400–499 that the caller answers itself; any other one is thrown. */
  readonly expect?: readonly number[];
  /** The configuration API answers with a setting's former value, which may be an empty text. */
  readonly answersText?: true;
}

export interface CouchResponse<T> {
  readonly status: number;
  readonly body: T;
}

/** CouchDB said no to a request that the gateway should not have made. Carries no body: those are the school's. */
export class CouchRefused extends Error {
  override readonly name = 'CouchRefused';
  readonly status: number;
  constructor(request: CouchRequest, status: number, error: string) {
    super(`CouchDB answered ${status} (${error}) to ${request.method} ${request.path.split('/')[0]}`);
    this.status = status;
  }
}

/**
 * Requests to one CouchDB through nano. A person's requests carry their name and roles as headers (proxy
 * authentication), with a token that only the holder of the secret can make; the administrator's password serves for
 * databases, settings and records alone.
 *
 * nano takes headers per instance only, so each request has its own; connections are kept alive by Node's `fetch`
 * below. nano's errors carry the request with its body and headers, so none of them leaves this file.
 */
export class CouchClient {
  readonly #url: string;
  readonly #adminHeaders: Record<string, string>;
  readonly #proxySecret: string | null;
  readonly #timeoutMs: number;

  constructor(url: string, proxySecret: string | null, timeoutMs = REQUEST_TIMEOUT_MS) {
    const { origin, pathname, username, password } = new URL(url);
    this.#url = `${origin}${pathname}`.replace(/\/+$/, '');
    this.#proxySecret = proxySecret;
    this.#timeoutMs = timeoutMs;
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#adminHeaders = username
      ? { Authorization: `Basic ${Buffer.from(credentials).toString('base64')}` }
      : {};
  }

  asAdmin<T = unknown>(request: CouchRequest): Promise<CouchResponse<T>> {
    return this.#send(request, this.#adminHeaders);
  }

  as<T = unknown>(user: UserContext, request: CouchRequest): Promise<CouchResponse<T>> {
    return this.#send(request, this.#proxyHeaders(user));
  }

  /** With exactly these headers and nothing else: how a stranger finds the server. */
  asStranger<T = unknown>(headers: Record<string, string>, request: CouchRequest): Promise<CouchResponse<T>> {
    return this.#send(request, headers);
  }

  #proxyHeaders(user: UserContext): Record<string, string> {
    if (this.#proxySecret === null)
      throw new StoreUnavailable('the secret of proxy authentication is missing');
    if (!HEADER_NAME_PATTERN.test(user.name)) throw new Error('a user name that no header can carry');
    return proxyHeaders(user.name, user.roles, this.#proxySecret);
  }

  async #send<T>(request: CouchRequest, headers: Record<string, string>): Promise<CouchResponse<T>> {
    let status = 0;
    const server = nano({
      url: this.#url,
      parseUrl: false,
      headers: { ...headers },
      log: (event: unknown) => {
        status = (event as { headers?: { statusCode?: number } }).headers?.statusCode ?? status;
      },
    } as nano.Configuration);
    try {
      const body = await server.request({
        method: request.method,
        path: request.path,
        ...(request.query ? { qs: request.query } : {}),
        ...(request.body === undefined
          ? {}
          : typeof request.body === 'string'
            ? { body: request.body, dontStringify: true }
            : { body: request.body }),
        signal: AbortSignal.timeout(this.#timeoutMs),
      } as unknown as nano.RequestOptions);
      // Where the answer breaks off half-way, nano resolves with an empty text.
      if (!request.answersText && typeof body !== 'object')
        throw new StoreUnavailable("CouchDB's answer broke off");
      return { status, body: body as T };
    } catch (thrown) {
      if (thrown instanceof StoreUnavailable) throw thrown;
      const { statusCode, error } = thrown as { statusCode?: number; error?: string };
      if (statusCode !== undefined && request.expect?.includes(statusCode)) {
        return { status: statusCode, body: { error } as T };
      }
      throw asStoreError(request, statusCode, error);
    }
  }
}

/** What proxy authentication believes: a name with its token, and roles that the token does not cover. */
export function proxyHeaders(name: string, roles: readonly string[], secret: string): Record<string, string> {
  return {
    'X-Auth-CouchDB-UserName': name,
    'X-Auth-CouchDB-Roles': roles.filter((role) => HEADER_ROLE_PATTERN.test(role)).join(','),
    'X-Auth-CouchDB-Token': createHmac('sha256', secret).update(name).digest('hex'),
  };
}

function asStoreError(request: CouchRequest, status: number | undefined, error = 'no reason'): Error {
  if (status === undefined) return new StoreUnavailable('CouchDB does not answer');
  if (status >= 500 || status === 429) return new StoreUnavailable(`CouchDB answers ${status}`);
  // The server was not deployed to, has another secret, or another administrator: nothing an entry can be blamed for.
  if (status === 401) return new StoreUnavailable("CouchDB does not accept the gateway's credentials");
  return new CouchRefused(request, status, error);
}
