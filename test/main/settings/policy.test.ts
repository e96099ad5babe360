import { chmod, chown, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ignorableVariables, openPolicy, policyPath, type Policy } from '../../../src/main/settings/policy.js';
import type { Notice } from '../../../src/shared/errors.js';
import { setLanguage } from '../../../src/shared/language.js';
import { describe as inWords } from '../../../src/shared/messages/index.js';

let folder: string;
let path: string;
const opened: Policy[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-policy-'));
  path = join(folder, 'policy.json');
});
afterEach(async () => {
  for (const policy of opened.splice(0)) policy.close();
  await rm(folder, { recursive: true, force: true });
});

async function open(content?: unknown): Promise<Policy> {
  if (content !== undefined) await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  const policy = await openPolicy(path);
  opened.push(policy);
  return policy;
}

const said = (notice: Notice | null): string => (notice ? inWords(notice).message : '');

test.each<[string, object]>([
  ['is not https', { url: 'http://tokens.corp.example' }],
  ['the proxy of corp', { proxy: 'http://u:pw@proxy.corp.example:3128' }],
  ['the proxy of corp', { proxy: 'socks5://proxy.corp.example' }],
  ['a proxy, which', { url: 'http://127.0.0.1:8080', proxy: 'http://proxy.corp.example:3128' }],
  ['belongs to the connection', { headers: [{ name: 'Host', value: 'x' }] }],
])('an environment that a user could not save is none for a policy either: %s', async (words, fixed) => {
  const { problem } = await open({ backend: { environments: [{ name: 'corp', ...fixed }] } });
  expect(problem).toMatchObject({ code: 'policy.broken' });
  expect(said(problem)).toContain(words);
  expect(JSON.stringify(problem)).not.toContain('pw');
});

describe('a policy', () => {
  test('that is not there fixes nothing', async () => {
    const policy = await open();
    expect(policy).toMatchObject({ values: null, isClosed: false, problem: null, lockReason: null });
    expect(policy.updates).toEqual({ isAllowed: true, channel: 'latest', feedUrl: null });
    expect(policy.withoutFixed({ AIC_LIB_PATH: '/mine' })).toEqual({ AIC_LIB_PATH: '/mine' });
    expect((await openPolicy('/nonexistent/limpid/policy.json')).isClosed).toBe(false);
  });

  test('fixes what it has and nothing else', async () => {
    const environment = { name: 'corp', url: 'https://tokens.corp.example', headers: [{ name: 'X-Site', value: '7' }] };
    const policy = await open({
      reason: 'Contoso IT, call 4711.',
      backend: { active: 'corp', mayAddEnvironments: false, environments: [environment] },
    });
    expect(policy.notices).toEqual([]);
    expect(policy.values).toMatchObject({ active: 'corp', mayAddEnvironments: false, settings: {} });
    const [corp] = policy.values?.environments ?? [];
    expect(corp?.fields).toEqual(['url', 'headers', 'caFile', 'proxy']);
    expect(corp?.values).toMatchObject({ ...environment, method: 'POST', timeoutMs: 10_000 });
    expect(policy.lockReason).toEqual({ code: 'policy.locked', params: { path, reason: 'Contoso IT, call 4711.' } });
    expect(inWords(policy.lockReason ?? { code: '', params: {} }).message).toBe(
      'Your administrator has set this. Reason: Contoso IT, call 4711.',
    );
  });

  test('without a reason says so, and tells its flaws, in the language of whoever reads them', async () => {
    const locked = await open({ fallback: 'bypass' });
    await rm(path);
    const broken = await open('{');
    expect(said(locked.lockReason)).toBe('Your administrator has set this. Reason: none was given.');
    try {
      setLanguage('de');
      expect(said(locked.lockReason)).toBe('Ihr Administrator hat das festgelegt. Grund: keiner angegeben.');
      expect(said(broken.problem)).toContain('hat einen Fehler (sie ist kein gültiges JSON)');
    } finally {
      setLanguage('en');
    }
  });

  test('fixes paths of the licensed engine against variables', async () => {
    const policy = await open({ licensed: { libraryPath: '/opt/aic', otel: null } });
    const variables = { AIC_LIB_PATH: '/mine', LIMPID_AIC_MODEL: '/model', HOME: '/home' };
    expect(policy.withoutFixed(variables)).toEqual({ LIMPID_AIC_MODEL: '/model', HOME: '/home' });
  });

  test.each(['libraryPath', 'modelPath', 'vadModelPath'])(
    'with the installed part fixed (%s) lets no variable say where parts are installed',
    async (part) => {
      const policy = await open({ licensed: { [part]: null } });
      expect(policy.withoutFixed({ LIMPID_DATA_DIR: '/mine', HOME: '/home' })).toEqual({ HOME: '/home' });
    },
  );

  test('that fixes nothing of the licensed engine leaves the folder of its parts to the variable', async () => {
    const policy = await open({ licensed: { otel: null } });
    expect(policy.withoutFixed({ LIMPID_DATA_DIR: '/mine' })).toEqual({ LIMPID_DATA_DIR: '/mine' });
  });

  test('fixes the way with the server, and with the provider', async () => {
    const environments = [
      { name: 'a', url: 'https://a.example', proxy: 'http://p.example:1' },
      { name: 'b', signIn: { issuer: 'https://id.example', clientId: 'limpid' } },
      { name: 'c', timeoutMs: 2000 },
    ];
    const { values } = await open({ backend: { environments } });
    expect(values?.environments.map(({ fields }) => fields)).toEqual([
      ['url', 'caFile', 'proxy'],
      ['signIn', 'caFile', 'proxy'],
      ['timeoutMs'],
    ]);
    expect(values?.environments[0]?.values).toMatchObject({ caFile: null, proxy: 'http://p.example:1' });
  });

  test('may say that variables do not count', async () => {
    const names = [...ignorableVariables, 'https_proxy', 'no_proxy', 'AIC_SDK_OTEL_ENABLE'];
    const others = {
      HOME: '/home',
      LIMPID_CONFIG: '/mine.json',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://x',
      LIMPID_DEBUG: '1',
    };
    const variables = { ...Object.fromEntries(names.map((name) => [name, '1'])), ...others };
    const policy = await open({ ignoresVariables: true });
    expect(policy.ignoresVariables).toBe(true);
    expect(policy.withoutFixed(variables)).toEqual(others);
    const ofLibrary: NodeJS.ProcessEnv = { ...variables };
    policy.hideVariables(ofLibrary);
    expect(ofLibrary['AIC_SDK_OTEL_ENABLE']).toBeUndefined();
    expect(ofLibrary['HTTPS_PROXY']).toBe('1');
    await writeFile(path, '{}');
    await policy.reload();
    expect(policy.withoutFixed(variables)).toEqual(variables);
    const untouched: NodeJS.ProcessEnv = { ...variables };
    policy.hideVariables(untouched);
    expect(untouched).toEqual(variables);
  });

  test('with fields nobody knows counts, and names them', async () => {
    const policy = await open({
      backend: { actve: 'x', environments: [{ name: 'a', Url: 'https://a.example' }] },
      note: 1,
    });
    expect(policy.isClosed).toBe(false);
    expect(policy.notices.map(({ code, params }) => [code, params['field']])).toEqual([
      ['policy.unknown-field', 'backend.actve'],
      ['policy.unknown-field', 'backend.environments.0.Url'],
      ['policy.unknown-field', 'note'],
    ]);
  });

  test.each([
    ['no JSON', '{', 'no valid JSON'],
    ['an array', [], 'the whole'],
    ['a wrong type', { backend: { active: 7 } }, 'backend.active'],
    ['a wrong field', { backend: { environments: [{ name: 'a', timeoutMs: 5 }] } }, 'backend.environments.0.timeoutMs'],
    [
      'an address without https',
      { backend: { environments: [{ name: 'a', url: 'http://a.example' }] } },
      'address of a',
    ],
    ['two of one name', { backend: { environments: [{ name: 'a' }, { name: 'A' }] } }, 'two environments'],
    ['a wrong fallback', { fallback: 'silence' }, 'fallback'],
    ['a wrong setting', { settings: { level: 7 } }, 'settings.level'],
    ['an introduction that never ends', { settings: { welcomed: false } }, 'settings.welcomed'],
    ['a library by half a path', { licensed: { libraryPath: 'libaic.so' } }, 'licensed.libraryPath'],
    ['a model by half a path', { licensed: { modelPath: './m' } }, 'licensed.modelPath'],
    ['no path of a detector', { licensed: { vadModelPath: '' } }, 'licensed.vadModelPath'],
    ['a folder by half a path', { settings: { files: { folder: 'clean' } } }, 'settings.files.folder'],
    ['a pattern that no name can be made of', { settings: { files: { pattern: '{x}' } } }, 'settings.files.pattern'],
    ['outputs named as their originals', { settings: { files: { pattern: '{name}' } } }, 'settings.files.pattern'],
    ['a feed without https', { updates: { feedUrl: 'http://u.example' } }, 'updates.feedUrl'],
    ['a feed with a password', { updates: { feedUrl: 'https://u:p@u.example' } }, 'updates.feedUrl'],
    ['a channel that is a path', { updates: { channel: '../x' } }, 'updates.channel'],
    ['variables by halves', { ignoresVariables: 'yes' }, 'ignoresVariables'],
    [
      'a provider without https',
      { backend: { environments: [{ name: 'a', signIn: { issuer: 'http://id.example', clientId: 'x' } }] } },
      'identity provider of a',
    ],
    [
      'a provider without a client',
      { backend: { environments: [{ name: 'a', signIn: { issuer: 'https://id.example' } }] } },
      'clientId',
    ],
    ['certificates by half a path', { backend: { environments: [{ name: 'a', caFile: 'ca.pem' }] } }, 'caFile'],
  ])('that is %s closes what it may have fixed, and names the place', async (_kind, content, place) => {
    const policy = await open(content);
    expect(policy).toMatchObject({ values: null, isClosed: true, problem: { code: 'policy.broken' } });
    expect(said(policy.problem)).toContain(place);
    expect(policy.lockReason).toEqual(policy.problem);
    expect(policy.updates.isAllowed).toBe(false);
    expect(policy.ignoresVariables).toBe(true);
  });

  test('that is a folder cannot be read, and closes too', async () => {
    await mkdir(path);
    const policy = await open();
    expect(policy.isClosed).toBe(true);
    expect(policy.problem?.code).toMatch(/^policy\.(broken|unreadable)$/);
  });

  test('says no password that stands in an address', async () => {
    const policy = await open({ backend: { environments: [{ name: 'a', url: 'https://me:hush-4711@a.example' }] } });
    expect(policy.problem?.code).toBe('policy.broken');
    expect(JSON.stringify(policy.notices)).not.toContain('hush');
  });

  test('is read again, and one that turns bad leaves the last good one in force', async () => {
    const policy = await open({ fallback: 'bypass' });
    let changes = 0;
    policy.onChange(() => (changes += 1));
    await policy.reload();
    expect(changes).toBe(0);
    await writeFile(path, '{ "fallback": ');
    await policy.reload();
    expect(policy).toMatchObject({
      isClosed: false,
      problem: { code: 'policy.broken' },
      values: { settings: { fallback: 'bypass' } },
    });
    expect(policy.lockReason?.code).toBe('policy.locked');
    await writeFile(path, '{ "fallback": "gtcrn" }');
    await policy.reload();
    expect(policy).toMatchObject({ problem: null, values: { settings: { fallback: 'gtcrn' } } });
    await rm(path);
    await policy.reload();
    expect(policy).toMatchObject({ values: null, lockReason: null });
    expect(changes).toBe(3);
  });

  test('is seen when another file takes its place, without anybody asking', async () => {
    await writeFile(path, '{ "fallback": "bypass" }');
    const policy = await openPolicy(path, { lookEveryMs: 20 });
    opened.push(policy);
    await writeFile(join(folder, 'next.json'), '{ "fallback": "gtcrn" }');
    await rename(join(folder, 'next.json'), path);
    await vi.waitFor(() => expect(policy.values?.settings.fallback).toBe('gtcrn'), { timeout: 10_000 });
    await rm(path);
    await vi.waitFor(() => expect(policy.values).toBeNull(), { timeout: 10_000 });
  });

  test('that was bad from the start is open again when it is mended', async () => {
    const policy = await open('{');
    await writeFile(path, '{}');
    await policy.reload();
    expect(policy).toMatchObject({ isClosed: false, problem: null });
  });
});

describe.skipIf(process.platform === 'win32')('a policy that others may change (POSIX modes)', () => {
  const expectUnsafe = async (): Promise<void> => {
    const policy = await open();
    expect(policy).toMatchObject({ values: null, isClosed: true, problem: { code: 'policy.unsafe' } });
  };

  test('is not followed', async () => {
    await writeFile(path, '{}');
    await chmod(path, 0o646);
    await expectUnsafe();
    await chmod(path, 0o644);
    expect((await open()).isClosed).toBe(false);
  });

  test('by way of its folder is not followed', async () => {
    await writeFile(path, '{}');
    await chmod(folder, 0o777);
    await expectUnsafe();
  });

  test('by way of its folder is not followed any more once that is open, without a change of the file', async () => {
    await writeFile(path, '{}');
    const policy = await openPolicy(path, { lookEveryMs: 20 });
    opened.push(policy);
    await chmod(folder, 0o777);
    await vi.waitFor(() => expect(policy.problem?.code).toBe('policy.unsafe'), { timeout: 10_000 });
    await chmod(folder, 0o755);
    await vi.waitFor(() => expect(policy.problem).toBeNull(), { timeout: 10_000 });
  });

  test('by way of what it links to is not followed', async () => {
    const elsewhere = join(folder, 'elsewhere');
    const safe = join(folder, 'safe');
    await mkdir(elsewhere);
    await mkdir(safe);
    const target = join(elsewhere, 'policy.json');
    path = join(safe, 'policy.json');
    await writeFile(target, '{ "fallback": "bypass" }');
    await symlink(target, path);
    expect((await open()).values?.settings.fallback).toBe('bypass');
    await chmod(elsewhere, 0o777);
    await expectUnsafe();
    await chmod(elsewhere, 0o755);
    await chmod(target, 0o666);
    await expectUnsafe();
    await rm(target);
    const policy = await open();
    expect(policy).toMatchObject({
      isClosed: true,
      problem: { code: 'policy.unreadable', params: { detail: 'ENOENT' } },
    });
  });

  test.skipIf(process.getuid?.() === 0)('that cannot be read closes (root reads everything)', async () => {
    await writeFile(path, '{}');
    await chmod(path, 0o000);
    expect(await open()).toMatchObject({ isClosed: true, problem: { code: 'policy.unreadable' } });
  });

  test.skipIf(process.getuid?.() !== 0)(
    'as its owner or group is not followed (only root may give files away)',
    async () => {
      await writeFile(path, '{}');
      await chmod(path, 0o664);
      expect((await open()).isClosed).toBe(false);
      await chown(path, 0, 1234);
      await expectUnsafe();
      await chmod(path, 0o644);
      await chown(path, 1234, 0);
      await expectUnsafe();
    },
  );
});

describe('the path of the policy', () => {
  test.each([
    ['linux', {}, '/etc/limpid/policy.json'],
    ['darwin', {}, '/Library/Application Support/Limpid/policy.json'],
    ['win32', { ProgramData: 'D:\\Data' }, 'D:\\Data\\Limpid\\policy.json'],
    ['win32', {}, 'C:\\ProgramData\\Limpid\\policy.json'],
    ['linux', { LIMPID_POLICY: '/mine.json', LIMPID_CONFIG: '/mine.json' }, '/etc/limpid/policy.json'],
  ] as const)('on %s with %j is %s', (platform, environment, expected) => {
    expect(policyPath(platform, environment, () => false)).toBe(expected);
  });

  test('on Windows is the usual one where that is, whatever a variable says', () => {
    const usual = 'C:\\ProgramData\\Limpid\\policy.json';
    expect(policyPath('win32', { ProgramData: 'D:\\Mine' }, (each) => each === usual)).toBe(usual);
  });
});
