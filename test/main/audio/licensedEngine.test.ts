import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  loadNative,
  type EngineChoice,
  type LicensedEngine,
  type LoopNumbers,
  type LoopOptions,
  type Native,
  type NativeLoop,
} from '../../../src/main/audio/native.js';
import { buildStandIn, type StandIn } from '../../libaic/build.js';
import { readStandInLog, type LogLine } from '../../libaic/driver.js';
import { chunk, formatChunk, riff } from '../../wavFile.js';

const secret = new TextEncoder().encode('a secret of this test');

/** A JWT that is good for so many seconds. */
function mint(seconds = 600): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuedAt()
    .setExpirationTime(`${seconds} seconds from now`)
    .sign(secret);
}

const timer = { kind: 'timer' } as const;

/** A process with a live voice that ends while a token is handed over; `made`: what is made first, `end`: how it ends. */
const endingProcess = `
  const [, addon, libraryPath, modelPath, token, made, end] = process.argv;
  const native = require(addon);
  const makeEngine = () => new native.LicensedEngine({ libraryPath, modelPath });
  let engine = made === 'engine' ? makeEngine() : null;
  const loop = new native.Loop();
  engine ??= makeEngine();
  (async () => {
    await engine.updateToken(token);
    const timer = { kind: 'timer' };
    await loop.start({ engine: 'aic', licensed: engine, input: timer, output: timer, level: 1, bypass: false });
    void engine.updateToken(token);
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (end === 'exit') process.exit(7);
    await engine.updateToken(token);
    process.exitCode = 7;
  })();
`;
/** A process whose worker enhances a file with an engine that takes a minute to be made, and is ended meanwhile. */
const endingWorker = `
  const { Worker } = require('node:worker_threads');
  const enhance = \`
    const { parentPort, workerData } = require('node:worker_threads');
    const [addon, libraryPath, modelPath, token, inputPath, outputPath] = workerData;
    const native = require(addon);
    const licensed = new native.LicensedEngine({ libraryPath, modelPath });
    (async () => {
      await licensed.updateToken(token);
      void new native.FileEnhancement({ inputPath, outputPath, engine: 'aic', licensed, level: 1 }).run();
      setTimeout(() => parentPort.postMessage('runs'), 100);
    })();
  \`;
  const worker = new Worker(enhance, { eval: true, workerData: process.argv.slice(1) });
  worker.once('message', async () => {
    await worker.terminate();
    process.exit(7);
  });
`;
const addonPath = fileURLToPath(new URL('../../../native/build/Release/limpid.node', import.meta.url));

describe('the licensed engine, on the stand-in for its library', () => {
  let standIn: StandIn;
  let native: Native;
  let loop: NativeLoop;
  let engine: LicensedEngine;

  beforeAll(() => {
    standIn = buildStandIn();
    native = loadNative();
  });
  beforeEach(() => {
    loop = new native.Loop();
    engine = new native.LicensedEngine({ libraryPath: standIn.libraryPath, modelPath: standIn.modelPath });
  });
  afterEach(async () => {
    await loop.stop();
    await engine.close();
  });

  const start = (choice: EngineChoice, more: Partial<LoopOptions> = {}): Promise<void> =>
    loop.start({ ...choice, input: timer, output: timer, level: 1, bypass: false, ...more });
  const numbersWhen = (check: (numbers: LoopNumbers) => void): Promise<void> =>
    vi.waitFor(() => check(loop.numbers()), { timeout: 10_000, interval: 20 });

  test('is loaded once and says what it is', async () => {
    const facts = await engine.load();
    expect(facts).toEqual({
      libraryPath: standIn.libraryPath,
      sdkVersion: '0.25.1',
      compatibleModelVersion: 7,
      modelId: 'stand-in-48khz',
      sampleRate: 48_000,
      blockFrames: 480,
    });
    expect(await engine.load()).toEqual(facts);
    expect(engine.numbers()).toEqual({ modelLoads: 1, processorCreates: 0, tokenUpdates: 0 });
  });

  test('swaps tokens in place under a live voice', async () => {
    await engine.load();
    expect(await engine.updateToken(await mint())).toBe(0);
    await start({ engine: 'aic', licensed: engine });
    for (let update = 0; update < 5; update++) {
      expect(await engine.updateToken(await mint(60 + update))).toBe(0);
      const { blocksEnhanced } = loop.numbers().counters;
      await numbersWhen(({ counters }) => expect(counters.blocksEnhanced).toBeGreaterThan(blocksEnhanced + 5));
    }
    const { counters, ...numbers } = loop.numbers();
    expect(counters).toMatchObject({ modelLoads: 1, processorCreates: 1, tokenUpdates: 5 });
    expect(counters).toMatchObject({ blocksBypassed: 0, blocksDisallowed: 0 });
    expect(numbers).toMatchObject({ engine: 'aic', engineStatus: 'active', vendorCode: 0, heardEngine: 'aic' });
  });

  test('uses its processor again for streams of another shape', async () => {
    await engine.updateToken(await mint());
    const choice: EngineChoice = { engine: 'aic', licensed: engine, fallback: 'gtcrn' };
    for (const inputRate of [48_000, 16_000]) await start(choice, { inputRate });
    await loop.stop();
    await start(choice, { periodFrames: 100 });
    expect(engine.numbers()).toMatchObject({ modelLoads: 1, processorCreates: 1 });
  });

  test('is replaced behind a cross-fade where a token cannot be swapped', async () => {
    const licence = `${Buffer.from('{}').toString('base64url')}.${Buffer.from('s').toString('base64url')}`;
    await engine.updateToken(licence);
    await start({ engine: 'aic', licensed: engine });
    expect(await engine.updateToken(await mint())).toBe(53);
    await engine.replaceToken(await mint());
    await loop.setEngine({ engine: 'aic', licensed: engine });
    await numbersWhen(({ counters }) => expect(counters.processorCreates).toBe(2));
    expect(await engine.updateToken(await mint())).toBe(0);
    await numbersWhen((numbers) => expect(numbers).toMatchObject({ engineStatus: 'active', heardEngine: 'aic' }));
    expect(loop.numbers().counters).toMatchObject({ modelLoads: 1, blocksDisallowed: 0 });
  });

  test('says why it does not work, and works again', async () => {
    await engine.updateToken(await mint(2));
    await start({ engine: 'aic', licensed: engine });
    await numbersWhen((numbers) => {
      expect(numbers).toMatchObject({ engineStatus: 'blocked', vendorCode: 52, heardEngine: 'bypass' });
      expect(numbers.counters.blocksDisallowed).toBeGreaterThan(0);
    });
    await engine.updateToken(await mint());
    await numbersWhen((numbers) =>
      expect(numbers).toMatchObject({ engineStatus: 'active', vendorCode: 0, heardEngine: 'aic' }),
    );
  });

  test('has a detector where there is a model for it', async () => {
    await engine.updateToken(await mint());
    await start({ engine: 'aic', licensed: engine });
    await numbersWhen(({ speechProbability }) => expect(speechProbability).toBeNull());
    const { libraryPath, model16kPath: modelPath, vadModelPath } = standIn;
    const hearing = new native.LicensedEngine({ libraryPath, modelPath, vadModelPath, otel: { enable: false } });
    await hearing.updateToken(await mint());
    await loop.setEngine({ engine: 'aic', licensed: hearing });
    await numbersWhen(({ speechProbability }) => expect(speechProbability).toBeTypeOf('number'));
    await hearing.close();
  });

  test.each([
    ['missing', (): string => join(standIn.folder, 'nowhere'), 'aic.library-missing'],
    ['a text file', (): string => standIn.notALibraryPath, 'aic.library-unloadable'],
    ['for another processor', (): string => standIn.wrongArchitecturePath, 'aic.library-unloadable'],
    ['old', (): string => standIn.oldLibraryPath, 'aic.library-too-old'],
    ['incomplete', (): string => standIn.incompleteLibraryPath, 'aic.library-incomplete'],
  ])('names the fault of a library that is %s', async (_, path, code) => {
    await expect(native.inspectLicensedLibrary(path())).rejects.toMatchObject({ code });
    const broken = new native.LicensedEngine({ libraryPath: path(), modelPath: standIn.modelPath });
    await expect(broken.load()).rejects.toMatchObject({ code });
    await broken.close();
  });

  test.each([
    ['missing', (): string => join(standIn.folder, 'nowhere.aicmodel'), { code: 'aic.model-missing' }],
    ['truncated', (): string => standIn.truncatedModelPath, { code: 'aic.vendor', detail: '100' }],
    ['of another version', (): string => standIn.wrongVersionModelPath, { code: 'aic.vendor', detail: '101' }],
    ['unreadable', (): string => standIn.unreadableModelPath, { code: 'aic.vendor', detail: '103' }],
  ])('names the fault of a model that is %s', async (_, path, error) => {
    const broken = new native.LicensedEngine({ libraryPath: standIn.libraryPath, modelPath: path() });
    await expect(broken.load()).rejects.toMatchObject(error);
    await broken.close();
  });

  test('is refused before its first token, after it was closed, and where it is missing', async () => {
    await engine.load();
    await expect(start({ engine: 'aic', licensed: engine })).rejects.toMatchObject({ code: 'aic.no-token' });
    await engine.close();
    const refused = { code: 'aic.closed' };
    await expect(engine.load()).rejects.toMatchObject(refused);
    await expect(engine.updateToken(await mint())).rejects.toMatchObject(refused);
    await expect(engine.replaceToken(await mint())).rejects.toMatchObject(refused);
    await expect(start({ engine: 'aic', licensed: engine })).rejects.toMatchObject(refused);
    expect(() => start({ engine: 'aic' })).toThrow(expect.objectContaining({ code: 'argument' }));
    const other = { numbers: () => null } as unknown as LicensedEngine;
    expect(() => start({ engine: 'aic', licensed: other })).toThrow(expect.objectContaining({ code: 'argument' }));
  });

  describe('when the process ends', () => {
    async function endProcess(made: string, end: string): Promise<{ code: unknown; lines: LogLine[] }> {
      const folder = mkdtempSync(join(tmpdir(), 'limpid-licensed-'));
      const values = [made, end];
      const result = await runScript(folder, endingProcess, values, { AIC_STANDIN_UPDATE_DELAY_MS: '200' });
      rmSync(folder, { recursive: true });
      return result;
    }

    async function runScript(folder: string, script: string, values: string[], variables: Record<string, string>) {
      const log = join(folder, 'log');
      const argv = ['-e', script, addonPath, standIn.libraryPath, standIn.modelPath, await mint(), ...values];
      const env = { ...process.env, AIC_STANDIN_LOG: log, ...variables };
      const code = await new Promise<unknown>((resolve) => {
        const child = execFile(process.execPath, argv, { env }, () => resolve(child.exitCode ?? child.signalCode));
      });
      return { code, lines: readStandInLog(log) };
    }

    test.each(['engine', 'loop'])('with its last work, its session is ended (%s made first)', async (made) => {
      const { code, lines } = await endProcess(made, 'itself');
      expect(code).toBe(7);
      const ends = lines.filter(({ call }) => /terminate|destroy/.test(call)).map(({ call }) => call);
      expect(ends).toEqual(['aic_processor_terminate_session', 'aic_processor_destroy', 'aic_model_destroy']);
      const processed = lines.filter(({ call }) => call === 'aic_processor_process');
      expect(processed.at(-1)).toMatchObject({ isFinal: true, violations: 0, audioThreadCalls: 0 });
    });

    test('at once, nothing that still runs harms it', async () => {
      const { code } = await endProcess('engine', 'exit');
      expect(code).toBe(7);
    });

    test('or a worker of it, it does not wait for a library that takes its time with a file', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'limpid-licensed-'));
      const inputPath = join(folder, 'in.wav');
      const format = formatChunk({ sampleRate: 48_000, channels: 1, bits: 16 });
      writeFileSync(inputPath, riff([format, chunk('data', Buffer.alloc(96_000))]));
      const values = [inputPath, join(folder, 'out.wav')];
      const variables = { AIC_STANDIN_CREATE_DELAY_MS: '60000' };
      const { code, lines } = await runScript(folder, endingWorker, values, variables);
      expect(code).toBe(7);
      expect(lines.map(({ call }) => call)).toContain('aic_model_create_from_file');
      expect(lines.map(({ call }) => call)).not.toContain('aic_processor_create'); // it was still waiting
      rmSync(folder, { recursive: true });
    });
  });

  test('enhances files with a processor a channel, and leaves nothing behind when it is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'limpid-licensed-'));
    const [inputPath, outputPath] = [join(folder, 'in.wav'), join(folder, 'out', 'out.wav')];
    mkdirSync(join(folder, 'out'));
    const samples = Float32Array.from({ length: 2 * 24_000 }, (_, at) => 0.3 * Math.sin(at / 7));
    const format = formatChunk({ sampleRate: 48_000, channels: 2, bits: 32, float: true });
    writeFileSync(inputPath, riff([format, chunk('data', Buffer.from(samples.buffer))]));
    const enhance = (): ReturnType<InstanceType<Native['FileEnhancement']>['run']> =>
      new native.FileEnhancement({ inputPath, outputPath, engine: 'aic', licensed: engine, level: 1 }).run();

    await engine.updateToken(await mint(2));
    await expect(enhance()).resolves.toMatchObject({ channels: 2, frames: 24_000, delayMs: 30 });
    await vi.waitFor(async () => {
      rmSync(outputPath, { force: true });
      await expect(enhance()).rejects.toMatchObject({ code: 'aic.vendor', detail: '52' });
    }, 10_000);
    expect(readdirSync(join(folder, 'out'))).toEqual([]);
    expect(engine.numbers()).toMatchObject({ modelLoads: 1, processorCreates: 2 });
    rmSync(folder, { recursive: true });
  });
});
