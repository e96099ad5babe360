import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backendEnvironment, type BackendEnvironment } from '../../../src/shared/backend.js';
import { defaultSettingsPath, openSettings } from '../../../src/main/settings/settings.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-settings-'));
  path = join(folder, 'settings.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const readJson = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));
const codes = (notices: { code: string }[]): string[] => notices.map(({ code }) => code);

describe('settings', () => {
  test('start with defaults that choose no output, and write nothing by themselves', async () => {
    const { values, notices } = await openSettings(path);
    expect(values).toMatchObject({ engine: 'gtcrn', level: 1, bypass: false, output: null, periodFrames: 256 });
    expect(values.input).toEqual({ id: 'default', name: 'default' });
    expect(notices).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  test('come back after a restart', async () => {
    const first = await openSettings(path);
    await first.update({ level: 0.25, output: { id: 'pulse:headset', name: 'Headset' } });
    const second = await openSettings(path);
    expect(second.values).toEqual(first.values);
    expect(second.notices).toEqual([]);
  });

  test('take language and theme one by one, and the usual one for a value that this version does not know', async () => {
    await writeFile(path, '{ "language": "tlh", "theme": "dark" }');
    const { values, notices } = await openSettings(path);
    expect(values).toMatchObject({ language: 'system', theme: 'dark' });
    expect(notices.map(({ params }) => params['field'])).toEqual(['language']);
  });

  test('read again which accounts another process added or removed, and nothing of what waits is lost', async () => {
    const ours = await openSettings(path);
    await ours.update({ credentialAccounts: ['a', 'b'] });
    const theirs = await openSettings(path);
    await theirs.update({ credentialAccounts: ['b', 'theirs'] });
    await ours.rereadAccounts();
    expect(ours.values.credentialAccounts).toEqual(['b', 'theirs']);

    // This cannot be written now, and counts all the same.
    await rm(`${path}.bak`);
    await mkdir(`${path}.bak`);
    await expect(ours.update({ credentialAccounts: ['b', 'theirs', 'ours'] })).rejects.toMatchObject({
      code: 'settings.unwritable',
    });
    await writeFile(path, JSON.stringify({ credentialAccounts: ['theirs', 'new'] }));
    await ours.rereadAccounts();
    expect(ours.values.credentialAccounts).toEqual(['theirs', 'new', 'ours']);

    for (const text of ['broken', null]) {
      if (text === null) await rm(path);
      else await writeFile(path, text);
      await ours.rereadAccounts();
      expect(ours.values.credentialAccounts).toEqual(['theirs', 'new', 'ours']);
    }
  });

  test('make the folders of their path', async () => {
    const deep = join(folder, 'a', 'b', 'settings.json');
    await (await openSettings(deep)).update({ bypass: true });
    expect((await openSettings(deep)).values.bypass).toBe(true);
  });

  test('keep fields that this version does not know', async () => {
    await writeFile(path, '{ "level": 0.5, "laterField": { "a": [1] } }');
    await (await openSettings(path)).update({ bypass: true });
    expect(await readJson(path)).toMatchObject({ level: 0.5, bypass: true, laterField: { a: [1] } });
  });

  test.each(['takes', '', '../takes', '\\\\server\\share', '//server/share'])(
    'do not take %j for a folder of recordings',
    async (recordingsFolder) => {
      await writeFile(path, JSON.stringify({ recordingsFolder }));
      const { values, notices } = await openSettings(path);
      expect(values.recordingsFolder).toBeNull();
      expect(notices).toEqual([{ code: 'settings.field-ignored', params: { field: 'recordingsFolder' } }]);
      await writeFile(path, JSON.stringify({ recordingsFolder: tmpdir() }));
      expect((await openSettings(path)).values.recordingsFolder).toBe(tmpdir());
    },
  );

  test('replace a value of a wrong type by its default, say so, and keep the others', async () => {
    await writeFile(path, '{ "level": "loud", "engine": "steam", "periodFrames": 128, "input": 7 }');
    const { values, notices } = await openSettings(path);
    expect(values).toMatchObject({ level: 1, engine: 'gtcrn', periodFrames: 128, input: { id: 'default' } });
    expect(notices.map(({ params }) => params['field'])).toEqual(['engine', 'level', 'input']);
    expect(new Set(codes(notices))).toEqual(new Set(['settings.field-ignored']));
  });

  test.each(['{ "level": 0.', '', '[]', 'null', '\0\0\0'])(
    'use the last good copy when the file holds %j',
    async (broken) => {
      const store = await openSettings(path);
      await store.update({ level: 0.4 });
      await store.update({ level: 0.6 });
      await writeFile(path, broken);
      const recovered = await openSettings(path);
      expect(recovered.values.level).toBe(0.6);
      expect(codes(recovered.notices)).toEqual(['settings.recovered']);
      await recovered.update({ bypass: true });
      expect(await readJson(path)).toMatchObject({ level: 0.6, bypass: true });
      expect(await readFile(`${path}.broken`, 'utf8')).toBe(broken);
    },
  );

  test('start with defaults when file and copy are broken', async () => {
    await writeFile(path, '{');
    await writeFile(`${path}.bak`, '}');
    const { values, notices } = await openSettings(path);
    expect(values.level).toBe(1);
    expect(codes(notices)).toEqual(['settings.lost']);
  });

  test('that were deleted begin anew', async () => {
    await (await openSettings(path)).update({ level: 0.3 });
    await rm(path);
    const { values, notices } = await openSettings(path);
    expect(values.level).toBe(1);
    expect(notices).toEqual([]);
  });

  test('of two processes hold the choices of both', async () => {
    const [first, second] = [await openSettings(path), await openSettings(path)];
    await first.update({ level: 0.3 });
    await second.update({ bypass: true });
    await first.update({ engine: 'bypass' });
    expect(await readJson(path)).toMatchObject({ level: 0.3, bypass: true, engine: 'bypass' });
  });

  test('end with the last of many changes, leaving no temporary file', async () => {
    const store = await openSettings(path);
    await Promise.all(Array.from({ length: 50 }, (_, step) => store.update({ level: step / 100 })));
    expect(await readJson(path)).toMatchObject({ level: 0.49 });
    expect((await readdir(folder)).toSorted()).toEqual(['settings.json', 'settings.json.bak']);
  });

  test('can be read by their user only', async () => {
    await (await openSettings(path)).update({ level: 0.3 });
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  test('say when they cannot be written, hold for the session, and try again with the next change', async () => {
    const store = await openSettings(join(folder, 'file', 'settings.json'));
    await writeFile(join(folder, 'file'), 'not a folder');
    await expect(store.update({ level: 0.2 })).rejects.toMatchObject({ code: 'settings.unwritable' });
    expect(store.values.level).toBe(0.2);
    await store.flush();
    await rm(join(folder, 'file'));
    await store.update({ bypass: true });
    expect(await readJson(store.path)).toMatchObject({ level: 0.2, bypass: true });
  });

  test('that cannot be read do not stop the program, and are never replaced', async () => {
    await mkdir(path);
    const store = await openSettings(path);
    expect(store.values.level).toBe(1);
    expect(codes(store.notices)).toEqual(['settings.unreadable']);
    await expect(store.update({ level: 0.2 })).rejects.toMatchObject({
      code: 'settings.unwritable',
      params: { detail: 'EISDIR' },
    });
    expect(await readdir(folder)).toEqual(['settings.json']);
  });

  test.skipIf(process.getuid?.() === 0 || process.platform === 'win32')(
    'without the permission to read them stay as they are (root may read everything)',
    async () => {
      await writeFile(path, '{ "level": 0.5 }', { mode: 0o200 });
      await expect((await openSettings(path)).update({ bypass: true })).rejects.toMatchObject({
        code: 'settings.unwritable',
        params: { detail: 'EACCES' },
      });
      await chmod(path, 0o600);
      expect(await readFile(path, 'utf8')).toBe('{ "level": 0.5 }');
    },
  );

  test('take a file with a byte order mark', async () => {
    await writeFile(path, '\uFEFF{ "level": 0.7 }');
    await chmod(path, 0o600);
    expect((await openSettings(path)).values.level).toBe(0.7);
  });
});

describe('environments in the settings', () => {
  const named = (name: string, url = ''): BackendEnvironment => backendEnvironment.parse({ name, url });
  const read = async () => (await readJson(path)) as { backend: { active: string; environments: { name: string }[] } };
  const namesOf = (environments: { name: string }[]): string[] => environments.map(({ name }) => name);

  test('are development, staging and production, without an address', async () => {
    const { backend, fallback, licensed, credentialAccounts } = (await openSettings(path)).values;
    expect(backend.active).toBe('production');
    expect(backend.environments.map(({ name, url }) => [name, url])).toEqual([
      ['development', ''],
      ['staging', ''],
      ['production', ''],
    ]);
    expect({ fallback, credentialAccounts }).toEqual({ fallback: 'gtcrn', credentialAccounts: [] });
    expect(licensed).toEqual({ libraryPath: null, modelPath: null, vadModelPath: null, otel: null });
  });

  test('that are wrong cost neither the others nor their own place in the file', async () => {
    const wrong = { name: 'staging', timeoutMs: 'soon' };
    const twice = { name: 'LIVE', url: 'https://b.example' };
    const environments = [{ name: 'live', url: 'https://a.example', later: [1] }, wrong, twice, 7];
    await writeFile(path, JSON.stringify({ level: 0.5, backend: { active: 'live', environments, laterField: true } }));
    const store = await openSettings(path);
    expect(store.values.level).toBe(0.5);
    expect(namesOf(store.values.backend.environments)).toEqual(['live']);
    expect(store.notices.map(({ code, params }) => [code, params['name']])).toEqual([
      ['settings.environment-ignored', 'staging'],
      ['settings.environment-ignored', 'LIVE'],
      ['settings.environment-ignored', '#4'],
    ]);
    await store.update({ backend: { active: 'live', environments: [named('live', 'https://c.example')] } });
    const { backend } = await read();
    expect(backend).toMatchObject({ active: 'live', laterField: true });
    expect(backend.environments).toEqual([{ ...named('live', 'https://c.example'), later: [1] }, wrong, twice, 7]);
  });

  test.each(['x', { active: 'live' }, { environments: {} }])(
    'are the usual ones when the field is %j',
    async (backend) => {
      await writeFile(path, JSON.stringify({ backend }));
      const { values, notices } = await openSettings(path);
      expect(namesOf(values.backend.environments)).toEqual(['development', 'staging', 'production']);
      expect(codes(notices)).toEqual(['settings.field-ignored']);
    },
  );

  test('of two processes are merged one by one, and so are accounts', async () => {
    await (
      await openSettings(path)
    ).update({ backend: { active: 'a', environments: [named('a'), named('b'), named('c')] } });
    const [first, second] = [await openSettings(path), await openSettings(path)];
    await first.update({
      backend: { active: 'a', environments: [named('a', 'https://a.example'), named('c')] },
      credentialAccounts: ['backend:a'],
    });
    await second.update({
      backend: { active: 'd', environments: [named('a'), named('b'), named('c'), named('d')] },
      credentialAccounts: ['backend:d'],
    });
    await first.update({
      backend: { active: 'a', environments: [named('a', 'https://a.example')] },
      credentialAccounts: [],
    });
    const { values } = await openSettings(path);
    expect(values.backend.environments).toEqual([named('a', 'https://a.example'), named('d')]);
    expect(values.backend.active).toBe('d');
    expect(values.credentialAccounts).toEqual(['backend:d']);
  });
});

describe('the path', () => {
  test.each([
    ['linux', {}, '/home/me/.config/limpid/settings.json'],
    ['linux', { XDG_CONFIG_HOME: '/x' }, '/x/limpid/settings.json'],
    ['darwin', {}, '/home/me/Library/Application Support/Limpid/settings.json'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/Limpid/settings.json'],
    ['linux', { LIMPID_CONFIG: '/mine.json' }, '/mine.json'],
  ] as const)('on %s with %j is %s', (platform, environment, expected) => {
    expect(defaultSettingsPath(environment, platform, '/home/me')).toBe(expected);
  });
});
