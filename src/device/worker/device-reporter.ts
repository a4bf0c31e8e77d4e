import type { StreamKey } from '../../ledger/stream.ts';
import type { StreamState } from '../../sync/protocol.ts';
import { askGateway } from '../online-api.ts';
import type { PersonDatabase } from '../person-database.ts';

/** Counts change with every mark; the school need not hear of each. */
const PAUSE_MS = 300_000;

/** Tells the school what lies on this device and how it is kept: no name, no content. */
export class DeviceReporter {
  readonly #db: PersonDatabase;
  readonly #now: () => number;
  #toldAt: number;
  #told: readonly string[] = [];
  #busy = false;

  /** `now` only goes forward. */
  constructor(db: PersonDatabase, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.#toldAt = now();
  }

  /**
   * After an exchange, which has told the school what it handed out: now and then says how much it has become, and at
   * once where a stream has gone.
   */
  async report(states: Readonly<Record<StreamKey, StreamState>>, waiting: number): Promise<void> {
    const kinds = Object.keys(states);
    const isGone = this.#told.some((key) => !kinds.includes(key));
    if (!isGone) this.#told = kinds;
    if (this.#busy || (!isGone && this.#now() - this.#toldAt < PAUSE_MS)) return;
    this.#busy = true;
    try {
      const vault = await this.#db.findVault();
      const body = {
        streams: Object.entries(states).map(([key, { count }]) => ({ key, count })),
        protection: protectionOf(vault?.stored.kdf.algorithm),
        // Blocks, journal, drafts and profile have no other form on the disk.
        encrypted: true,
        waiting,
      };
      const result = await askGateway('POST', '/api/devices/report', body, (answer) => answer);
      if (!result.ok) return;
      this.#told = kinds;
      this.#toldAt = this.#now();
    } finally {
      this.#busy = false;
    }
  }
}

/** By what opens the vault that the database keeps; none kept: it lives in memory. */
function protectionOf(algorithm: 'argon2id' | undefined): 'password' | 'memory' {
  return algorithm === 'argon2id' ? 'password' : 'memory';
}
