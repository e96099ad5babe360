import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Enhancer } from '../../src/main/audio/enhancer.js';
import { loadNative } from '../../src/main/audio/native.js';
import { VirtualMicrophone } from '../../src/main/audio/virtualMicrophone.js';
import { fetchToken } from '../../src/main/auth/backendClient.js';
import { Licence } from '../../src/main/auth/licence.js';
import { backendEnvironment } from '../../src/shared/backend.js';
import type { Notice } from '../../src/shared/errors.js';
import type { AppState, EngineId, FallbackId } from '../../src/shared/state.js';
import { aDevice } from '../fakes/appState.js';
import { FakeCatalog, wishesFor } from '../fakes/devices.js';
import { FaultyBackend } from '../fakes/faultyBackend.js';
import { buildStandIn, type StandIn } from '../libaic/build.js';

const microphone = aDevice({ id: 'timer:in', name: 'Timer in', inputs: 1, isDefaultInput: true });
const speaker = aDevice({ id: 'timer:out', name: 'Timer out', outputs: 1 });
const soon = { timeout: 20_000, interval: 20 };

/** The licensed engine in a live loop between two timers, with the library's and the backend's answers on command. */
describe('a licence', () => {
  let standIn: StandIn;
  let folder: string;
  let control: string;
  let backend: FaultyBackend;
  let files: { libraryPath: string; modelPath: string | null };
  let fallback: FallbackId;
  let backendProblem: Notice | null;
  let catalog: FakeCatalog;
  let licence: Licence;
  let enhancer: Enhancer;

  beforeAll(() => {
    standIn = buildStandIn();
    folder = mkdtempSync(join(tmpdir(), 'limpid-licence-'));
    control = join(folder, 'control');
    // The library is opened once a process, and reads its variables then.
    process.env['AIC_STANDIN_CONTROL'] = control;
  });
  afterAll(() => {
    delete process.env['AIC_STANDIN_CONTROL'];
    rmSync(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    await steer({ update_code: 0, create_code: 0, process_code: 0, revoked: 0, clock_offset_ms: 0 });
    backend = await FaultyBackend.start();
    backend.lifetimeSeconds = 3600;
    files = { libraryPath: standIn.libraryPath, modelPath: standIn.modelPath };
    fallback = 'gtcrn';
    backendProblem = null;
    catalog = new FakeCatalog([microphone, speaker]);
  });
  afterEach(async () => {
    await enhancer.dispose();
    await licence.dispose();
    await backend.stop();
  });

  /** Sets keys of the stand-in library and waits until it has read them. */
  async function steer(keys: Record<string, number>): Promise<void> {
    const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(control, lines.join(''));
    await sleep(60);
  }

  async function speak(engine: EngineId = 'aic'): Promise<void> {
    const native = loadNative();
    const environment = backendEnvironment.parse({ name: 'test', url: backend.url, credentialKind: 'none' });
    licence = new Licence({
      native,
      choice: () => ({ libraryPath: null, modelPath: null, vadModelPath: null, otel: null }),
      findFiles: () => ({ ...files, vadModelPath: null }),
      fallback: () => fallback,
      environment: () => backendProblem ?? environment.name,
      fetchToken: (signal) => fetchToken(environment, null, { signal }),
    });
    enhancer = new Enhancer({
      loop: new native.Loop(),
      catalog,
      virtualMicrophone: new VirtualMicrophone(),
      microphone: { status: () => 'not-needed', request: async () => 'not-needed' },
      wishes: { ...wishesFor(speaker), engine },
      engines: licence,
      remember: async () => undefined,
      toSpec: () => ({ kind: 'timer' }),
    });
    await enhancer.start();
  }

  const expectState = (expected: Partial<AppState> | object): Promise<void> =>
    vi.waitFor(() => expect(enhancer.state).toMatchObject(expected), soon);
  const expectCounters = (expected: object): Promise<void> =>
    vi.waitFor(() => expect(enhancer.numbers?.counters).toMatchObject(expected), soon);

  test('starts with the engine when backend and library are quick', async () => {
    await speak();
    await expectState({ phase: 'running', heardEngine: 'aic', problem: null });
    await expectCounters({ modelLoads: 1, processorCreates: 1 });
  });

  test('starts with what stands in while the backend is away, and takes over when it is back', async () => {
    backend.fault = '500';
    await speak();
    await expectState({ phase: 'running', heardEngine: 'gtcrn', problem: { code: 'aic.no-token-because' } });
    backend.fault = 'none';
    await expectState({ heardEngine: 'aic', problem: null });
    await expectCounters({ modelLoads: 1, processorCreates: 1 });
  });

  test('a processor that cannot swap its token is replaced once, behind a cross-fade', async () => {
    await speak();
    await expectState({ heardEngine: 'aic' });
    await steer({ update_code: 53 });
    await licence.keeper.refreshNow();
    await steer({ update_code: 0 });
    await expectCounters({ modelLoads: 1, processorCreates: 2 });
    expect(licence.keeper.status.history.map(({ notice }) => notice.code)).toContain('token.engine-replaced');
    await licence.keeper.refreshNow();
    await expectState({ heardEngine: 'aic', problem: null });
    await expectCounters({ modelLoads: 1, processorCreates: 2, tokenUpdates: 1 });
  });

  test('a token that the engine refuses leaves the old one in force', async () => {
    await speak();
    await expectState({ heardEngine: 'aic' });
    await steer({ update_code: 50 });
    await expect(licence.keeper.refreshNow()).rejects.toMatchObject({ code: 'aic.token-invalid' });
    expect(enhancer.state).toMatchObject({ heardEngine: 'aic', problem: null });
    expect(licence.keeper.status).toMatchObject({ state: 'offline', lastError: { code: 'aic.token-invalid' } });
    await steer({ update_code: 0 });
    await licence.keeper.refreshNow();
    expect(licence.keeper.status).toMatchObject({ state: 'valid', lastError: null });
  });

  test('fresh tokens that the engine calls out of date show that a clock is wrong', async () => {
    await speak();
    await expectState({ heardEngine: 'aic' });
    await steer({ clock_offset_ms: 2 * 3_600_000 });
    await expectState({ heardEngine: 'gtcrn', problem: { code: 'aic.expired' } });
    await vi.waitFor(() => expect(licence.keeper.status.state).toBe('clock-wrong'), soon);
    await steer({ clock_offset_ms: 0 });
    await expectState({ heardEngine: 'aic', problem: null });
    expect(licence.keeper.status.state).toBe('valid');
  });

  test('a token that is out of date before the first block costs the start nothing', async () => {
    await steer({ clock_offset_ms: 2 * 3_600_000 });
    await speak();
    await expectState({ phase: 'running', heardEngine: 'gtcrn' });
    await steer({ clock_offset_ms: 0 });
    await expectState({ heardEngine: 'aic', problem: null });
  });

  test.each([
    ['library-too-old', (): void => void (files.libraryPath = standIn.oldLibraryPath), 'aic.library-too-old'],
    [
      'library-incomplete',
      (): void => void (files.libraryPath = standIn.incompleteLibraryPath),
      'aic.library-incomplete',
    ],
    ['not-a-library', (): void => void (files.libraryPath = standIn.notALibraryPath), 'aic.library-unloadable'],
    ['no-library', (): void => void (files.libraryPath = join(folder, 'none.so')), 'aic.library-missing'],
    ['no-model', (): void => void (files.modelPath = null), 'aic.no-model'],
    ['model-missing', (): void => void (files.modelPath = join(folder, 'none')), 'aic.model-missing'],
    ['model-truncated', (): void => void (files.modelPath = standIn.truncatedModelPath), 'aic.model-invalid'],
    ['model-version', (): void => void (files.modelPath = standIn.wrongVersionModelPath), 'aic.model-version'],
    ['model-type', (): void => void (files.modelPath = standIn.vadModelPath), 'aic.model-type'],
  ] as const)('%s is said, and what stands in is heard', async (_name, spoil, code) => {
    spoil();
    await speak();
    await expectState({ phase: 'running', heardEngine: 'gtcrn', problem: { code } });
    files = { libraryPath: standIn.libraryPath, modelPath: standIn.modelPath };
    await licence.reload();
    await expectState({ heardEngine: 'aic', problem: null });
  });

  test('is switched off and on, chosen and left, without a gap in what is known', async () => {
    await speak();
    await expectState({ heardEngine: 'aic' });
    await enhancer.setEngine('gtcrn');
    await expectState({ heardEngine: 'gtcrn', problem: null, status: { code: 'status.enhancing' } });
    await enhancer.setEngine('aic');
    await expectState({ heardEngine: 'aic', problem: null });
    await enhancer.stop();
    expect(enhancer.state.phase).toBe('off');
    await enhancer.start();
    await expectState({ phase: 'running', heardEngine: 'aic', problem: null });
  });

  test('the unchanged voice stands in when that was chosen', async () => {
    fallback = 'bypass';
    await speak();
    await expectState({ heardEngine: 'aic' });
    await steer({ revoked: 1 });
    await expectState({
      heardEngine: 'bypass',
      status: { code: 'status.passing-instead' },
      problem: { code: 'aic.not-allowed' },
    });
    await steer({ revoked: 0 });
    await expectState({ heardEngine: 'aic', problem: null });
  });

  test('is loaded when it was chosen while a device was away', async () => {
    await speak('gtcrn');
    catalog.become([speaker]);
    await expectState({ phase: 'restarting' });
    await enhancer.setEngine('aic');
    catalog.become([microphone, speaker]);
    await expectState({ phase: 'running', heardEngine: 'aic', problem: null });
  });

  test('the last of two choices counts, however long the first one takes', async () => {
    backend.fault = 'silent';
    await speak('gtcrn');
    const first = enhancer.setEngine('aic');
    await sleep(100);
    await enhancer.setEngine('gtcrn');
    await first;
    await expectState({ engine: 'gtcrn', heardEngine: 'gtcrn', problem: null });
    expect(licence.keeper.status.state).toBe('not-configured');
  });

  test('without a backend the start does not wait for a token, and the reason is named', async () => {
    backendProblem = { code: 'backend.not-configured', params: {} };
    await speak();
    await expectState({ phase: 'running', heardEngine: 'gtcrn', problem: { code: 'backend.not-configured' } });
    backendProblem = null;
    licence.keeper.configurationChanged();
    await expectState({ heardEngine: 'aic', problem: null });
  });

  test('choosing it again, or something else to stand in for it, loads nothing again', async () => {
    await speak();
    await expectState({ heardEngine: 'aic' });
    await enhancer.setEngine('aic');
    await expectCounters({ modelLoads: 1, processorCreates: 1 });
    fallback = 'bypass';
    licence.refit();
    await steer({ revoked: 1 });
    await expectState({ heardEngine: 'bypass' });
    await expectCounters({ modelLoads: 1 });
    await steer({ revoked: 0 });
    await expectState({ heardEngine: 'aic' });
  });

  test('a model that cannot be loaded takes the place of one that could, in what is shown', async () => {
    await speak();
    await expectState({ heardEngine: 'aic' });
    expect(licence.view.loaded?.modelId).toBe('stand-in-48khz');
    files = { ...files, modelPath: join(folder, 'none') };
    await licence.reload();
    expect(licence.view).toMatchObject({ loaded: null, problem: { code: 'aic.model-missing' } });
    await expectState({ heardEngine: 'gtcrn', problem: { code: 'aic.model-missing' } });
  });
});
