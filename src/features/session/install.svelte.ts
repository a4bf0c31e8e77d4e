import { createSubscriber } from 'svelte/reactivity';

/** Chromium's offer to install; not in the DOM's standard types. */
interface BeforeInstallPromptEvent extends Event {
  prompt(): Promise<{ outcome: 'accepted' | 'dismissed' }>;
}

/** Whether, and how, this browser can put the app on the home screen. */
export class InstallOffer {
  #event = $state.raw<BeforeInstallPromptEvent | null>(null);
  dismissed = $state(false);
  #subscribe = createSubscriber((update) => {
    const shown = matchMedia('(display-mode: standalone)');
    shown.addEventListener('change', update);
    return () => shown.removeEventListener('change', update);
  });

  /** Once, as early as possible: the browser offers it only once. */
  listen(target: Window): () => void {
    const offered = (event: Event) => {
      event.preventDefault();
      this.#event = event as BeforeInstallPromptEvent;
    };
    const installed = () => {
      this.#event = null;
      this.dismissed = true;
    };
    target.addEventListener('beforeinstallprompt', offered);
    target.addEventListener('appinstalled', installed);
    return () => {
      target.removeEventListener('beforeinstallprompt', offered);
      target.removeEventListener('appinstalled', installed);
    };
  }

  /** `prompt`: the browser will ask; `ios`: the person must go through Safari's menu; null: installed or impossible. */
  get way(): 'prompt' | 'ios' | null {
    if (this.dismissed) return null;
    this.#subscribe();
    if (matchMedia('(display-mode: standalone)').matches) return null;
    if (this.#event) return 'prompt';
    return isIos(navigator) ? 'ios' : null;
  }

  async install(): Promise<void> {
    const event = this.#event;
    this.#event = null;
    await event?.prompt();
  }
}

// An iPad calls itself a Mac; only the touch points tell.
function isIos({ userAgent, maxTouchPoints }: Navigator): boolean {
  return /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
}

export const installOffer = new InstallOffer();
