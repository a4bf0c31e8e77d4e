import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const GATEWAY = fileURLToPath(new URL('../../../src/gateway', import.meta.url));

export interface SourceDictionary {
  /** Names of fields that some route reads. */
  readonly fields: readonly string[];
  /** Words that some route compares with. */
  readonly words: readonly string[];
}

/**
 * What the gateway's own sources call the fields and words of its requests, so that a route added tomorrow is
 * attacked in its own terms too.
 */
export function readSourceDictionary(): SourceDictionary {
  const fields = new Set<string>();
  const words = new Set<string>();
  for (const file of readdirSync(GATEWAY, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || /^(testing|practice|control)\//.test(file))
      continue;
    const text = readFileSync(join(GATEWAY, file), 'utf8');
    for (const [, field = ''] of text.matchAll(/^\s*'?([A-Za-z][\w-]{0,40})'?: z\b/gm)) fields.add(field);
    for (const [, word = ''] of text.matchAll(/'([A-Za-z][\w:.-]{1,40})'/g)) words.add(word);
  }
  return { fields: [...fields].sort(), words: [...words].sort() };
}
