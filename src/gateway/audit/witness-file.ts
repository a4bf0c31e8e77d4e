import { readFile, rename, writeFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import type { ChainPlace } from './audit-entry.ts';

/** Remembers outside the database how far a chain has come, so that a database that was set back is noticed. */
export interface AuditWitness {
  /** null: nothing is remembered of this chain. */
  read(gateway: string): Promise<ChainPlace | null>;
  write(gateway: string, place: ChainPlace): Promise<void>;
}

const witnessShape = z.object({ gateway: z.string(), seq: z.int(), hash: z.string() });

/** In a file of its own; it may lag behind the chain by a moment, and is never ahead of it. */
export function createWitnessFile(path: string): AuditWitness {
  return {
    async read(gateway) {
      const text = await readFile(path, 'utf8').catch(() => 'null');
      const parsed = witnessShape.safeParse(parseJson(text));
      if (!parsed.success || parsed.data.gateway !== gateway) return null;
      return { seq: parsed.data.seq, hash: parsed.data.hash };
    },
    async write(gateway, { seq, hash }) {
      const temporary = `${path}.new`;
      await writeFile(temporary, JSON.stringify({ gateway, seq, hash }), { mode: 0o600 });
      await rename(temporary, path);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
