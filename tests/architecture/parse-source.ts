import { parse as parseSvelte } from 'svelte/compiler';
import ts from 'typescript';
import type { SourceFile } from './source-files.ts';

/** The code of a file as a syntax tree; of a Svelte component, its script blocks. Markup holds no imports. */
export function parseSource(file: SourceFile): ts.SourceFile {
  const code = file.path.endsWith('.svelte') ? scriptsOf(file) : file.text;
  return ts.createSourceFile(file.path, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
}

function scriptsOf({ path, text }: SourceFile): string {
  const { module, instance } = parsedComponent(path, text);
  return [module, instance]
    .flatMap((script) => script ?? [])
    .map(({ content }) => {
      const { start, end } = content as unknown as { start: number; end: number };
      return text.slice(start, end);
    })
    .join('\n;\n');
}

function parsedComponent(path: string, text: string) {
  try {
    return parseSvelte(text, { modern: true });
  } catch (error) {
    throw new Error(`${path} is no component`, { cause: error });
  }
}

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}
