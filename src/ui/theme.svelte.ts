import { readPreference, writePreference, type KeyValueStorage } from '#ui/key-value-storage.ts';

export const themeChoices = ['auto', 'light', 'dark'] as const;
export type ThemeChoice = (typeof themeChoices)[number];

const preferenceKey = 'amenimo.theme';

/** Paper (--surface) of each theme, for the browser's own bar. The metas in app.html say the same. */
const barColours = { light: '#fffdf9', dark: '#151f2d' } as const;

function isThemeChoice(value: unknown): value is ThemeChoice {
  return (themeChoices as readonly unknown[]).includes(value);
}

/** Light, dark, or as the device has it. */
export class Theme {
  #choice = $state<ThemeChoice>('auto');
  #storage: KeyValueStorage | undefined;
  #document: Document | undefined;

  get choice(): ThemeChoice {
    return this.#choice;
  }

  /** Once, when the app starts: takes up the kept choice. */
  start(storage: KeyValueStorage, document: Document): void {
    this.#storage = storage;
    this.#document = document;
    const kept = readPreference(storage, preferenceKey);
    this.#apply(isThemeChoice(kept) ? kept : 'auto');
  }

  choose(choice: ThemeChoice): void {
    this.#apply(choice);
    if (this.#storage) writePreference(this.#storage, preferenceKey, choice);
  }

  #apply(choice: ThemeChoice): void {
    this.#choice = choice;
    if (!this.#document) return;
    const root = this.#document.documentElement;
    if (choice === 'auto') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', choice);
    for (const meta of this.#document.querySelectorAll('meta[name="theme-color"]')) {
      const own = meta.getAttribute('media')?.includes('dark') ? 'dark' : 'light';
      meta.setAttribute('content', barColours[choice === 'auto' ? own : choice]);
    }
  }
}

export const theme = new Theme();
