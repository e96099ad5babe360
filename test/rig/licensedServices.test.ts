import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startTokenBackend, type TokenBackend } from '../../src/main/demo/tokenBackend.js';
import { loadVoice } from '../../src/main/demo/voices.js';
import type { Services } from '../../src/main/services.js';
import { calls, events, type EventName } from '../../src/shared/contract.js';
import { eventNames } from '../../src/shared/contractNames.js';
import type { AppState, LiveNumbers } from '../../src/shared/state.js';
import { buildStandIn } from '../libaic/build.js';
import { makeVoice, makeWav } from '../wavFile.js';
import { openServices } from './openServices.js';
import { enhancedSink, micSource, noSoundServerReason, openRig, type Playback } from './soundServer.js';

const soon = { timeout: 20_000, interval: 50 };
/** JSON in base64url, which is how every JWT begins. */
const tokenShape = /eyJ[\w-]{10,}/;

/** A window's view of the licensed engine: real backend, real sound, and all that crosses to a window kept and looked through. */
describe.skipIf(noSoundServerReason)(`the services with a licence ${noSoundServerReason ?? ''}`, () => {
  let rig: Awaited<ReturnType<typeof openRig>>;
  let folder: string;
  let backend: TokenBackend;
  let services: Services;
  let told: { name: EventName; payload: unknown }[];
  let playback: Playback;
  /** The library is opened once a process, and keeps its control file. */
  let control: string;

  beforeAll(async () => {
    control = join(await mkdtemp(join(tmpdir(), 'limpid-control-')), 'control');
  });
  afterAll(() => rm(dirname(control), { recursive: true, force: true }));

  beforeEach(async () => {
    rig = await openRig();
    folder = await mkdtemp(join(tmpdir(), 'limpid-licence-'));
    await writeFile(control, '');
    playback = rig.card.play((await loadVoice(60)).samples);
    backend = await startTokenBackend({ lifetimeSeconds: 5 });
    const standIn = buildStandIn();
    // The keychain of whoever runs the tests stays as it is.
    vi.stubEnv('DBUS_SESSION_BUS_ADDRESS', 'unix:path=/nonexistent');
    vi.stubEnv('AIC_LIB_PATH', standIn.libraryPath);
    vi.stubEnv('LIMPID_AIC_MODEL', standIn.modelPath);
    vi.stubEnv('AIC_STANDIN_CONTROL', control);
    services = await openServices(folder);
    told = [];
    for (const name of eventNames) services.on(name, (payload) => told.push({ name, payload }));
  });
  afterEach(async () => {
    await services.dispose();
    await backend.close();
    playback.stop();
    await playback.done;
    vi.unstubAllEnvs();
    await rig.close();
    await rm(folder, { recursive: true, force: true });
  });

  const state = (): Promise<AppState> => services.handlers['state.get'](undefined);
  const expectState = (expected: object): Promise<void> =>
    vi.waitFor(async () => expect(await state()).toMatchObject(expected), soon);
  const lastNumbers = (): LiveNumbers =>
    told.findLast(({ name }) => name === 'numbers.measured')?.payload as LiveNumbers;
  const connect = async (): Promise<void> => {
    const { environments, active } = (await state()).backend;
    const { values } = environments.find((each) => each.values.name === active)!;
    await services.handlers['backend.save']({ name: active, values: { ...values, url: backend.url } });
    await services.handlers['backend.setCredential']({ name: active, credential: backend.credential });
  };
  const speak = async (): Promise<void> => {
    await services.handlers['devices.choose']({ direction: 'input', id: `pulse:${micSource}` });
    await services.handlers['devices.choose']({ direction: 'output', id: `pulse:${enhancedSink}` });
    await services.handlers['live.setEngine']({ engine: 'aic' });
    await services.handlers['live.start'](undefined);
  };

  test('a backend set up in the window brings the licensed engine, and tokens are swapped in place', async () => {
    await speak();
    await expectState({ phase: 'running', heardEngine: 'gtcrn', token: { state: 'not-configured' } });
    expect((await state()).status.code).toBe('status.standing-in');
    await connect();
    await expectState({
      heardEngine: 'aic',
      token: { state: 'valid' },
      status: { code: 'status.enhancing' },
      problem: null,
    });
    await vi.waitFor(() => expect(lastNumbers().counters.tokenUpdates).toBeGreaterThanOrEqual(2), soon);
    expect(lastNumbers().counters).toMatchObject({ modelLoads: 1, processorCreates: 1 });
    const { licensed } = await state();
    expect(licensed).toMatchObject({ problem: null, loaded: { modelId: 'stand-in-48khz', sampleRate: 48_000 } });
    for (const { name, payload } of told) expect(events[name].safeParse(payload).error).toBeUndefined();
  });

  test('a revoked licence is heard as the built-in engine, with the reason, until it is good again', async () => {
    await connect();
    await speak();
    await expectState({ heardEngine: 'aic' });
    await writeFile(control, 'revoked=1\n');
    await expectState({
      heardEngine: 'gtcrn',
      status: { code: 'status.standing-in' },
      problem: { code: 'aic.not-allowed' },
      token: { state: 'not-allowed' },
    });
    await writeFile(control, 'revoked=0\n');
    await expectState({ heardEngine: 'aic', problem: null, token: { state: 'valid' } });
  });

  test('the engine that stands in can be the unchanged voice, and another one while it runs', async () => {
    await services.handlers['live.setFallback']({ fallback: 'bypass' });
    await speak();
    await expectState({ phase: 'running', heardEngine: 'bypass', status: { code: 'status.passing-instead' } });
    await services.handlers['live.setFallback']({ fallback: 'gtcrn' });
    await expectState({ phase: 'running', heardEngine: 'gtcrn', status: { code: 'status.standing-in' } });
  });

  test('nothing that crosses to a window or lies on the disk holds a token or the credential', async () => {
    await connect();
    await speak();
    await expectState({ heardEngine: 'aic' });
    const { active } = (await state()).backend;
    const report = await services.handlers['backend.test']({ name: active });
    expect(calls['backend.test'].value.parse(report).map(({ result }) => result)).not.toContain('failed');
    await services.handlers['token.refresh'](undefined);
    const wrong = await services.handlers['backend.setCredential']({ name: active, credential: 'wrong-credential' });
    await expectState({ token: { state: 'rejected', lastError: { code: 'backend.unauthorised' } } });
    const refused = await services.handlers['token.refresh'](undefined).catch((error: unknown) => error);
    const crossed = inspect([told, report, wrong, refused, await state()], { depth: 12, maxArrayLength: 10_000 });
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const written = await Promise.all(
      files.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')),
    );
    expect(written.length).toBeGreaterThan(1);
    for (const text of [crossed, ...written]) {
      expect(text).not.toMatch(tokenShape);
      expect(text).not.toContain(backend.credential);
      expect(text).not.toContain('wrong-credential');
    }
  });

  test('a file is enhanced by the licensed engine while the sound is off, which is let go afterwards', async () => {
    await connect();
    await services.handlers['live.setEngine']({ engine: 'aic' });
    const path = join(folder, 'talk.wav');
    await writeFile(path, makeWav(makeVoice(96_000, 48_000), { sampleRate: 48_000, channels: 1, bits: 16 }));
    await services.handlers['files.add']({ paths: [path] });
    const item = async () => (await services.handlers['files.list'](undefined))[0];
    await vi.waitFor(async () => expect((await item())?.status).toMatch(/done|failed/), soon);
    expect(await item()).toMatchObject({ status: 'done', notice: null, result: { engine: 'aic' } });
    await expectState({ phase: 'off', licensed: { loaded: null, problem: null }, files: { counts: { done: 1 } } });
  });

  test('a file is enhanced by the engine that stands in, with the reason, where there is no backend', async () => {
    await services.handlers['live.setEngine']({ engine: 'aic' });
    const path = join(folder, 'talk.wav');
    await writeFile(path, makeWav(makeVoice(96_000, 48_000), { sampleRate: 48_000, channels: 1, bits: 16 }));
    await services.handlers['files.add']({ paths: [path] });
    const item = async () => (await services.handlers['files.list'](undefined))[0];
    await vi.waitFor(async () => expect((await item())?.status).toMatch(/done|failed/), soon);
    expect(await item()).toMatchObject({
      result: { engine: 'gtcrn' },
      notice: { code: 'files.stood-in', params: { reason: { code: 'backend.not-configured' } } },
    });
  });
});
