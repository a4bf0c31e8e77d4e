import { posix } from 'node:path';
import ts from 'typescript';
import { lineOf, parseSource, walk } from './parse-source.ts';
import type { SourceFile } from './source-files.ts';

export interface Import {
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
  /** The imported file from the project's root; undefined for a package or one of Kit's virtual modules. */
  readonly target: string | undefined;
  /** False for types, which are gone at run time, and for a worker, which is another program. */
  readonly isLoadedHere: boolean;
}

/** Every way one file names another: import, export … from, import(), a type's import(), new URL(…, import.meta.url). */
export function findImports(file: SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, isLoadedHere: boolean) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const target = resolve(file.path, specifier.text);
    found.push({ from: file.path, line: lineOf(node), specifier: specifier.text, target, isLoadedHere });
  };
  walk(parseSource(file), (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier, !isTypeOnly(node));
    if (ts.isExportDeclaration(node)) add(node, node.moduleSpecifier, !node.isTypeOnly);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
      add(node, node.argument.literal, false);
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], true);
    }
    if (isUrlOfCode(node)) add(node, node.arguments?.[0], false);
  });
  return found;
}

function isTypeOnly({ importClause }: ts.ImportDeclaration): boolean {
  if (!importClause) return false;
  if (importClause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const { name, namedBindings } = importClause;
  return (
    !name &&
    namedBindings !== undefined &&
    ts.isNamedImports(namedBindings) &&
    namedBindings.elements.length > 0 &&
    namedBindings.elements.every((element) => element.isTypeOnly)
  );
}

/** `new URL('./decrypt.worker.ts', import.meta.url)`; the address of a folder or of data is no import. */
function isUrlOfCode(node: ts.Node): node is ts.NewExpression {
  if (!ts.isNewExpression(node) || node.expression.getText() !== 'URL') return false;
  const [path, base] = node.arguments ?? [];
  return (
    path !== undefined &&
    ts.isStringLiteralLike(path) &&
    /^\.{1,2}\/.*\.(ts|js|mjs|svelte)$/.test(path.text) &&
    base?.getText() === 'import.meta.url'
  );
}

function resolve(from: string, specifier: string): string | undefined {
  const path = specifier.replace(/\?.*$/, '');
  if (path.startsWith('#')) return posix.join('src', path.slice(1));
  if (path.startsWith('.')) return posix.join(posix.dirname(from), path);
  return undefined;
}
