import { isQuotaError } from './journal-writer.ts';

export type RoomResult = { readonly ok: true } | { readonly ok: false; readonly code: 'storageFull' };

/** Writes what must be on the disk; that it is full is an answer and no fault. */
export async function whereThereIsRoom(write: () => Promise<unknown>): Promise<RoomResult> {
  try {
    await write();
    return { ok: true };
  } catch (error) {
    if (isQuotaError(error)) return { ok: false, code: 'storageFull' };
    throw error;
  }
}
