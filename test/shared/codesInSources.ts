import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A literal code somewhere in `src`, thrown or handed on as a notice, with the names of its literal parameters. */
export interface CodeUse {
  path: string;
  code: string;
  thrown: boolean;
  /** Null when the parameters are no plain object literal. */
  params: string[] | null;
}

type Node = Record<string, unknown> & { type: string };

/** Finds `new LimpidError('code', { … })` and `{ code: 'code', params: { … } }` by the syntax tree of every source file. */
export function findCodesInSources(): CodeUse[] {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => {
      const path = join('src', name);
      const tree = parseAst(readFileSync(join(root, path), 'utf8'), { lang: name.endsWith('x') ? 'tsx' : 'ts' }, path);
      return [...nodesOf(tree)].flatMap(readUse).map((use) => ({ path, ...use }));
    });
}

/** The codes of `NativeErrorCode` in the addon's interface. */
export function readNativeCodes(): string[] {
  const text = readFileSync(join(root, 'native/index.d.ts'), 'utf8');
  const [, union = ''] = text.split('export type NativeErrorCode =');
  const [codes = ''] = union.split(';\n');
  return [...codes.matchAll(/\| '([^']+)'/g)].map(([, code = '']) => code);
}

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

function readUse(node: Node): Omit<CodeUse, 'path'>[] {
  if (node.type === 'NewExpression' && isNode(node['callee']) && node['callee']['name'] === 'LimpidError') {
    const [code, params] = node['arguments'] as [unknown, unknown];
    return literalsOf(code).map((each) => ({ code: each, thrown: true, params: params ? keysOf(params) : [] }));
  }
  const code = propertyOf(node, 'code');
  const params = propertyOf(node, 'params');
  if (!code || !params) return [];
  return literalsOf(code).map((each) => ({ code: each, thrown: false, params: keysOf(params) }));
}

/** The strings an expression may have: itself, or both sides of a choice. */
function literalsOf(expression: unknown): string[] {
  if (!isNode(expression)) return [];
  if (expression.type === 'ConditionalExpression') {
    return [...literalsOf(expression['consequent']), ...literalsOf(expression['alternate'])];
  }
  return typeof expression['value'] === 'string' ? [expression['value']] : [];
}

function keysOf(expression: unknown): string[] | null {
  if (!isNode(expression) || expression.type !== 'ObjectExpression') return null;
  const properties = expression['properties'] as Node[];
  if (properties.some(({ type }) => type !== 'Property')) return null;
  return properties.map(({ key }) => (isNode(key) ? String(key['name'] ?? key['value']) : ''));
}

function propertyOf(node: Node, name: string): unknown {
  if (node.type !== 'ObjectExpression') return undefined;
  const properties = node['properties'] as Node[];
  return properties.find(({ key }) => isNode(key) && key['name'] === name)?.['value'];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
