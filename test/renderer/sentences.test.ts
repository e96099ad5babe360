import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAst } from 'vite';
import { describe, expect, test } from 'vitest';

/**
 * Sentences live in the catalogue alone: the sources of the window put none together, and hold no words of their own. Read
 * from the syntax tree, so that no language is forgotten in a corner that no test opens.
 */
const root = fileURLToPath(new URL('../../src/renderer/src', import.meta.url));
const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));

type Node = Record<string, unknown> & { type: string };
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

const says = new Set(['text', 'hint', 'describe', 'describeError']);
const isSaying = (value: unknown): boolean =>
  [...nodesOf(value)].some(
    (node) => node.type === 'CallExpression' && isNode(node['callee']) && says.has(String(node['callee']['name'])),
  );

const attributesWithWords = new Set(['aria-label', 'title', 'placeholder', 'alt', 'aria-valuetext', 'label']);
const letters = /\p{L}{2}/u;

/** What is wrong with a source: where, and what. */
function flawsOf(source: string, path: string): string[] {
  const tree = parseAst(source, { lang: path.endsWith('x') ? 'tsx' : 'ts' }, path);
  return [...nodesOf(tree)].flatMap((node) => {
    const at = source.slice(Number(node['start']), Number(node['end'])).slice(0, 100);
    const isJoin =
      (node.type === 'TemplateLiteral' && isSaying(node['expressions']) && !isLineJoin(node)) ||
      (node.type === 'BinaryExpression' && node['operator'] === '+' && isSaying([node['left'], node['right']]));
    if (isJoin) return [`${path}: sentences put together: ${at}`];
    if (node.type === 'JSXText' && letters.test(String(node['value']))) return [`${path}: words in the source: ${at}`];
    if (node.type !== 'JSXAttribute' || !isNode(node['name']) || !isNode(node['value'])) return [];
    const isWords =
      attributesWithWords.has(String(node['name']['name'])) && letters.test(String(node['value']['value'] ?? ''));
    return isWords ? [`${path}: words in an attribute: ${at}`] : [];
  });
}

/** `code: sentence` and lines of a report are no sentences. */
function isLineJoin(node: Node): boolean {
  const quasis = node['quasis'] as { value: { cooked: string } }[];
  return quasis.some(({ value }) => /^[:\n] ?$/.test(value.cooked));
}

/** Protocol, not language. */
const known = new Set([
  'components/AdvancedSettings.tsx: words in the source: POST',
  'components/AdvancedSettings.tsx: words in the source: GET',
]);

describe('the sources of the window', () => {
  test.each(paths)('%s leaves every word to the catalogue', (path) => {
    const flaws = flawsOf(readFileSync(join(root, path), 'utf8'), path.replaceAll('\\', '/'));
    expect(flaws.filter((flaw) => !known.has(flaw))).toEqual([]);
  });

  test.each([
    ['const a = `${text("x")} of ${text("y")}`;'],
    ['const a = text("x") + " " + name;'],
    ['const a = <p>Hello you</p>;'],
    ['const a = <button aria-label="Close it" />;'],
    ['const a = `${n} ${describe(notice).message}`;'],
  ])('a flaw is seen: %s', (source) => {
    expect(flawsOf(source, 'x.tsx')).not.toEqual([]);
  });
});
