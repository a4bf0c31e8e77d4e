import { findImports, type Import } from './imports.ts';
import { isTestFile, type SourceFile } from './source-files.ts';

/** What each part of src/ may import besides itself: downwards only. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  ledger: ['domain'],
  access: ['domain', 'ledger'],
  vault: ['domain', 'ledger'],
  sync: ['domain', 'ledger', 'access', 'vault'],
  device: ['domain', 'ledger', 'access', 'vault', 'sync'],
  gateway: ['domain', 'ledger', 'access', 'vault', 'sync'],
  ui: [],
  features: ['device', 'ui', 'domain', 'ledger', 'access'],
  routes: ['features', 'device', 'ui', 'domain', 'ledger', 'access'],
  'hooks.server.ts': ['gateway'],
  'service-worker.ts': [],
};

/** Packages that bring a runtime, a store or a network, by the parts that may have them. */
const RUNTIME_PACKAGES: readonly { readonly pattern: RegExp; readonly allowedIn: readonly string[] }[] = [
  { pattern: /^node:/, allowedIn: ['gateway', 'hooks.server.ts'] },
  { pattern: /^(nano|leveldown|pouchdb-adapter-leveldb-core)$/, allowedIn: ['gateway'] },
  { pattern: /^pouchdb-core$/, allowedIn: ['gateway', 'device'] },
  { pattern: /^(dexie|pouchdb-adapter-idb)$/, allowedIn: ['device'] },
  { pattern: /^workbox-/, allowedIn: ['service-worker.ts'] },
  { pattern: /^\$service-worker$/, allowedIn: ['service-worker.ts'] },
  { pattern: /^svelte(\/|$)/, allowedIn: ['device', 'ui', 'features', 'routes'] },
  { pattern: /^\$app\//, allowedIn: ['device', 'ui', 'features', 'routes', 'hooks.server.ts'] },
  { pattern: /^@sveltejs\/kit/, allowedIn: ['features', 'routes', 'hooks.server.ts'] },
];

/** Seen from the bundle of start.ts: `build/handler.js`, which Kit writes. */
const KITS_HANDLER = 'src/handler.js';

/** Each import that goes up, sideways, or to a package its part must not know, as a sentence. */
export function findLayerBreaches(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  return files.flatMap((file) =>
    findImports(file).flatMap((found) => {
      const breach = found.target ? breachOf(found, found.target, paths) : packageBreachOf(found);
      return breach ? [`${found.from}:${found.line} imports ${found.specifier}: ${breach}`] : [];
    }),
  );
}

function breachOf(found: Import, target: string, paths: ReadonlySet<string>): string | undefined {
  if (/\/\$types(\.js)?$/.test(target)) return undefined;
  if (found.from === 'src/gateway/start.ts' && target === KITS_HANDLER) return undefined;
  if (!target.startsWith('src/')) {
    if (isTestFile(found.from) || target === 'package.json') return undefined;
    if (partOf(found.from) === 'gateway' && target.startsWith('couch/')) return undefined;
    return 'this is outside src/';
  }
  if (/\.(ts|svelte)$/.test(target) && !paths.has(target)) return 'there is no such file';
  const from = partOf(found.from);
  const to = partOf(target);
  if (isTestFile(target) && !isTestFile(found.from)) return 'only tests may use what is for tests';
  if (from === to) return undefined;
  const allowed = MAY_IMPORT[from];
  if (!allowed) return `${from} has no place in the table of layers`;
  return allowed.includes(to)
    ? undefined
    : `${from} may import ${allowed.join(', ') || 'nothing else in src/'}`;
}

function packageBreachOf({ from, specifier }: Import): string | undefined {
  if (specifier.startsWith('$lib')) return 'the project imports by #…';
  if (isTestFile(from)) return undefined;
  const rule = RUNTIME_PACKAGES.find(({ pattern }) => pattern.test(specifier));
  if (!rule || rule.allowedIn.includes(partOf(from))) return undefined;
  return `only ${rule.allowedIn.join(' and ')} may`;
}

/** `domain` for src/domain/…, `hooks.server.ts` for src/hooks.server.ts. */
export function partOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** Import cycles at run time, each as `a → b → a`, found once. Types are gone by then and do not count. */
export function findCycles(files: readonly SourceFile[]): string[] {
  const imports = new Map(
    files.map((file) => [
      file.path,
      findImports(file).flatMap(({ isLoadedHere, target }) => (isLoadedHere && target ? [target] : [])),
    ]),
  );
  const cycles: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]) => {
    const seenAt = trail.indexOf(path);
    if (seenAt >= 0) cycles.push([...trail.slice(seenAt), path].join(' → '));
    if (seenAt >= 0 || finished.has(path)) return;
    for (const target of imports.get(path) ?? []) visit(target, [...trail, path]);
    finished.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return cycles;
}
