import { homedir } from 'node:os';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { composeBundle, zip } from '../../../src/main/diagnostics/bundle.js';
import { readErrorLogs, scrubFacts, type SessionFacts } from '../../../src/main/diagnostics/facts.js';
import { defaultReportFolder, saveDated } from '../../../src/main/diagnostics/reportFolder.js';
import { hideSecret } from '../../../src/main/redact.js';
import { backendEnvironment } from '../../../src/shared/backend.js';
import { aDevice } from '../../fakes/appState.js';
import { sessionFacts } from './sessionFacts.js';
import { unzip } from './unzip.js';

const jwt = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from('{"sub":"someone"}').toString('base64url')}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;
const credential = 'credential "with quotes" 7f3a';
/** None of these may leave the computer, in no shape. */
const secrets = [
  jwt,
  credential,
  JSON.stringify(credential).slice(1, -1),
  Buffer.from(credential).toString('base64'),
  'tenant-header-value',
  'body-secret-value',
  'proxyuser1',
  'p@ss/word1',
  'p%40ss%2Fword1',
  'query-key-value',
  'path-part-of-the-address',
  'metrics-session-name',
  'account-of-the-keychain',
  'bearer-credential-123456',
  'kim.example@mail.example',
  'client-of-the-provider',
  'tenant-of-the-provider',
  'audience-of-the-provider',
  'kim.signed.in',
  'WDJB-MJHT',
  'AA_BB_CC_DD_EE_01',
  homedir(),
];

/** Puts every secret wherever a text of that kind may stand. */
async function poisonedFacts(): Promise<SessionFacts> {
  const facts = await sessionFacts();
  hideSecret(credential);
  const url = 'https://tokens.example/v1/path-part-of-the-address?key=query-key-value';
  const values = backendEnvironment.parse({
    name: 'production',
    url,
    headers: [{ name: 'X-Tenant', value: 'tenant-header-value' }],
    body: '{"client_secret":"body-secret-value"}',
    proxy: 'http://proxyuser1:p%40ss%2Fword1@proxy.example:8080',
    caFile: join(homedir(), 'ca.pem'),
    credentialKind: 'sign-in',
    signIn: {
      issuer: 'https://login.example/tenant-of-the-provider',
      clientId: 'client-of-the-provider',
      resource: 'api://tenant-of-the-provider',
      audience: 'audience-of-the-provider',
    },
  });
  const signIn = {
    environment: 'production',
    method: 'device' as const,
    userCode: 'WDJB-MJHT',
    verificationUrl: 'https://login.example/tenant-of-the-provider/device',
    expiresAtMs: 0,
    problem: null,
  };
  const everything = [
    `Error: ${jwt} at ${url}, sent tenant-header-value and {"client_secret":"body-secret-value"}`,
    `proxy http://proxyuser1:p%40ss%2Fword1@proxy.example refused p@ss/word1; Authorization: Bearer bearer-credential-123456`,
    `credential ${credential} ${Buffer.from(credential).toString('base64')} in ${homedir()}/limpid/settings.json`,
    `<Kim’s Headset> kim.example@mail.example bluez_card.AA_BB_CC_DD_EE_01`,
  ].join('\n');
  const notice = { code: 'device.failed', params: { detail: everything } };
  const { state, settings } = facts;
  const otel = { enable: true, sessionId: 'metrics-session-name', exportIntervalMs: 1000 };
  return {
    ...facts,
    state: {
      ...state,
      problem: notice,
      status: notice,
      input: {
        ...state.input,
        chosenName: everything,
        devices: state.input.devices.map((device) => ({ ...device, id: everything, name: everything })),
      },
      licensed: { ...state.licensed, libraryPath: join(homedir(), 'libaic.so'), otel, problem: notice },
      backend: {
        ...state.backend,
        environments: [{ values, credential: 'saved', signedInAs: 'kim.signed.in', lockedFields: [], isLocked: false }],
        signIn,
        problem: notice,
      },
      token: {
        ...state.token,
        lastError: { ...notice, message: everything, hint: everything },
        history: [{ atMs: 0, notice: { code: 'token.failed', params: { code: 'x', reason: notice } } }],
      },
      recordings: { ...state.recordings, folder: join(homedir(), 'Music'), lastFolder: join(homedir(), 'Music/x') },
    },
    history: { ...facts.history, changes: [{ atMs: 0, notice }] },
    checks: [{ id: 'devices', required: true, result: 'failed', notice }],
    settings: {
      ...settings,
      backend: { active: 'production', environments: [values] },
      licensed: { ...settings.licensed, modelPath: join(homedir(), 'model'), otel },
      credentialAccounts: ['account-of-the-keychain'],
      credentialPlaces: ['account-of-the-keychain 0123456789abcdef'],
      recordingsFolder: join(homedir(), 'Music'),
      confirmedSpeakers: [everything],
    },
    policy: { ...facts.policy, path: join(homedir(), 'policy.json') },
    errorLogs: [{ name: 'errors.log', text: everything }],
  };
}

describe('a support bundle', () => {
  test('holds its files, each with a purpose and its true size', async () => {
    const entries = composeBundle(await sessionFacts());
    expect(entries.map(({ name }) => name)).toEqual([
      'report.html',
      'checks.txt',
      'problems.txt',
      'session.json',
      'state.json',
      'settings.json',
      'policy.json',
      'versions.json',
    ]);
    for (const { bytes, text } of entries) expect(bytes).toBe(Buffer.byteLength(text));
    for (const { name, text } of entries) if (name.endsWith('.json')) expect(() => JSON.parse(text)).not.toThrow();
  });

  test('as a zip is byte for byte what was previewed', async () => {
    const entries = composeBundle(await sessionFacts());
    const unpacked = await unzip(await zip(entries, new Date()));
    expect([...unpacked]).toEqual(entries.map(({ name, text }) => [name, text]));
  });

  test('has no secret in any byte, wherever it stood', async () => {
    const facts = await poisonedFacts();
    const before = JSON.stringify(facts);
    for (const secret of ['tenant-header-value', 'metrics-session-name', 'query-key-value'])
      expect(before).toContain(secret);
    const unpacked = await unzip(await zip(composeBundle(facts), new Date()));
    for (const [name, text] of unpacked) {
      for (const secret of secrets) expect(text.includes(secret), `${secret} in ${name}`).toBe(false);
    }
    expect(unpacked.get('report.html')).toContain('[hidden]');
    const settings = JSON.parse(unpacked.get('settings.json') ?? '') as SessionFacts['settings'];
    expect(settings.backend.environments[0]).toMatchObject({
      url: 'https://tokens.example',
      proxy: 'http://proxy.example:8080',
      headers: [{ name: 'X-Tenant', value: '[hidden]' }],
      body: '[hidden]',
      caFile: '~/ca.pem',
      signIn: { issuer: 'https://login.example', clientId: '[hidden]', resource: '[hidden]', audience: '[hidden]' },
    });
    expect(scrubFacts(facts).state.backend).toMatchObject({
      environments: [{ signedInAs: '[user]' }],
      signIn: { method: 'device', userCode: '[hidden]', verificationUrl: 'https://login.example' },
    });
  });

  test('spares the words of Limpid, whatever a user or a header is called', async () => {
    const facts = await sessionFacts();
    const values = backendEnvironment.parse({
      name: 'staging',
      url: 'https://tokens.example',
      headers: [
        { name: 'X-Env', value: 'staging' },
        { name: 'X-Kind', value: 'plain-alsa' },
        { name: 'X-Id', value: 'default' },
        { name: 'X-Secret', value: 'addon' },
      ],
    });
    const { state, settings, checks } = scrubFacts({
      ...facts,
      state: {
        ...facts.state,
        input: { ...facts.state.input, devices: [aDevice({ id: 'pulse:x', kind: 'plain-alsa', name: 'plain-alsa' })] },
      },
      settings: { ...facts.settings, backend: { active: 'staging', environments: [values] } },
    });
    expect(state.input.devices[0]).toMatchObject({ kind: 'plain-alsa', name: '[hidden]' });
    expect(settings.input).toEqual({ id: 'default', name: 'default' });
    expect(settings.backend).toMatchObject({ active: 'staging', environments: [{ name: 'staging' }] });
    expect(checks.map(({ id }) => id)).toEqual(['addon', 'devices', 'libaic']);
  });

  test('has the ends of the logs of errors, as far as there are any', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'limpid-errors-'));
    const path = join(folder, 'errors.log');
    expect(readErrorLogs(path)).toEqual([]);
    await writeFile(`${path}.1`, `${'x'.repeat(70_000)}\n${'y'.repeat(1000)}\nthe last\n`);
    await writeFile(path, `Error at ${homedir()}/a.js\n`);
    const errorLogs = readErrorLogs(path);
    expect(errorLogs[1]?.text).toBe(`${'y'.repeat(1000)}\nthe last\n`);
    const entries = composeBundle({ ...(await sessionFacts()), errorLogs });
    expect(entries.slice(-2).map(({ name }) => name)).toEqual(['errors.log', 'errors.log.1']);
    expect(entries.at(-2)?.text).toBe('Error at ~/a.js\n');
    await rm(folder, { recursive: true });
  });

  test('tells problems in the order in which they happened, each on one line', async () => {
    const facts = await sessionFacts();
    const failed = { code: 'device.failed', params: { detail: 'one\n  two' } };
    const history = [
      { atMs: 2000, notice: { code: 'token.applied', params: {} } },
      { atMs: 1000, notice: { code: 'token.rejected', params: {} } },
      { atMs: 1000, notice: failed },
    ];
    const entries = composeBundle({
      ...facts,
      state: { ...facts.state, token: { ...facts.state.token, history } },
      history: { ...facts.history, changes: [] },
      checks: [{ id: 'devices', required: true, result: 'failed', notice: failed }],
    });
    const linesOf = (file: string) =>
      entries
        .find(({ name }) => name === file)!
        .text.trim()
        .split('\n');
    expect(linesOf('problems.txt').map((line) => line.split(' ')[1])).toEqual([
      'device.failed',
      'token.rejected',
      'token.applied',
    ]);
    expect(linesOf('problems.txt')[0]).toContain('one two');
    expect(linesOf('checks.txt')).toHaveLength(1);
  });

  test('leaves what explains the sound', async () => {
    const { state, history } = scrubFacts(await sessionFacts());
    expect(state.input.chosenName).toBe('Desk <USB> & "more"');
    expect(history.inputDb).toHaveLength(180);
    expect(state.problem).toMatchObject({ code: 'device.lost' });
  });
});

describe('a file that is saved', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-reports-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const at = new Date(2026, 10, 21, 15, 4, 5);
  const save = (content: string) =>
    saveDated(join(folder, 'Limpid'), { title: 'Report', ending: '.html', content, at });

  test('is named by the moment and never takes the place of another', async () => {
    const paths = [await save('one'), await save('two'), await save('three')];
    expect(paths.map((path) => path.slice(folder.length))).toEqual([
      '/Limpid/Report 2026-11-21 15-04-05.html',
      '/Limpid/Report 2026-11-21 15-04-05 2.html',
      '/Limpid/Report 2026-11-21 15-04-05 3.html',
    ]);
    expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(['one', 'two', 'three']);
    expect((await stat(paths[0]!)).mode & 0o077).toBe(0);
    expect(await readdir(join(folder, 'Limpid'))).toHaveLength(3);
  });

  test('that cannot be written is told with its folder', async () => {
    await writeFile(join(folder, 'Limpid'), '');
    await expect(save('x')).rejects.toMatchObject({ code: 'report.folder-unusable' });
  });

  test('goes into the folder for documents that the desktop names, else into the home folder', async () => {
    const surroundings = { platform: 'linux', environment: {}, home: folder } as const;
    expect(defaultReportFolder(surroundings)).toBe(join(folder, 'Limpid'));
    await mkdir(join(folder, 'Documents'));
    expect(defaultReportFolder(surroundings)).toBe(join(folder, 'Documents/Limpid'));
    await mkdir(join(folder, 'Dokumente'));
    await mkdir(join(folder, '.config'));
    await writeFile(join(folder, '.config/user-dirs.dirs'), 'XDG_DOCUMENTS_DIR="$HOME/Dokumente"\n');
    expect(defaultReportFolder(surroundings)).toBe(join(folder, 'Dokumente/Limpid'));
  });
});
