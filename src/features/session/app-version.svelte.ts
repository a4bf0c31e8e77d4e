import { createSubscriber } from 'svelte/reactivity';
import type { AppUpdate } from '#device/app-update.ts';

/** Whether a newer version of the app waits for consent. */
export class AppVersion {
  #update = $state.raw<AppUpdate | null>(null);
  #subscribe = createSubscriber((changed) => this.#update?.onChange(changed));

  attach(update: AppUpdate): void {
    this.#update = update;
  }

  get isUpdateAvailable(): boolean {
    this.#subscribe();
    return this.#update?.state === 'available';
  }

  /** Reloads; what is on its way must have been saved before. */
  apply(): void {
    this.#update?.apply();
  }
}

export const appVersion = new AppVersion();
