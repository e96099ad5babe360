import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkFixed, type LiveChoices } from '../../src/cli/liveSession.js';
import { fixSettings, type FixedSettings } from '../../src/main/settings/fixedSettings.js';
import { openPolicy, type Policy } from '../../src/main/settings/policy.js';
import { openSettings } from '../../src/main/settings/settings.js';

let folder: string;
let policy: Policy;
let settings: FixedSettings;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-live-fixed-'));
  const path = join(folder, 'policy.json');
  const fixed = { engine: 'gtcrn', level: 0.5, input: 'Jabra', output: 'virtual', periodFrames: 128 };
  await writeFile(path, JSON.stringify({ recordingsFolder: join(folder, 'calls'), settings: fixed }));
  policy = await openPolicy(path);
  settings = fixSettings(await openSettings(join(folder, 'settings.json')), policy);
});

test('recordings go where the administrator wants them, or below, and nowhere else', () => {
  const record = (name: string) => () => checkFixed({ record: join(folder, name) }, settings);
  for (const name of ['calls', 'calls/today', 'calls/..today', 'calls/']) expect(record(name)).not.toThrow();
  for (const name of ['', 'takes', 'calls2', 'calls/../takes'])
    expect(record(name)).toThrow(expect.objectContaining({ code: 'policy.locked' }));
  expect(() => checkFixed({ record: 'takes' }, settings)).toThrow(expect.objectContaining({ code: 'policy.locked' }));
});
afterEach(async () => {
  policy.close();
  await rm(folder, { recursive: true, force: true });
});

test.each<[LiveChoices]>([
  [{ engine: 'bypass' }],
  [{ level: 1 }],
  [{ period: 256 }],
  [{ input: 'default' }],
  [{ output: 'Headphones' }],
])('a command line cannot choose what the administrator fixed: %j', (choices) => {
  expect(() => checkFixed(choices, settings)).toThrow(expect.objectContaining({ code: 'policy.locked' }));
});

test.each<[LiveChoices]>([[{}], [{ engine: 'gtcrn', level: 0.5, period: 128, input: 'Jabra', output: 'virtual' }]])(
  'but may say the same, or nothing: %j',
  (choices) => {
    expect(() => checkFixed(choices, settings)).not.toThrow();
  },
);
