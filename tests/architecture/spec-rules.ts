import ts from 'typescript';
import { lineOf, parseSource, walk } from './parse-source.ts';
import type { SourceFile } from './source-files.ts';

export interface Rule {
  readonly id: string;
  /** `src/ledger/SPEC.md:12` */
  readonly at: string;
}

/** The rules of a SPEC.md: each line that begins `- **AT1**`. */
export function findRules({ path, text }: SourceFile): Rule[] {
  return text.split('\n').flatMap((line, index) => {
    const id = /^- \*\*([A-Z]{2,3}\d+)\*\*\s+\S/.exec(line)?.[1];
    return id ? [{ id, at: `${path}:${index + 1}` }] : [];
  });
}

/** Lines of a SPEC.md that look like a rule in another form, and would go unchecked. */
export function findMalformedRules({ path, text }: SourceFile): string[] {
  return text.split('\n').flatMap((line, index) => {
    const looksLikeRule = /^\s*(?:[-*+]\s+|\d+\.\s+)?(?:\*\*|__)?\[?[A-Z]{2,3}\d+[a-z]?\b/.test(line);
    return looksLikeRule && !/^- \*\*[A-Z]{2,3}\d+\*\*\s+\S/.test(line)
      ? [`${path}:${index + 1} ${line}`]
      : [];
  });
}

/**
 * The rule ids that titles of tests cite as `[AT1]` or `[AT1, AT2]`. A file that runs tables of cases (`test.each`)
 * also cites each case's `rule: 'AT1'`. A test that is skipped cites nothing.
 */
export function findCitedRules(file: SourceFile): Rule[] {
  const cited: Rule[] = [];
  const inTables: Rule[] = [];
  let runsTables = false;
  walk(parseSource(file), (node) => {
    const at = `${file.path}:${lineOf(node)}`;
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === 'rule' &&
      ts.isStringLiteral(node.initializer)
    ) {
      inTables.push({ id: node.initializer.text.replace(/^\[|\]$/g, ''), at });
    }
    if (!ts.isCallExpression(node)) return;
    const names = calledNames(node.expression);
    if (!isRunTest(names)) return;
    runsTables ||= names.includes('each') || names.includes('for');
    for (const [, ids = ''] of titleOf(node).matchAll(/\[([A-Z]{2,3}\d+(?:\s*,\s*[A-Z]{2,3}\d+)*)\]/g)) {
      ids.split(/\s*,\s*/).forEach((id) => cited.push({ id, at }));
    }
  });
  return runsTables ? [...cited, ...inTables] : cited;
}

/** `it(…)`, `test.each(…)(…)`, `describe(…)`, unless it is skipped or only planned. */
function isRunTest(names: readonly string[]): boolean {
  return (
    ['it', 'test', 'describe'].includes(names[0] ?? '') &&
    !names.some((name) => ['skip', 'todo', 'fixme', 'fails', 'step'].includes(name))
  );
}

function titleOf({ arguments: [title] }: ts.CallExpression): string {
  if (!title) return '';
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? title.getText() : '';
}

/** `['test', 'each']` for `test.each(cases)`. */
function calledNames(callee: ts.Expression): string[] {
  if (ts.isIdentifier(callee)) return [callee.text];
  if (ts.isPropertyAccessExpression(callee)) return [...calledNames(callee.expression), callee.name.text];
  if (ts.isCallExpression(callee)) return calledNames(callee.expression);
  if (ts.isTaggedTemplateExpression(callee)) return calledNames(callee.tag);
  return [];
}

/** What is wrong between rules and tests, as sentences. */
export function findSpecProblems(specs: readonly SourceFile[], tests: readonly SourceFile[]): string[] {
  const rules = specs.flatMap(findRules);
  const cited = tests.flatMap(findCitedRules);
  const known = new Map<string, Rule>();
  const problems = specs.flatMap(findMalformedRules).map((line) => `${line}: a rule begins "- **AT1** …"`);
  for (const rule of rules) {
    const first = known.get(rule.id);
    if (first) problems.push(`${rule.at} defines ${rule.id} again, after ${first.at}`);
    else known.set(rule.id, rule);
  }
  const citedIds = new Set(cited.map(({ id }) => id));
  for (const { id, at } of known.values()) {
    if (!citedIds.has(id)) problems.push(`${at}: no test cites [${id}]`);
  }
  for (const { id, at } of cited) {
    if (!known.has(id)) problems.push(`${at} cites [${id}], which no SPEC.md defines`);
  }
  for (const spec of specs) {
    if (findRules(spec).length === 0) problems.push(`${spec.path} has no rule`);
  }
  return problems;
}
