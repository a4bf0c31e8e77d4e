import type { NoticeTone } from '#ui/tone.ts';

export interface Toast {
  id: number;
  message: string;
  tone: NoticeTone;
  action: { label: string; onclick: () => void } | undefined;
}

/** Short news that go by themselves: 6 s, 12 s with an action; they wait while looked at. */
export class Toasts {
  items = $state.raw<readonly Toast[]>([]);
  #nextId = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #paused = false;

  show(message: string, options: { tone?: NoticeTone; action?: Toast['action'] } = {}): number {
    const toast = { id: this.#nextId++, message, tone: options.tone ?? 'success', action: options.action };
    for (const old of this.items.slice(0, -2)) this.dismiss(old.id);
    this.items = [...this.items, toast];
    if (!this.#paused) this.#startTimer(toast);
    return toast.id;
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.items = this.items.filter((toast) => toast.id !== id);
    if (this.items.length === 0) this.#paused = false;
  }

  /** Nobody loses a message under the pointer or the focus. */
  pause(): void {
    this.#paused = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  resume(): void {
    this.#paused = false;
    for (const toast of this.items) this.#startTimer(toast);
  }

  #startTimer(toast: Toast): void {
    clearTimeout(this.#timers.get(toast.id));
    this.#timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), toast.action ? 12_000 : 6_000),
    );
  }
}

/** The application's one queue; the shell holds its ToastRegion. */
export const toasts = new Toasts();
