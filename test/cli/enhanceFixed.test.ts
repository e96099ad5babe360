import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { followFixed } from '../../src/cli/commands/enhance.js';
import { openPolicy, type Policy } from '../../src/main/settings/policy.js';

let folder: string;
let policy: Policy;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-enhance-fixed-'));
  const path = join(folder, 'policy.json');
  await writeFile(path, JSON.stringify({ settings: { engine: 'bypass', level: 0.5 } }));
  policy = await openPolicy(path);
});
afterEach(async () => {
  policy.close();
  await rm(folder, { recursive: true, force: true });
});

const usual = { engine: 'gtcrn', level: 1 } as const;
const fixed = { engine: 'bypass', level: 0.5 } as const;
const said = () => true;
const left = () => false;

test('what an administrator fixed takes the place of what the command line leaves out', () => {
  expect(followFixed(usual, left, policy)).toEqual(fixed);
  expect(followFixed(fixed, said, policy)).toEqual(fixed);
});

test.each([{ ...fixed, engine: 'gtcrn' } as const, { ...fixed, level: 1 }])(
  'nothing else can be said: %j',
  (choices) => {
    expect(() => followFixed(choices, said, policy)).toThrow(expect.objectContaining({ code: 'policy.locked' }));
  },
);

test('without a policy the command line decides', async () => {
  await rm(policy.path);
  await policy.reload();
  expect(followFixed(usual, left, policy)).toEqual(usual);
  expect(followFixed({ ...usual, level: 0 }, said, policy)).toEqual({ ...usual, level: 0 });
});
