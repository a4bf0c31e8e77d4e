import type { Json } from '../ledger/canonical.ts';
import type { Draft, DraftResult, Drafts } from './drafts.ts';

/** What a person has begun to write and not entered: kept on this device while somebody types, for them alone. */
export interface DraftPort {
  /** Over what was kept under the key; resolves once this value, or a later one, is durable on this disk. */
  save(key: string, value: Json): Promise<DraftResult>;
  /** Null where nothing is kept under the key, or another vault holds it. */
  find(key: string): Promise<Draft | null>;
  /** Every draft of this person that can be read. */
  list(): Promise<readonly Draft[]>;
  /** After it became an entry, or was given up. */
  drop(key: string): Promise<DraftResult>;
}

/** The drafts of whoever is at the device; what is in hand is written when the field or the page is left. */
export function draftPort(open: () => Drafts | undefined): DraftPort {
  const flush = (): void => void open()?.flush();
  for (const leaving of ['focusout', 'pagehide']) addEventListener(leaving, flush);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') flush();
  });
  return {
    save: async (key, value) => open()?.save(key, value) ?? { ok: false, code: 'locked' },
    find: async (key) => open()?.find(key) ?? null,
    list: async () => open()?.list() ?? [],
    drop: async (key) => open()?.drop(key) ?? { ok: false, code: 'locked' },
  };
}
