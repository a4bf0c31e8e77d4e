import ts from 'typescript';
import { lineOf, parseSource, walk } from './parse-source.ts';
import type { SourceFile } from './source-files.ts';

/** Time, chance, network, storage, console: below `device` and `gateway` they come in through a port. */
const AMBIENT_GLOBALS = new Set([
  ...['performance', 'setTimeout', 'setInterval', 'setImmediate', 'requestAnimationFrame', 'queueMicrotask'],
  ...['crypto', 'fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource', 'BroadcastChannel', 'Worker'],
  ...['indexedDB', 'localStorage', 'sessionStorage', 'caches', 'navigator', 'location', 'document', 'window'],
  ...['self', 'globalThis', 'global', 'process', 'console', 'require'],
]);

/** These read a date in the time zone of the machine; a school's day is Japan's wherever the server stands. */
const ZONED_METHODS =
  /^(get|set)(FullYear|Month|Date|Day|Hours|Minutes|Seconds|Milliseconds|TimezoneOffset)$|^toLocale(Date|Time)?String$/;

/** Each use of something ambient in a file, as a sentence. Types (`typeof fetch`) and local names do not count. */
export function findAmbientUse(file: SourceFile): string[] {
  const found: string[] = [];
  const report = (node: ts.Node, what: string) => found.push(`${file.path}:${lineOf(node)} uses ${what}`);
  walk(parseSource(file), (node) => {
    if (isDateNow(node)) report(node, 'Date.now()');
    if (isMember(node, 'Math', 'random')) report(node, 'Math.random()');
    if (isDateWithoutInstant(node)) report(node, 'the present moment');
    if (ts.isNewExpression(node) && isGlobal(node.expression, 'Date') && (node.arguments?.length ?? 0) > 1) {
      report(node, "the machine's time zone (new Date with parts)");
    }
    if (ts.isPropertyAccessExpression(node) && ZONED_METHODS.test(node.name.text)) {
      report(node, `the machine's time zone or language (${node.name.text})`);
    }
    if (ts.isIdentifier(node) && AMBIENT_GLOBALS.has(node.text) && isGlobal(node, node.text))
      report(node, node.text);
  });
  return found;
}

function isDateNow(node: ts.Node): boolean {
  return isMember(node, 'Date', 'now');
}

/** `object.name`, `object['name']`, or `const { name } = object`. */
function isMember(node: ts.Node, object: string, name: string): boolean {
  if (ts.isPropertyAccessExpression(node))
    return isGlobal(node.expression, object) && node.name.text === name;
  if (ts.isElementAccessExpression(node)) {
    const key = node.argumentExpression;
    return isGlobal(node.expression, object) && ts.isStringLiteralLike(key) && key.text === name;
  }
  if (ts.isVariableDeclaration(node) && node.initializer && ts.isObjectBindingPattern(node.name)) {
    return (
      isGlobal(node.initializer, object) &&
      node.name.elements.some((element) => (element.propertyName ?? element.name).getText() === name)
    );
  }
  return false;
}

function isDateWithoutInstant(node: ts.Node): boolean {
  if (ts.isNewExpression(node))
    return isGlobal(node.expression, 'Date') && (node.arguments?.length ?? 0) === 0;
  return ts.isCallExpression(node) && isGlobal(node.expression, 'Date');
}

/** Whether the node refers to the global of that name: a value, not a member's name, and not declared around it. */
function isGlobal(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name && isValueReference(node) && !isDeclaredAround(node);
}

function isValueReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isBindingElement(parent)) return parent.initializer === node;
  if (ts.isVariableDeclaration(parent) || ts.isParameter(parent)) return parent.initializer === node;
  if (ts.isPropertyDeclaration(parent) || ts.isEnumMember(parent)) return parent.initializer === node;
  if (ts.isExportSpecifier(parent)) return (parent.propertyName ?? parent.name) === node;
  if (ts.isImportSpecifier(parent) || ts.isImportClause(parent) || ts.isNamespaceImport(parent)) return false;
  if (ts.isTypeQueryNode(parent) || ts.isTypeNode(parent) || ts.isQualifiedName(parent)) return false;
  if (ts.isTypeElement(parent) || ts.isTypeParameterDeclaration(parent)) return false;
  if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent)) return false;
  return (
    !(ts.isFunctionLike(parent) || ts.isClassLike(parent) || isTypeDeclaration(parent)) ||
    parent.name !== node
  );
}

function isTypeDeclaration(node: ts.Node): node is ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
}

function isDeclaredAround(reference: ts.Identifier): boolean {
  for (let scope: ts.Node | undefined = reference.parent; scope; scope = scope.parent) {
    if (declaredIn(scope).has(reference.text)) return true;
  }
  return false;
}

function declaredIn(scope: ts.Node): Set<string> {
  const names = new Set<string>();
  const add = (name: ts.BindingName | undefined) => {
    if (!name) return;
    if (ts.isIdentifier(name)) names.add(name.text);
    else name.elements.forEach((element) => ts.isBindingElement(element) && add(element.name));
  };
  const addList = ({ declarations }: ts.VariableDeclarationList) =>
    declarations.forEach(({ name }) => add(name));
  if (ts.isFunctionLike(scope)) scope.parameters.forEach(({ name }) => add(name));
  if (ts.isCatchClause(scope)) add(scope.variableDeclaration?.name);
  if (ts.isForStatement(scope) || ts.isForOfStatement(scope) || ts.isForInStatement(scope)) {
    if (scope.initializer && ts.isVariableDeclarationList(scope.initializer)) addList(scope.initializer);
  }
  if (ts.isBlock(scope) || ts.isSourceFile(scope) || ts.isCaseOrDefaultClause(scope)) {
    for (const statement of scope.statements) {
      if (ts.isVariableStatement(statement)) addList(statement.declarationList);
      if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) add(statement.name);
      if (ts.isImportDeclaration(statement)) {
        const { name, namedBindings } = statement.importClause ?? {};
        add(name);
        if (namedBindings && ts.isNamespaceImport(namedBindings)) add(namedBindings.name);
        if (namedBindings && ts.isNamedImports(namedBindings))
          namedBindings.elements.forEach((it) => add(it.name));
      }
    }
  }
  return names;
}
