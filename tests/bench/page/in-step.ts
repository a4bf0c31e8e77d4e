import type { Device } from '#device/device.ts';
import { openSyncedDevice, syncWhere, type SignInOrder } from './product-device.ts';

let device: Device | undefined;

/** Signs in and stays: what the school gets from others arrives here by itself. */
export async function keepInStep(order: SignInOrder): Promise<void> {
  device = await openSyncedDevice(order);
}

export async function inStep(): Promise<{ complete: boolean; estimate: number }> {
  if (!device) throw new Error('nobody is signed in');
  const sync = await syncWhere(device, ({ phase }) => phase === 'idle');
  const { usage = 0 } = await navigator.storage.estimate();
  return { complete: sync.complete && sync.progress === null && sync.waitingCount === 0, estimate: usage };
}
