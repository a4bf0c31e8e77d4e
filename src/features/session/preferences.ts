import type { KeyValueStorage } from '#ui/key-value-storage.ts';

/** The browser's `localStorage`; where even naming it is refused, each call fails and a preference is not kept. */
export const browserPreferences: KeyValueStorage = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value),
};
