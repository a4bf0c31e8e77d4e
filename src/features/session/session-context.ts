import { createContext } from 'svelte';
import type { Device } from '#device/device.ts';
import type { Person } from '#device/views.ts';
import type { DeviceSession } from '#features/session/device-session.svelte.ts';

export const [getSession, setSession] = createContext<DeviceSession>();

/** For screens that are shown only while the device is open. */
export interface OpenSession {
  readonly device: Device;
  /** Who was at the device when the screen was set up; `getSession().person` follows changes of role. */
  readonly person: Person;
  /** False for those who hold no register, as the board. */
  readonly hasRegister: boolean;
}

/** Throws where the device is locked: the layout shows no screen then. */
export function getOpenSession(): OpenSession {
  const { device, person } = getSession();
  if (!device || !person) throw new Error('this screen needs an open device');
  return { device, person, hasRegister: person.stream !== null };
}
