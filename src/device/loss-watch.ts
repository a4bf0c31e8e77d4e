import { openChannel, type Channel } from './channel.ts';
import { openDeviceDatabase, type KnownDevice } from './device-database.ts';
import type { Device } from './device.ts';
import { NOTHING_WIPED, wipeDevice, type WipePorts, type WipeState } from './device-wipe.ts';
import { askGateway } from './online-api.ts';
import { sendRows } from './send-rows.ts';
import { deleteDatabase, listDatabases } from './stored-databases.ts';

/** `wiping`: it was reported lost and empties itself. `wiped`: there is nothing here any more. */
export type LossState = 'none' | 'wiping' | 'wiped';

export interface LossWatch {
  readonly state: LossState;
  onChange(listener: () => void): () => void;
  stop(): void;
}

const ASK_MS = 60_000;
const AGAIN_MS = 5_000;
const SETTING = 'wipe';

type LossMessage = { readonly type: LossState | 'released' };

/**
 * Asks the school whether this device was reported lost: at the start, when the network or the person is back, when an
 * exchange is turned away, and now and then; nobody need be signed in. Where it was, it locks every tab and empties
 * the device. A wipe that was begun goes on at the next start before anything else.
 */
export function watchForLoss(device: Device): LossWatch {
  return new BrowserLossWatch(device);
}

class BrowserLossWatch implements LossWatch {
  readonly #device: Device;
  readonly #listeners = new Set<() => void>();
  readonly #channel: Channel<LossMessage>;
  readonly #undo: (() => void)[] = [];
  #state: LossState = 'none';
  #asking = false;

  constructor(device: Device) {
    this.#device = device;
    this.#channel = openChannel<LossMessage>('amenimo-loss', ({ type }) => this.#heard(type));
    const ask = (): void => void this.#ask().catch(reportError);
    const visible = (): void => {
      if (document.visibilityState === 'visible') ask();
    };
    addEventListener('online', ask);
    document.addEventListener('visibilitychange', visible);
    const timer = setInterval(ask, ASK_MS);
    let before = '';
    const stopWatching = device.watch({ type: 'sync' }, ({ phase }) => {
      if (phase !== before && (phase === 'signedOut' || phase === 'offline')) ask();
      before = phase;
    });
    this.#undo.push(
      () => removeEventListener('online', ask),
      () => document.removeEventListener('visibilitychange', visible),
      () => clearInterval(timer),
      stopWatching,
      () => this.#channel.close(),
    );
    void this.#resume().catch(reportError);
  }

  get state(): LossState {
    return this.#state;
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  stop(): void {
    for (const step of this.#undo) step();
  }

  async #resume(): Promise<void> {
    const known = await openDeviceDatabase();
    const begun = parseState(await known.findSetting(SETTING));
    known.close();
    if (begun) await this.#wipe(begun);
    else await this.#ask();
  }

  async #ask(): Promise<void> {
    if (this.#asking || this.#state !== 'none') return;
    this.#asking = true;
    try {
      const known = await openDeviceDatabase();
      known.close();
      const ticket = await askWhetherLost(known.deviceId);
      if (ticket !== null) await this.#wipe({ ticket, report: NOTHING_WIPED });
    } finally {
      this.#asking = false;
    }
  }

  async #wipe(begun: WipeState): Promise<void> {
    if (this.#state !== 'none') return;
    this.#set('wiping');
    this.#channel.post({ type: 'wiping' });
    await started(this.#device);
    await this.#device.lock();
    await navigator.locks.request('amenimo-wipe', async () => {
      if (this.#state !== 'wiping') return;
      await this.#untilDone(begun);
    });
  }

  async #untilDone(begun: WipeState): Promise<void> {
    for (;;) {
      const known = await openDeviceDatabase();
      const state = parseState(await known.findSetting(SETTING)) ?? begun;
      const outcome = await wipeDevice(browserPorts(known), state);
      if (outcome === 'released') await known.keepSetting(SETTING, null);
      known.close();
      if (outcome !== 'waiting') {
        this.#channel.post({ type: outcome });
        this.#heard(outcome);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  /** From another tab of this browser, or from this one. */
  #heard(type: LossMessage['type']): void {
    if (type === 'released') location.reload();
    else if (type === 'wiping' && this.#state === 'none') {
      this.#set('wiping');
      void started(this.#device).then(() => this.#device.lock());
    } else if (type === 'wiped') this.#set('wiped');
  }

  #set(state: LossState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** A device that is still starting reads its databases, and would make anew what was deleted. */
function started(device: Device): Promise<void> {
  if (device.state.phase !== 'starting') return Promise.resolve();
  return new Promise((resolve) => {
    const stop = device.onStateChange(() => {
      if (device.state.phase === 'starting') return;
      stop();
      resolve();
    });
  });
}

/** The ticket where the device is lost; null where it is not, or nobody can say. */
export async function askWhetherLost(device: string): Promise<string | null> {
  const result = await askGateway('POST', '/api/devices/contact', { device }, (answer) => answer);
  if (result.ok || result.code !== 'deviceLost') return null;
  return typeof result.details.ticket === 'string' ? result.details.ticket : null;
}

function browserPorts(known: KnownDevice): WipePorts {
  return {
    keep: (state) => known.keepSetting(SETTING, JSON.stringify(state)),
    databases: listDatabases,
    async deleteDatabase(name) {
      if (name === 'amenimo-device') known.close();
      return deleteDatabase(name);
    },
    send: (ticket, rows) => sendRows(known.deviceId, ticket, rows),
    clearRest,
    async tell({ ticket, report: wiped }) {
      const body = { device: known.deviceId, ticket, wiped };
      const result = await askGateway('POST', '/api/devices/wiped', body, (answer) => answer);
      if (result.ok) return 'told';
      return result.code === 'denied' ? 'denied' : 'unreachable';
    },
  };
}

async function clearRest(): Promise<void> {
  localStorage.clear();
  sessionStorage.clear();
  for (const name of await caches.keys()) await caches.delete(name);
  for (const registration of (await navigator.serviceWorker?.getRegistrations()) ?? []) {
    await registration.unregister();
  }
}

function parseState(text: string | null): WipeState | null {
  return text === null ? null : (JSON.parse(text) as WipeState);
}
