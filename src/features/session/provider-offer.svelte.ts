import type { Device } from '#device/device.ts';

/** The board's provider, while it can be reached: the button that leads to it. */
export class ProviderOffer {
  #found = $state.raw<{ readonly name: string; readonly address: string } | null>(null);
  readonly #device: Device;

  constructor(device: Device) {
    this.#device = device;
  }

  get found(): { readonly name: string; readonly address: string } | null {
    return this.#found;
  }

  async look(): Promise<void> {
    this.#found = await this.#device.singleSignOn.findProvider();
  }

  /** Without a network a button to the provider would lead to the browser's own page of error. */
  hide(): void {
    this.#found = null;
  }
}
