import { createDevice } from '#device/browser-device.ts';
import type { Device } from '#device/device.ts';
import type { SyncView } from '#device/views.ts';

export interface SignInOrder {
  readonly login: string;
  readonly password: string;
}

/** The product's device, signed in, with everything of its streams on it. */
export async function openSyncedDevice({ login, password }: SignInOrder): Promise<Device> {
  const device = createDevice();
  await until(
    () => device.state.phase !== 'starting',
    (check) => device.onStateChange(check),
  );
  const result = await device.signIn(login, password);
  if (!result.ok) throw new Error(`sign-in: ${result.code}`);
  await syncWhere(device, (sync) => sync.complete && sync.waitingCount === 0);
  return device;
}

/** Resolves with the first state of sync that the condition holds for. */
export function syncWhere(device: Device, holds: (sync: SyncView) => boolean): Promise<SyncView> {
  return new Promise((resolve) => {
    const stop = device.watch({ type: 'sync' }, (sync) => {
      if (!holds(sync)) return;
      queueMicrotask(() => stop());
      resolve(sync);
    });
  });
}

function until(holds: () => boolean, listen: (check: () => void) => () => void): Promise<void> {
  if (holds()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = listen(() => {
      if (!holds()) return;
      stop();
      resolve();
    });
  });
}
