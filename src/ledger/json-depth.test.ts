import { expect, it } from 'vitest';
import { isShallow } from './json-depth.ts';

it('counts how deep a value nests without recursion', () => {
  expect(isShallow('x', 0)).toBe(true);
  expect(isShallow({ a: 1 }, 0)).toBe(true);
  expect(isShallow({ a: {} }, 0)).toBe(false);
  expect(isShallow({ a: [{}] }, 2)).toBe(true);
  expect(isShallow({ a: [{}] }, 1)).toBe(false);
  const deep = JSON.parse(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`) as unknown;
  expect(isShallow(deep, 24)).toBe(false);
});
