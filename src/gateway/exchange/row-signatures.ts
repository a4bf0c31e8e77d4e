import type { Entry } from '../../ledger/entry.ts';

/** `unsigned`: nothing there that this gateway could check. `bad`: somebody else's, or of another body. */
export type SignatureState = 'valid' | 'unsigned' | 'bad';

/** Whether an entry was signed by a key of its author. Asked of rows that somebody else hands in. */
export interface RowSignatures {
  check(entry: Entry): Promise<SignatureState>;
}

/** Where no key of any person is known, no row proves its author. */
export const noSignatures: RowSignatures = { check: async () => 'unsigned' };
