import { readPreference, writePreference, type KeyValueStorage } from '#ui/key-value-storage.ts';

export const locales = ['ja', 'en'] as const;
export type Locale = (typeof locales)[number];

const preferenceKey = 'amenimo.locale';

export function isLocale(value: unknown): value is Locale {
  return (locales as readonly unknown[]).includes(value);
}

/** The language of the screens. Japanese unless the user chose otherwise on this device. */
export class LocaleState {
  #current = $state<Locale>('ja');
  #storage: KeyValueStorage | undefined;
  #root: Pick<HTMLElement, 'lang'> | undefined;

  get current(): Locale {
    return this.#current;
  }

  /** Once, when the app starts: takes up the kept choice and sets `<html lang>`. */
  start(storage: KeyValueStorage, root: Pick<HTMLElement, 'lang'>): void {
    this.#storage = storage;
    this.#root = root;
    const kept = readPreference(storage, preferenceKey);
    this.#apply(isLocale(kept) ? kept : 'ja');
  }

  choose(locale: Locale): void {
    this.#apply(locale);
    if (this.#storage) writePreference(this.#storage, preferenceKey, locale);
  }

  #apply(locale: Locale): void {
    this.#current = locale;
    if (this.#root) this.#root.lang = locale;
  }
}

export const locale = new LocaleState();
