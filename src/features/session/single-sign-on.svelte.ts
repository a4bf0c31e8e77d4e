import type { Device } from '#device/device.ts';
import { DeviceOpening } from '#features/session/device-opening.svelte.ts';

const outcomes = ['done', 'refused', 'unavailable', 'noAccount'] as const;
/** What the school's server says in the address after the way through the provider. */
export type SignInOutcome = (typeof outcomes)[number];

export type SingleSignOnProblem =
  Exclude<SignInOutcome, 'done'> | 'signedOut' | 'offline' | 'serverTrouble' | 'appTooOld';

/** null where an address says nothing of a sign-in. */
export function findSignInOutcome(address: URL): SignInOutcome | null {
  const stated = address.searchParams.get('signIn');
  return outcomes.find((outcome) => outcome === stated) ?? null;
}

/** The same address with nothing of a sign-in in it. */
export function withoutSignInOutcome(address: URL): string {
  const rest = new URL(address);
  rest.searchParams.delete('signIn');
  return `${rest.pathname}${rest.search}${rest.hash}`;
}

/** Where somebody is who signs in by the board's provider: on the way back, at the device's password, or refused. */
export class SingleSignOn {
  /** The school is being asked whose session has begun. */
  busy = $state(false);
  #problem = $state.raw<SingleSignOnProblem | null>(null);
  #opening = $state.raw<DeviceOpening | null>(null);
  #schoolPasswordOf = $state.raw<string | null>(null);

  get problem(): SingleSignOnProblem | null {
    return this.#problem;
  }

  /** Where a password of this device is asked for. */
  get opening(): DeviceOpening | null {
    return this.#opening;
  }

  /** The login of somebody who has to change the school's password first. */
  get schoolPasswordOf(): string | null {
    return this.#schoolPasswordOf;
  }

  async comeBack(outcome: SignInOutcome, device: Device): Promise<void> {
    if (outcome === 'done') await this.arrive(device);
    else this.#problem = outcome;
  }

  /** A session has begun without a password. */
  async arrive(device: Device): Promise<void> {
    this.startAgain();
    this.busy = true;
    try {
      const arrival = await device.singleSignOn.arrive();
      if (!arrival.ok) this.#problem = arrival.code;
      else if (arrival.step === 'schoolPassword') this.#schoolPasswordOf = arrival.login;
      else if (arrival.step !== 'none')
        this.#opening = new DeviceOpening(device, arrival.login, arrival.step, () => this.startAgain());
    } finally {
      this.busy = false;
    }
  }

  startAgain(): void {
    this.#problem = null;
    this.#opening = null;
    this.#schoolPasswordOf = null;
  }
}

export const singleSignOn = new SingleSignOn();
