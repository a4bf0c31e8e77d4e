import './browser-storage.ts';
import { utf8 } from '../../vault/crypto-port.ts';
import type { KdfParameters } from '../../vault/vault.ts';
import type { SessionAnswer } from '../session-api.ts';
import type { FromWorker, ToWorker } from '../worker/messages.ts';

interface KdfOrder {
  readonly password: string;
  readonly parameters: KdfParameters;
}

/** Stands in for both workers: derives a key at once, and takes down what the page says. */
export class FakeWorker {
  static readonly all: FakeWorker[] = [];
  readonly messages: ToWorker[] = [];
  readonly #isKdf: boolean;
  terminated = false;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onerror: unknown = null;

  constructor(url: URL) {
    this.#isKdf = url.pathname.includes('kdf');
    if (!this.#isKdf) FakeWorker.all.push(this);
  }

  postMessage(message: ToWorker | KdfOrder): void {
    if (this.#isKdf) void this.#derive(message as KdfOrder);
    else {
      this.messages.push(message as ToWorker);
      if ((message as ToWorker).type === 'open') this.say({ type: 'opened' });
      if ((message as ToWorker).type === 'quiet')
        this.say({ type: 'quiet', id: (message as { id: number }).id });
    }
  }

  say(message: FromWorker): void {
    queueMicrotask(() => this.onmessage?.({ data: message }));
  }

  terminate(): void {
    this.terminated = true;
  }

  async #derive({ password, parameters }: KdfOrder): Promise<void> {
    const material = new Uint8Array([...utf8(password), ...parameters.salt]);
    const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', material));
    this.onmessage?.({ data: { bytes } });
  }
}

/** What the gateway knows of accounts, as far as a sign-in needs it. */
export class FakeAccounts {
  readonly passwords = new Map<string, string>();
  readonly sessions = new Map<string, SessionAnswer>();
  online = true;
  /** The name of the provider that there is. */
  provider: string | null = null;
  /** Whose cookie the browser holds. */
  signedIn: string | null = null;
  readonly calls: string[] = [];

  readonly fetch = async (path: string, init: RequestInit = {}): Promise<Response> => {
    this.calls.push(`${init.method ?? 'GET'} ${path}`);
    if (!this.online) throw new TypeError('Failed to fetch');
    if (path === '/api/single-sign-on') return Response.json({ name: this.provider });
    if (path !== '/api/session') return new Response(null, { status: 404 });
    if (init.method === 'POST') {
      const { login, password } = JSON.parse(String(init.body)) as { login: string; password: string };
      if (this.passwords.get(login) !== password)
        return Response.json({ code: 'badCredentials' }, { status: 401 });
      this.signedIn = login;
    }
    if (init.method === 'DELETE') this.signedIn = null;
    const session = this.signedIn === null ? undefined : this.sessions.get(this.signedIn);
    return session ? Response.json(session) : Response.json({ code: 'signedOut' }, { status: 401 });
  };
}

/** Node's own cannot carry keys; a browser's can. */
class FakeBroadcastChannel {
  static readonly #open = new Set<FakeBroadcastChannel>();
  readonly #name: string;
  onmessage: ((event: { data: unknown }) => void) | null = null;

  constructor(name: string) {
    this.#name = name;
    FakeBroadcastChannel.#open.add(this);
  }

  postMessage(data: unknown): void {
    for (const other of FakeBroadcastChannel.#open) {
      if (other === this || other.#name !== this.#name) continue;
      queueMicrotask(() => {
        if (FakeBroadcastChannel.#open.has(other)) other.onmessage?.({ data });
      });
    }
  }

  close(): void {
    FakeBroadcastChannel.#open.delete(this);
  }
}

/** Gives this process the little of a browser that the device asks for. */
export function installFakeBrowser(accounts: FakeAccounts): void {
  const events = new EventTarget();
  const listen = {
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  };
  const values: Record<string, unknown> = {
    ...listen,
    document: { ...listen, dispatchEvent: events.dispatchEvent.bind(events), visibilityState: 'visible' },
    Worker: FakeWorker,
    BroadcastChannel: FakeBroadcastChannel,
    fetch: accounts.fetch,
    reportError: (error: unknown) => {
      throw error;
    },
  };
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  Object.defineProperty(globalThis.navigator, 'locks', {
    // Every lock is another tab's.
    value: { request: async (_name: string, _options: unknown, work: (lock: null) => unknown) => work(null) },
    configurable: true,
  });
  Object.defineProperty(globalThis.navigator, 'storage', {
    value: { persisted: async () => false, persist: async () => true },
    configurable: true,
  });
  Object.defineProperty(globalThis.navigator, 'onLine', { get: () => accounts.online, configurable: true });
}
