export type UpdateState = 'none' | 'available';

export interface AppUpdate {
  readonly state: UpdateState;
  onChange(listener: () => void): () => void;
  /** Takes the new version into use and reloads; call it only when nothing is unsaved on the screen. */
  apply(): void;
  /** Asks whether there is a new version. */
  check(): Promise<void>;
}

const CHECK_MS = 3_600_000;
/** How long the old version may hold up the change; a busy worker does so for minutes. */
const CHANGE_MS = 3_000;

/** Registers the service worker. A new version waits until somebody consents. */
export function registerApp(url = '/service-worker.js'): AppUpdate {
  const listeners = new Set<() => void>();
  let state: UpdateState = 'none';
  let registration: ServiceWorkerRegistration | null = null;
  let applying = false;

  const setAvailable = (): void => {
    if (state === 'available') return;
    state = 'available';
    for (const listener of listeners) listener();
  };

  const follow = (worker: ServiceWorker | null): void => {
    if (!worker) return;
    const look = (): void => {
      // Without a controller this is the first installation, not an update.
      if (worker.state === 'installed' && navigator.serviceWorker.controller) setAvailable();
    };
    worker.addEventListener('statechange', look);
    look();
  };

  const start = async (): Promise<void> => {
    const options = { type: import.meta.env.DEV ? ('module' as const) : ('classic' as const) };
    registration = await navigator.serviceWorker.register(url, options);
    follow(registration.waiting);
    follow(registration.installing);
    registration.addEventListener('updatefound', () => follow(registration?.installing ?? null));
    setInterval(() => void registration?.update().catch(() => undefined), CHECK_MS);
  };

  if ('serviceWorker' in navigator) {
    navigator.serviceWorker.addEventListener('controllerchange', () => {
      if (applying) location.reload();
    });
    // Where it cannot be registered the app works, but not offline; the browser says why in its own words.
    void start().catch(reportError);
  }

  return {
    get state() {
      return state;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    apply() {
      applying = true;
      registration?.waiting?.postMessage({ type: 'SKIP_WAITING' });
      // With its page gone, what held the old version is gone too.
      setTimeout(() => location.reload(), CHANGE_MS);
    },
    async check() {
      await registration?.update().catch(() => undefined);
    },
  };
}
