import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './source-files.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const manifest: {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
} = JSON.parse(read('package.json'));
const pinned = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
}
const lock: { packages: Record<string, LockedPackage> } = JSON.parse(read('package-lock.json'));

it('every dependency is pinned to one version, and the lock file holds that one', () => {
  expect(pinned.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  expect(
    pinned.filter(([name, version]) => lock.packages[`node_modules/${name}`]?.version !== version),
  ).toEqual([]);
});

it('the lock file names no registry, so that any mirror serves it', () => {
  expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

it('the lock file holds every package that another asks for, also those of other platforms', () => {
  // A mirror that lacks one platform's binary makes npm write a lock file that npm ci then refuses.
  const missing = Object.entries(lock.packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isLocked(name, path))
      .map((name) => `${path} asks for ${name}`),
  );
  expect(missing).toEqual([]);
});

it('every dependency is justified in one line, and no line is left over', () => {
  const justified = [...read('docs/decisions/dependencies.md').matchAll(/^- `([^`]+)`: \S/gm)].map(
    ([, name]) => name,
  );
  expect(justified.toSorted()).toEqual(pinned.map(([name]) => name).sort());
});

/** Where Node would look: beside the package that asks, then outwards. */
function isLocked(name: string, askedBy: string): boolean {
  for (let folder = askedBy; ; folder = folder.slice(0, Math.max(folder.lastIndexOf('/node_modules/'), 0))) {
    const prefix = folder === '' ? '' : `${folder}/`;
    if (lock.packages[`${prefix}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}
