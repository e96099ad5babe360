import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { makePolicySchema } from '../../../scripts/lib/policySchema.js';
import { fixableNames } from '../../../src/main/settings/fixedSettings.js';
import { openPolicy } from '../../../src/main/settings/policy.js';
import { environmentFields } from '../../../src/shared/backend.js';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const schemaPath = join(docs, 'policy.schema.json');
const readExample = async (): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(docs, 'policy.example.json'), 'utf8')) as Record<string, unknown>;

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  description?: string;
}

/** Every key that the schema documents, as `backend.environments.url`. */
function keysOf({ properties = {}, items, anyOf = [] }: Node, place = ''): string[] {
  const own = Object.entries(properties).flatMap(([name, node]) => [place + name, ...keysOf(node, `${place}${name}.`)]);
  return [...own, ...(items ? keysOf(items, place) : []), ...anyOf.flatMap((each) => keysOf(each, place))];
}

function keysIn(value: unknown, place = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => keysIn(each, place));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => [place + name, ...keysIn(part, `${place}${name}.`)]);
}

const compile = () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true });
  return ajv.compile(makePolicySchema());
};

test('the documented schema is the one that Limpid reads with (else: npm run policy:schema)', async () => {
  const text = await format(JSON.stringify(makePolicySchema()), {
    ...(await resolveConfig(schemaPath)),
    parser: 'json',
  });
  expect(await readFile(schemaPath, 'utf8')).toBe(text);
});

test('each key of the schema is described', () => {
  const missing: string[] = [];
  const walk = ({ properties = {}, items, anyOf = [] }: Node, place: string): void => {
    for (const [name, node] of Object.entries(properties)) {
      if (!node.description) missing.push(place + name);
      // What lies deeper is described where it lies.
      if (['backend', 'licensed', 'settings', 'updates', 'environments'].includes(name)) walk(node, `${place}${name}.`);
    }
    if (items) walk(items, place);
    for (const each of anyOf) walk(each, place);
  };
  walk(makePolicySchema() as Node, '');
  expect(missing).toEqual([]);
});

test('the example has every documented key, fits the schema, and Limpid takes all of it', async () => {
  const example = await readExample();
  const validate = compile();
  expect(validate(example), JSON.stringify(validate.errors)).toBe(true);
  expect([...new Set(keysIn(example))].toSorted()).toEqual([...new Set(keysOf(makePolicySchema() as Node))].toSorted());

  const folder = await mkdtemp(join(tmpdir(), 'limpid-example-'));
  const path = join(folder, 'policy.json');
  await writeFile(path, JSON.stringify(example));
  const policy = await openPolicy(path);
  policy.close();
  await rm(folder, { recursive: true });
  expect(policy).toMatchObject({ problem: null, notices: [], ignoresVariables: true });
  expect(policy.values?.environments[0]?.fields).toEqual([...environmentFields]);
  const { settings = {} } = policy.values ?? {};
  const fixed = Object.entries(settings).flatMap(([name, value]) =>
    name === 'files' || name === 'licensed' ? Object.keys(value as object).map((part) => `${name}.${part}`) : [name],
  );
  expect(fixed.toSorted()).toEqual([...fixableNames].toSorted());
});

test.each<[string, (example: { settings: object; updates: object }) => void]>([
  ['a key that nobody knows', (example) => Object.assign(example, { lvel: 1 })],
  ['a setting that nobody knows', ({ settings }) => Object.assign(settings, { Theme: 'dark' })],
  ['a wrong value', ({ settings }) => Object.assign(settings, { level: 7 })],
  ['a wrong type', ({ updates }) => Object.assign(updates, { enabled: 'no' })],
])('the schema marks %s', async (_what, spoil) => {
  const example = await readExample();
  spoil(example as { settings: object; updates: object });
  expect(compile()(example)).toBe(false);
});
