import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  fixableNames,
  fixSettings,
  freeSettings,
  type FixedSettings,
} from '../../../src/main/settings/fixedSettings.js';
import { openPolicy, type Policy } from '../../../src/main/settings/policy.js';
import { openSettings, type Settings, type SettingsStore } from '../../../src/main/settings/settings.js';

let folder: string;
let policyPath: string;
let own: SettingsStore;
let policy: Policy;
let settings: FixedSettings;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-fixed-'));
  policyPath = join(folder, 'policy.json');
  own = await openSettings(join(folder, 'settings.json'));
});
afterEach(async () => {
  policy.close();
  await own.flush();
  await rm(folder, { recursive: true, force: true });
});

async function open(content: unknown): Promise<void> {
  if (content !== null) await writeFile(policyPath, typeof content === 'string' ? content : JSON.stringify(content));
  policy = await openPolicy(policyPath);
  expect(content === null || typeof content === 'string' ? null : policy.problem).toBeNull();
  settings = fixSettings(own, policy);
}

async function become(content: unknown): Promise<void> {
  const next = join(folder, 'next.json');
  await writeFile(next, typeof content === 'string' ? content : JSON.stringify(content));
  await rename(next, policyPath);
  await policy.reload();
}

const stored = async (): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(own.path, 'utf8')) as Record<string, unknown>;

/** For each name a value that is fixed, how it then counts, and another one that a user would like. */
const examples: Record<string, { fixed: unknown; counts?: unknown; other: unknown }> = {
  language: { fixed: 'de', other: 'en' },
  theme: { fixed: 'dark', other: 'light' },
  startsAtLaunch: { fixed: true, other: false },
  singleKeyShortcuts: { fixed: false, other: true },
  startsAtLogin: { fixed: true, other: false },
  staysInTray: { fixed: true, other: false },
  notifies: { fixed: false, other: true },
  globalShortcuts: {
    fixed: { toggle: 'Control+Shift+L' },
    counts: { toggle: 'Control+Shift+L', bypass: null, show: null },
    other: { toggle: null, bypass: null, show: null },
  },
  looksForUpdates: { fixed: false, other: true },
  vendorErrorReports: { fixed: true, other: false },
  engine: { fixed: 'aic', other: 'gtcrn' },
  level: { fixed: 0.5, other: 0.7 },
  input: {
    fixed: 'Jabra',
    counts: { id: 'name:Jabra', name: 'Jabra' },
    other: { id: 'default', name: 'default' },
  },
  output: { fixed: 'virtual', counts: { id: 'virtual', name: 'Limpid microphone' }, other: { id: 'x', name: 'x' } },
  monitor: { fixed: null, other: { id: 'x', name: 'x' } },
  periodFrames: { fixed: 128, other: 256 },
  welcomed: { fixed: true, other: false },
  fallback: { fixed: 'bypass', other: 'gtcrn' },
  recordingsFolder: { fixed: '/srv/calls', other: '/home/me' },
  'files.folder': { fixed: '/srv/files', other: null },
  'files.pattern': { fixed: '{name} clean', other: '{name} (mine)' },
  'licensed.libraryPath': { fixed: '/opt/aic', other: '/mine' },
  'licensed.modelPath': { fixed: '/opt/m.aicmodel', other: '/mine' },
  'licensed.vadModelPath': { fixed: null, other: '/mine' },
  'licensed.otel': { fixed: { enable: false, sessionId: null, exportIntervalMs: 60_000 }, other: null },
};
const atTop = new Set(['fallback', 'recordingsFolder']);

/** A policy file, or a change of settings, with one value by its name. */
function withOne(name: string, value: unknown, isFile: boolean): Record<string, unknown> {
  const [first = '', part] = name.split('.');
  const base = isFile ? {} : (own.values[first as keyof Settings] as object);
  const content = part === undefined ? { [first]: value } : { [first]: { ...base, [part]: value } };
  return isFile && first !== 'licensed' && !atTop.has(first) ? { settings: content } : content;
}

function valueOf(values: object, name: string): unknown {
  const [first = '', part] = name.split('.');
  const value = (values as Record<string, unknown>)[first];
  return part === undefined ? value : (value as Record<string, unknown>)[part];
}

describe('what a policy fixes', () => {
  test('is every setting but those with a reason against it', async () => {
    await open(null);
    const covered = new Set(fixableNames.map((name) => name.split('.')[0]));
    expect([...covered, ...Object.keys(freeSettings)].toSorted()).toEqual(Object.keys(own.values).toSorted());
    for (const reason of Object.values(freeSettings)) expect(reason).toMatch(/\w+ \w+/);
    expect(Object.keys(examples).toSorted()).toEqual([...fixableNames].toSorted());
  });

  test.each(Object.keys(examples))(
    'counts over the user’s value, is never written, and leaves it to him when it goes: %s',
    async (name) => {
      const { fixed, other } = examples[name] ?? {};
      const counts = examples[name]?.counts ?? fixed;
      await own.update(withOne(name, other, false) as Partial<Settings>);
      await open(withOne(name, fixed, true));
      expect(settings.locked).toEqual([name]);
      expect(valueOf(settings.values, name)).toEqual(counts);
      expect(settings.lockReason(name)).toMatchObject({ code: 'policy.locked' });
      await expect(settings.update(withOne(name, other, false))).rejects.toMatchObject({ code: 'policy.locked' });
      await settings.update(withOne(name, counts, false));
      await settings.update({ bypass: true });
      expect(valueOf(await stored(), name)).toEqual(other);
      await become({});
      expect(valueOf(settings.values, name)).toEqual(other);
      expect(settings.locked).toEqual([]);
    },
  );
});

describe('settings under a policy', () => {
  test('are the user’s without one', async () => {
    await open(null);
    await settings.update({ level: 0.3 });
    expect(settings.values).toEqual(own.values);
    expect(settings.values).toBe(settings.values);
    expect(settings).toMatchObject({ locked: [], values: { level: 0.3 } });
    expect(settings.lockReason('level')).toBeNull();
  });

  test('refuse a change as a whole when a part of it is fixed', async () => {
    await open({ settings: { theme: 'dark' } });
    await expect(settings.update({ language: 'de', theme: 'light' })).rejects.toMatchObject({ code: 'policy.locked' });
    expect(settings.values).toMatchObject({ language: 'system', theme: 'dark' });
    await settings.update({ language: 'de' });
    expect(settings.values).toMatchObject({ language: 'de', theme: 'dark' });
  });

  test('write beside a fixed part what is not fixed, and keep the user’s own under it', async () => {
    await own.update({ files: { folder: '/home/me', pattern: '{name} (mine)' } });
    await open({ settings: { files: { folder: '/srv/files' } } });
    await settings.update({ files: { ...settings.values.files, pattern: '{name} new' } });
    expect(settings.values.files).toEqual({ folder: '/srv/files', pattern: '{name} new' });
    expect((await stored())['files']).toEqual({ folder: '/home/me', pattern: '{name} new' });
    expect(settings.locked).toEqual(['files.folder']);
    await become({ settings: { files: { folder: '/srv/files', pattern: '{name} new' } } });
    expect(settings.locked).toEqual(['files.folder', 'files.pattern']);
  });

  test('never name an output as its original', async () => {
    await own.update({ files: { folder: '/home/me', pattern: '{name}' } });
    await open({ settings: { files: { folder: null } } });
    expect(settings.values.files).toEqual({ folder: null, pattern: '{name} (enhanced)' });
  });

  test('look for no updates where there are none', async () => {
    await open({ updates: { enabled: false, channel: 'beta', feedUrl: 'https://updates.corp.example/limpid' } });
    expect(policy.updates).toEqual({
      isAllowed: false,
      channel: 'beta',
      feedUrl: 'https://updates.corp.example/limpid',
    });
    expect(settings.values.looksForUpdates).toBe(false);
    expect(settings.locked).toEqual(['looksForUpdates']);
  });

  test('follow a file that is replaced, breaks and goes while Limpid runs', async () => {
    let changes = 0;
    await open({ settings: { level: 0.5 } });
    settings.onChange(() => (changes += 1));
    await become({ settings: { level: 0.6 } });
    expect(settings.values.level).toBe(0.6);
    await become('{ "settings": ');
    expect(settings.values.level).toBe(0.6);
    await expect(settings.update({ level: 1 })).rejects.toMatchObject({ code: 'policy.locked' });
    await rm(policyPath);
    await policy.reload();
    expect(settings.values.level).toBe(1);
    await settings.update({ level: 0.9 });
    expect(settings.values.level).toBe(0.9);
    expect(changes).toBe(3);
  });

  test('are closed as far as a policy goes when it is broken from the start, and no further', async () => {
    await own.update({ level: 0.4 });
    await open('{ "settings": ');
    expect(settings.values.level).toBe(0.4);
    const free = ['input', 'output', 'monitor', 'level', 'welcomed'];
    for (const name of fixableNames.filter((each) => !free.includes(each))) {
      expect(settings.lockReason(name)).toMatchObject({ code: 'policy.broken' });
      const { other, fixed } = examples[name] ?? {};
      const current = valueOf(settings.values, name);
      const wanted = JSON.stringify(other) === JSON.stringify(current) ? (examples[name]?.counts ?? fixed) : other;
      await expect(settings.update(withOne(name, wanted, false))).rejects.toMatchObject({ code: 'policy.broken' });
    }
    const headset = { id: 'x', name: 'x' };
    const chosen = { input: headset, output: headset, monitor: headset, level: 0.7, welcomed: true };
    await settings.update({ ...chosen, bypass: true, confirmedSpeakers: ['a|b'] });
    expect(settings.values).toMatchObject({ ...chosen, bypass: true });
    await become({});
    await settings.update({ level: 0.5 });
    expect(settings.values.level).toBe(0.5);
  });
});
