import { describe, expect, it } from 'vitest';
import { readFilesUnder } from './source-files.ts';
import { findSpecProblems } from './spec-rules.ts';

/** Modules that decide something, and so have to say what. */
const WITH_RULES = ['src/ledger', 'src/domain/attendance', 'src/access', 'src/sync', 'src/gateway/audit'];
const specs = readFilesUnder('src', ['SPEC.md']);
const tests = ['src', 'tests']
  .flatMap((folder) => readFilesUnder(folder, ['.test.ts', '.spec.ts', '.test.mjs', '.spec.mjs']))
  .filter(({ path }) => !path.startsWith('tests/architecture/'));

describe('the rules', () => {
  it.each(WITH_RULES)('of %s are written down', (folder) => {
    expect(specs.map(({ path }) => path)).toContain(`${folder}/SPEC.md`);
  });

  it('are unique, each with a test, and every test cites one that exists', () => {
    expect(findSpecProblems(specs, tests)).toEqual([]);
  });
});

describe('the check of rules', () => {
  const spec = { path: 'src/a/SPEC.md', text: '# A\n\n- **ZZ1** One.\n- **ZZ2** Two.\n' };
  const test = (text: string) => ({ path: 'src/a/a.test.ts', text });
  const whole = test(`it('[ZZ1] is so', f); describe('x', () => { it.each([1])('[ZZ2] %s', f); });`);

  it('is content with a test for each rule', () => {
    expect(findSpecProblems([spec], [whole])).toEqual([]);
    const table = `const cases = [{ rule: 'ZZ1' }, { rule: 'ZZ2' }]; test.each(cases)('[$rule] is so', f);`;
    expect(findSpecProblems([spec], [test(table)])).toEqual([]);
    expect(findSpecProblems([spec], [test('test(`[ZZ1, ZZ2] is ${' + 'x}`, f);')])).toEqual([]);
  });

  it.each([
    ['a rule without a test', spec, test(`it('[ZZ1] is so', f);`)],
    ['a rule whose test is skipped', spec, test(`it('[ZZ1] is so', f); it.skip('[ZZ2] is so', f);`)],
    ['a rule cited in a comment only', spec, test(`it('[ZZ1] is so', f); // it('[ZZ2]', f)`)],
    ['a rule in a table that no test runs', spec, test(`it('[ZZ1]', f); const c = [{ rule: 'ZZ2' }];`)],
    ['an unknown id', spec, test(`${whole.text} it('[ZZ3] is so', f);`)],
    ['an id used twice', { ...spec, text: `${spec.text}- **ZZ1** Again.\n` }, whole],
    ['a rule in another form', { ...spec, text: `${spec.text}- ZZ3 Three.\n` }, whole],
  ])('finds %s', (_, specFile, testFile) => {
    expect(findSpecProblems([specFile], [testFile])).toHaveLength(1);
  });

  it('finds a SPEC.md without rules', () => {
    expect(findSpecProblems([{ ...spec, text: '# A\n' }], [])).toHaveLength(1);
  });
});
