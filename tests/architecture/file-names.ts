/** Kit names these itself. */
const KITS_NAMES =
  /^(\+(page|layout|error|server)(@[\w-]*)?(\.server)?\.(ts|svelte)|hooks\.(server|client)\.ts|service-worker\.ts|app\.(d\.ts|html))$/;
const KEBAB = '[a-z0-9]+(-[a-z0-9]+)*';
const PATTERNS: readonly RegExp[] = [
  new RegExp(`^${KEBAB}(\\.(svelte|worker|property|contract))*(\\.(test|spec|testing|config))?\\.ts$`),
  new RegExp(`^${KEBAB}(\\.(test|spec))?\\.mjs$`),
  new RegExp(`^${KEBAB}\\.d\\.ts$`),
];
/** Names that say nothing, so that everything ends up in them. */
const SAYS_NOTHING = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'shared',
  'lib',
  'index',
  'types',
]);

/** What is wrong with the name of a code file, if anything. */
export function findNameProblem(path: string): string | undefined {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  if (!/\.(ts|mjs|js|svelte)$/.test(name)) return undefined;
  const empty = [...parts, name.split('.')[0] ?? ''].find((part) => SAYS_NOTHING.has(part));
  if (empty) return `${path}: "${empty}" says nothing about what is in it`;
  if (KITS_NAMES.test(name)) return undefined;
  if (name.endsWith('.svelte')) {
    return /^[A-Z][A-Za-z0-9]*\.svelte$/.test(name)
      ? undefined
      : `${path}: a component is named InPascalCase.svelte`;
  }
  return PATTERNS.some((pattern) => pattern.test(name))
    ? undefined
    : `${path}: a module is named in-kebab-case.ts`;
}
