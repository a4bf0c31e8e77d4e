/** The part of `localStorage` that a preference needs; a browser may refuse it at any call. */
export interface KeyValueStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** A preference is a convenience: a browser that refuses storage loses it and nothing else. */
export function readPreference(storage: KeyValueStorage, key: string): string | null {
  try {
    return storage.getItem(key);
  } catch {
    return null;
  }
}

export function writePreference(storage: KeyValueStorage, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    // see readPreference
  }
}
