import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { canonicalJson } from './canonical.ts';
import { checkEntry, entryShape, makeEntry, type Entry } from './entry.ts';
import { isErased, type StoredEntry } from './erasure.ts';
import { Fold } from './fold.ts';
import { hashText } from './hash.ts';
import { findKind, kinds, type Kind } from './kinds.ts';
import { officialStream, recordsStream, registerStream, type Stream } from './stream.ts';

/**
 * Entries live on other people's devices and disks. When a hash below differs, the shape has changed: raise the
 * kind's version, write the upcast from the old one, add a sample of the new one, and only then the new hash.
 */
const LOCKED: Record<Kind | 'envelope', { version: number; shape: string }> = {
  envelope: { version: 1, shape: 'b32bfc131616390a3cbce33222024edb' },
  attendance: { version: 1, shape: '07337d203c6f479735ecaaa4cb54ac97' },
  closing: { version: 1, shape: 'dc7e8673a6dc64ee238c82bc19088208' },
  enrollment: { version: 1, shape: '45d1325c3c54ff73bb883ea5cbf9f8d6' },
  school: { version: 1, shape: 'fcccacf4ec56aaea1d64f1aa6be997fb' },
  homeroom: { version: 1, shape: '12f65abad06a7e822fc6819364f2b439' },
  staff: { version: 1, shape: '984df8fb7b09f3463657038b344d7ad5' },
  calendar: { version: 1, shape: 'e07a09988d1dc568ba320193437de603' },
  guardian: { version: 1, shape: 'aea0e5249aef2053895b77b10391eca5' },
  studentRecord: { version: 1, shape: '82a2a9463349e37547cc6683d7c8ca65' },
};

const SCHOOL = 'B112210006821';

/** Where a sample lies: its id is bound to it. */
function streamOf(kind: string): Stream {
  switch (findKind(kind)?.database) {
    case 'records':
      return recordsStream(SCHOOL, 2026, 'homeroom-1');
    case 'official1':
    case 'official2':
      return officialStream(SCHOOL, 'official1');
    default:
      return registerStream(SCHOOL, 2026);
  }
}

const sampleFolder = new URL('./samples/', import.meta.url);
const shapeHash = (shape: z.ZodMiniType): string =>
  hashText(canonicalJson(z.toJSONSchema(shape, { unrepresentable: 'any' })));
const sample = (file: string): StoredEntry =>
  JSON.parse(readFileSync(new URL(file, sampleFolder), 'utf8')) as StoredEntry;

test('[LE10] the shape of the envelope and of every kind is locked', () => {
  const actual: Record<string, { version: number; shape: string }> = {
    envelope: { version: 1, shape: shapeHash(entryShape) },
  };
  for (const [kind, { version, value }] of Object.entries(kinds))
    actual[kind] = { version, shape: shapeHash(value) };
  expect(actual).toEqual(LOCKED);
});

test('[LE10] there is a sample of every version of every kind', () => {
  const expected = Object.entries(kinds).flatMap(([kind, { version }]) =>
    Array.from({ length: version }, (_, i) => `${kind}.v${i + 1}.json`),
  );
  expect(readdirSync(sampleFolder).sort()).toEqual([...expected, 'erased.json'].sort());
});

test.each(readdirSync(sampleFolder))('[LE10] sample %s is read with the id it was written with', (file) => {
  const stored = sample(file);
  const fold = new Fold();
  expect(fold.add(stored)).toHaveLength(stored.cells.length);
  expect(fold.findEntry(stored._id)?.readable).toBe(true);
  if (isErased(stored)) return;
  const stream = streamOf(stored.kind);
  expect(checkEntry(stream, stored)).toEqual({ ok: true, entry: stored });
  const { _id, _rev } = makeEntry(stream, stored as Entry);
  expect({ _id, _rev }).toEqual({ _id: stored._id, _rev: stored._rev });
});
