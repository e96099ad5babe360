import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Credentials } from '../../../src/main/auth/credentials.js';
import { defaultSettingsPath, openSettings, type SettingsStore } from '../../../src/main/settings/settings.js';
import { toErrorShape } from '../../../src/shared/messages/index.js';
import { createMemoryKeychain, type MemoryKeychain } from '../../fakes/keychain.js';

const secret = 'hush-4711';
let folder: string;
let settings: SettingsStore;
let keychain: MemoryKeychain;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-credentials-'));
  settings = await openSettings(join(folder, 'settings.json'));
  keychain = createMemoryKeychain();
});
afterEach(async () => {
  await settings.flush();
  await rm(folder, { recursive: true, force: true });
});

/** A run of the app on the same settings file and keychain. */
const open = (environment: NodeJS.ProcessEnv = {}): Credentials => new Credentials({ keychain, settings, environment });
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('credentials', () => {
  test('come from the keychain once a run', async () => {
    await open().set('production', `  ${secret}\r\n`);
    const next = open();
    expect(next.kindOf('production')).toBe('saved');
    expect([await next.get('production'), await next.get('Production')]).toEqual([secret, secret]);
    expect(keychain.asked.filter((each) => each.startsWith('read')).length).toBe(1);
    expect(await readFile(settings.path, 'utf8')).not.toContain(secret);
  });

  test('that nobody gave are not asked for in the keychain', async () => {
    expect(await open().get('production')).toBeNull();
    expect(keychain.asked).toEqual([]);
  });

  test('of another settings file have other accounts', async () => {
    const other = await openSettings(join(folder, 'other.json'));
    await open().set('production', secret);
    await new Credentials({ keychain, settings: other, environment: {} }).set('production', 'another');
    expect(await open().get('production')).toBe(secret);
    expect(keychain.entries.size).toBe(2);
  });

  test('of the user’s own settings file have plain accounts', async () => {
    const own = {
      path: defaultSettingsPath({}),
      values: settings.values,
      update: settings.update,
      rereadAccounts: settings.rereadAccounts,
    };
    await new Credentials({ keychain, settings: own, environment: {} }).set('Production', secret);
    expect([...keychain.entries.keys()]).toEqual(['backend:production']);
  });

  test('of a variable come first, for every environment, and can be neither set nor forgotten', async () => {
    await open().set('production', secret);
    const credentials = open({ LIMPID_BACKEND_CREDENTIAL: 'from outside' });
    expect([credentials.kindOf('production'), credentials.kindOf('staging')]).toEqual(['variable', 'variable']);
    expect(await credentials.get('production')).toBe('from outside');
    await expect(credentials.set('production', 'x')).rejects.toMatchObject({ code: 'credential.from-variable' });
    await expect(credentials.forget('production')).rejects.toMatchObject({ code: 'credential.from-variable' });
  });

  test('of a variable are not for an environment that leads elsewhere now, under whatever name', async () => {
    const credentials = open({ LIMPID_BACKEND_URL: ' ', LIMPID_BACKEND_CREDENTIAL: 'from outside' });
    credentials.withholdVariable('Production');
    await credentials.rename('production', 'live', async () => undefined);
    expect(['production', 'live', 'staging'].map((name) => credentials.kindOf(name))).toEqual([
      'none',
      'none',
      'variable',
    ]);
    expect(await credentials.get('live')).toBeNull();
    await credentials.set('live', secret);
    expect(await credentials.get('live')).toBe(secret);
  });

  test('that are disowned are gone at once, also from a keychain that is away for now', async () => {
    await open().set('production', secret);
    const credentials = open();
    keychain.break();
    await credentials.disown('production');
    expect([await credentials.get('production'), credentials.kindOf('production')]).toEqual([null, 'none']);
    keychain.mend();
    await settle();
    expect(keychain.entries.size).toBe(0);
  });

  test('of a variable beside LIMPID_BACKEND_URL are for that backend alone', async () => {
    await open().set('production', secret);
    const environment = { LIMPID_BACKEND_URL: 'https://x.example', LIMPID_BACKEND_CREDENTIAL: 'from outside' };
    const credentials = open(environment);
    expect(await credentials.get('variables')).toBe('from outside');
    expect(await credentials.get('production')).toBe(secret);
    expect(await credentials.get('staging')).toBeNull();
  });

  test('given just before the end are noted when the keychain has them', async () => {
    const credentials = open();
    const setting = credentials.set('production', secret);
    credentials.dispose();
    await setting;
    expect(await open().get('production')).toBe(secret);
  });

  test('that the keychain does not take hold for this run, and are saved when it comes back', async () => {
    keychain.break();
    const credentials = open();
    await credentials.set('production', secret);
    expect(credentials.kindOf('production')).toBe('memory');
    expect(credentials.keychain).toMatchObject({ state: 'unavailable', notice: { code: 'keychain.unavailable' } });
    expect(await credentials.get('production')).toBe(secret);
    expect(settings.values.credentialAccounts).toEqual([]);
    keychain.mend();
    await settle();
    expect(credentials.kindOf('production')).toBe('saved');
    expect([...keychain.entries.values()]).toEqual([secret]);
    expect(settings.values.credentialAccounts).toEqual([...keychain.entries.keys()]);
  });

  test.each(['waiting', 'unavailable'] as const)(
    'of a keychain that is %s are asked for again when it is back',
    async (state) => {
      await open().set('production', secret);
      const credentials = open();
      const affected: (string | null)[] = [];
      credentials.onChange((name) => affected.push(name));
      keychain.break(state);
      await expect(credentials.get('production')).rejects.toMatchObject({ code: `keychain.${state}`, retryable: true });
      expect(credentials.kindOf('production')).toBe('lost');
      keychain.mend();
      await settle();
      expect(affected.filter((name) => name !== null)).toEqual(['production']);
      expect(await credentials.get('production')).toBe(secret);
      expect(credentials.kindOf('production')).toBe('saved');
    },
  );

  test('that the keychain lost can be given anew', async () => {
    await open().set('production', secret);
    keychain.entries.clear();
    const credentials = open();
    await expect(credentials.get('production')).rejects.toMatchObject({ code: 'credential.lost' });
    await credentials.set('production', 'new');
    expect(credentials.kindOf('production')).toBe('saved');
    expect(await open().get('production')).toBe('new');
  });

  test('are forgotten at once, and in the keychain when it comes back', async () => {
    const credentials = open();
    await credentials.set('production', secret);
    keychain.break();
    await expect(credentials.forget('production')).rejects.toMatchObject({ code: 'credential.left-behind' });
    expect([await credentials.get('production'), credentials.kindOf('production')]).toEqual([null, 'none']);
    keychain.mend();
    await settle();
    expect(keychain.entries.size).toBe(0);
  });

  test('of this run only are forgotten without a word', async () => {
    keychain.break();
    const credentials = open();
    await credentials.set('production', secret);
    await credentials.forget('production');
    keychain.mend();
    await settle();
    expect(keychain.entries.size).toBe(0);
    expect(settings.values.credentialAccounts).toEqual([]);
  });

  test('given again after they were forgotten stay', async () => {
    const credentials = open();
    await credentials.set('production', secret);
    keychain.break();
    await credentials.forget('production').catch(() => undefined);
    await credentials.set('production', 'new');
    keychain.mend();
    await settle();
    expect([...keychain.entries.values()]).toEqual(['new']);
    expect(credentials.kindOf('production')).toBe('saved');
  });

  test('follow their environment to another name, with no moment without', async () => {
    const credentials = open();
    await credentials.set('production', secret);
    const during: unknown[] = [];
    await credentials.rename('production', 'live', async () => {
      during.push(await credentials.get('production'), await credentials.get('live'));
    });
    expect(during).toEqual([secret, secret]);
    expect([await open().get('production'), await open().get('live')]).toEqual([null, secret]);
  });

  test('that cannot be read now keep their environment from being renamed', async () => {
    await open().set('production', secret);
    keychain.break();
    let isRenamed = false;
    const renaming = open().rename('production', 'live', async () => void (isRenamed = true));
    await expect(renaming).rejects.toMatchObject({ code: 'keychain.unavailable' });
    expect(isRenamed).toBe(false);
    expect(settings.values.credentialAccounts.length).toBe(1);
  });

  test('of a locked keyring, which gives none and takes none, keep their environment from being renamed', async () => {
    await open().set('production', secret);
    const saved = new Map(keychain.entries);
    keychain.entries.clear();
    const credentials = open();
    let isRenamed = false;
    const rename = () => credentials.rename('production', 'live', async () => void (isRenamed = true));
    await expect(rename()).rejects.toMatchObject({ code: 'credential.lost' });
    for (const [account, each] of saved) keychain.entries.set(account, each);
    await credentials.get('production');
    keychain.break();
    await expect(rename()).rejects.toMatchObject({ code: 'keychain.unavailable' });
    expect([isRenamed, credentials.kindOf('live')]).toEqual([false, 'none']);
    keychain.mend();
    await settle();
    expect([...keychain.entries]).toEqual([...saved]);
    expect(await open().get('production')).toBe(secret);
  });

  test('do not come with a name that an environment takes', async () => {
    await open().set('live', secret);
    const credentials = open();
    await credentials.rename('production', 'live', async () => undefined);
    expect(await credentials.get('live')).toBeNull();
  });

  test.each(['', '  \n', 'two\nlines', 'x'.repeat(9000)])('that cannot be sent are refused: %j', async (wrong) => {
    await expect(open().set('production', wrong)).rejects.toMatchObject({ code: 'credential.invalid' });
  });

  test('are in no error, whatever goes wrong', async () => {
    const credentials = open();
    await credentials.set('production', secret);
    keychain.break();
    const errors = [
      await credentials.forget('production').catch(toErrorShape),
      await credentials.set('staging', `${secret}\n${secret}`).catch(toErrorShape),
      await open({ LIMPID_BACKEND_CREDENTIAL: secret }).set('production', secret).catch(toErrorShape),
    ];
    expect(errors.map((error) => error?.code)).toEqual([
      'credential.left-behind',
      'credential.invalid',
      'credential.from-variable',
    ]);
    expect(JSON.stringify(errors)).not.toContain(secret);
  });
});
