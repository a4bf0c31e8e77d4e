import { createSubscriber } from 'svelte/reactivity';
import type { Device, DeviceState } from '#device/device.ts';
import type { Person } from '#device/views.ts';
import { clock } from './clock.svelte.ts';

const STARTING: DeviceState = { phase: 'starting' };

/** The device as the screens see it: its state is read as a rune, and it may still be on its way. */
export class DeviceSession {
  #device = $state.raw<Device | null>(null);
  #subscribe = createSubscriber((update) => this.#device?.onStateChange(update));

  /** `null` until its code has been loaded. */
  get device(): Device | null {
    return this.#device;
  }

  get state(): DeviceState {
    if (!this.#device) return STARTING;
    this.#subscribe();
    return this.#device.state;
  }

  /** Who is at this device; `null` while it is locked. */
  get person(): Person | null {
    const state = this.state;
    return state.phase === 'open' ? state.person : null;
  }

  attach(device: Device): void {
    this.#device = device;
    clock.follow(device);
  }
}
