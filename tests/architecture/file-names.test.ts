import { expect, it } from 'vitest';
import { findNameProblem } from './file-names.ts';
import { listProjectFiles } from './source-files.ts';

const named = listProjectFiles().filter((path) => /^(src|tests)\//.test(path));

it('files are named for what is in them', () => {
  expect(named.length).toBeGreaterThan(0);
  expect(named.flatMap((path) => findNameProblem(path) ?? [])).toEqual([]);
});

it.each([
  'src/ui/button.svelte',
  'src/ledger/entryId.ts',
  'src/ledger/Entry.ts',
  'src/ledger/index.ts',
  'src/domain/utils.ts',
  'src/domain/helpers/month.ts',
  'src/ui/my_theme.ts',
])('%s is no name', (path) => {
  expect(findNameProblem(path)).toBeDefined();
});

it.each([
  'src/routes/(app)/register/[homeroom]/+page.svelte',
  'src/routes/+layout.ts',
  'src/hooks.server.ts',
  'src/ui/theme.svelte.ts',
  'src/ui/StatusLight.svelte',
  'src/device/decrypt.worker.ts',
  'src/domain/attendance/recount.property.test.ts',
  'src/domain/oneroster/jis-x-0213.ts',
  'src/domain/attendance/SPEC.md',
])('%s is a name', (path) => {
  expect(findNameProblem(path)).toBeUndefined();
});
