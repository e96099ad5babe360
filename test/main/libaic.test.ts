import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { buildStandIn } from '../libaic/build.js';
import { Driver } from '../libaic/driver.js';

const rate = 48_000;
const block = 480;
const delayFrames = 1440;
const licence = `${Buffer.from('{"user":"x","version":1,"api_key":"k"}').toString('base64')}.c2lnbmF0dXJl`;
const standIn = buildStandIn();

let folder: string;
let drivers: Driver[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-libaic-'));
  drivers = [];
});

afterEach(async () => {
  await Promise.all(drivers.map((driver) => driver.end()));
  rmSync(folder, { recursive: true, force: true });
});

function openDriver(settings: Record<string, string> = {}): Driver {
  const driver = new Driver(folder, { settings });
  drivers.push(driver);
  return driver;
}

function jwt(lifetimeSeconds: number | null, claims: Record<string, unknown> = {}): Promise<string> {
  const unsigned = new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).setIssuedAt();
  if (lifetimeSeconds !== null) unsigned.setExpirationTime(Math.floor(Date.now() / 1000) + lifetimeSeconds);
  return unsigned.sign(new Uint8Array(32));
}

const fingerprint = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

function sine(seconds: number, amplitude: number, hz = 440): Float32Array {
  return Float32Array.from({ length: seconds * rate }, (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / rate));
}

const levelDb = (samples: Float32Array): number =>
  10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length + 1e-20);

const biggestStep = (samples: Float32Array): number =>
  samples.reduce((biggest, sample, i) => Math.max(biggest, i ? Math.abs(sample - samples[i - 1]!) : 0), 0);

/** The input, later by the delay of the processor. */
const delayed = (samples: Float32Array): Float32Array =>
  Float32Array.from(samples, (_, i) => (i < delayFrames ? 0 : samples[i - delayFrames]!));

/** A processor for 48 kHz in blocks of 480: object 1 of its driver. */
async function openProcessor(settings: Record<string, string> = {}, key?: string): Promise<Driver> {
  const driver = openDriver(settings);
  await driver.ask('model', standIn.modelPath);
  expect(await driver.ask('create', 1, key ?? (await jwt(60)))).toBe('0 1');
  expect(await driver.ask('initialize', 1, rate, block, 'fixed')).toBe('0');
  return driver;
}

/** The codes of 10 blocks. */
async function codesOf(driver: Driver, id = 1): Promise<string> {
  return (await driver.process(id, block, sine(0.1, 0.5))).codes;
}

describe('the library and its models', () => {
  test('it says its version and the one version of models it takes', async () => {
    expect(await openDriver().ask('version')).toBe('0 0.25.1 7');
  });

  test.each([
    ['modelPath', '0 1 stand-in-48khz 48000 480'],
    ['model16kPath', '0 1 stand-in-16khz 16000 160'],
    ['vadModelPath', '0 1 stand-in-vad 16000 160'],
    ['truncatedModelPath', '100 0 - 0 0'],
    ['notAModelPath', '100 0 - 0 0'],
    ['wrongVersionModelPath', '101 0 - 0 0'],
    ['unreadableModelPath', '103 0 - 0 0'],
  ] as const)('%s is answered with %s', async (model, answer) => {
    expect(await openDriver().ask('model', standIn[model])).toBe(answer);
  });

  test('a path where nothing is, and an empty one, are invalid', async () => {
    const driver = openDriver();
    expect(await driver.ask('model', join(folder, 'none'))).toBe('102 0 - 0 0');
    expect(await driver.ask('model')).toBe('102 0 - 0 0');
  });

  test('a speech detector is no model for a processor, and the other way round', async () => {
    const driver = openDriver();
    await driver.ask('model', standIn.vadModelPath);
    await driver.ask('model', standIn.modelPath);
    expect(await driver.ask('create', 1, await jwt(60))).toBe('105 0');
    expect(await driver.ask('createVad', 2, await jwt(60))).toBe('105 0');
  });

  test('a model may go before its processor', async () => {
    const driver = await openProcessor();
    await driver.ask('destroyModel', 1);
    expect(await driver.ask('count', 'models')).toBe('0 1');
    expect(await codesOf(driver)).toBe('0:10');
    await driver.ask('destroy', 1);
    expect(await driver.ask('delay', 1)).toBe(`0 ${delayFrames}`);
    await driver.ask('destroyContext', 1);
    expect(await driver.ask('count', 'models')).toBe('0 0');
  });

  test.each([
    ['libraryPath', '0 0.25.1 7', ''],
    ['oldLibraryPath', '0 0.21.3 4', 'lacks aic_processor_process\n'],
    ['incompleteLibraryPath', '0 0.22.0 4', 'lacks aic_processor_context_update_bearer_token\n'],
  ] as const)('%s says %s and lacks: %s', async (library, version, lacks) => {
    const driver = new Driver(folder, { library });
    expect(await driver.ask('version')).toBe(version);
    await driver.end();
    expect(driver.stderr).toBe(lacks);
  });

  test.each(['notALibraryPath', 'wrongArchitecturePath'] as const)('%s cannot be opened', async (library) => {
    const driver = new Driver(folder, { library });
    expect(await driver.end()).toBe(1);
    expect(driver.stderr).toContain(standIn[library]);
  });
});

describe('arguments', () => {
  test('NULL is answered with 1 everywhere', async () => {
    const codes = (await openDriver().ask('nulls')).split(' ');
    expect(codes).toHaveLength(17);
    expect(new Set(codes)).toEqual(new Set(['1']));
    const driver = await openProcessor();
    expect(await driver.ask('processNull', 1)).toBe('1');
    expect(await driver.ask('update', 1, '-')).toBe('1');
    expect(await driver.ask('create', 1, '-')).toBe('1 0');
    expect(await driver.ask('create', '-', 'x')).toBe('1 0');
  });

  test('before initialize nothing works', async () => {
    const driver = openDriver();
    await driver.ask('model', standIn.modelPath);
    await driver.ask('create', 1, await jwt(60));
    expect(await driver.ask('delay', 1)).toBe('3 0');
    expect(await driver.ask('reset', 1)).toBe('3');
    const { codes, output } = await driver.process(1, block, sine(0.1, 0.5));
    expect(codes).toBe('3:10');
    expect(output).toEqual(sine(0.1, 0.5));
  });

  test.each([
    [7999, 80, '4'],
    [8000, 80, '0'],
    [192_000, 1920, '0'],
    [192_001, 1920, '4'],
    [48_000, 0, '4'],
  ])('%i Hz in blocks of %i: %s', async (hz, frames, code) => {
    const driver = await openProcessor();
    expect(await driver.ask('initialize', 1, hz, frames, 'fixed')).toBe(code);
  });

  test('a fixed block must match, a variable one may be shorter; a wrong block is left alone', async () => {
    const driver = await openProcessor();
    expect((await driver.process(1, 240, sine(0.1, 0.5))).codes).toBe('5:20');
    const longer = await driver.process(1, 960, sine(0.1, 0.5));
    expect(longer.codes).toBe('5:5');
    expect(longer.output).toEqual(sine(0.1, 0.5));
    await driver.ask('initialize', 1, rate, block, 'variable');
    expect((await driver.process(1, 240, sine(0.1, 0.5))).codes).toBe('0:20');
    expect((await driver.process(1, 960, sine(0.1, 0.5))).codes).toBe('5:5');
  });

  test('parameters out of range change nothing', async () => {
    const driver = await openProcessor();
    expect(await driver.ask('setParameter', 1, 1, 0.25)).toBe('0');
    for (const [parameter, value] of [
      [1, 1.01],
      [1, -0.01],
      [1, 'nan'],
      [0, 2],
      [2, 0],
      [-1, 0],
    ] as const) {
      expect(await driver.ask('setParameter', 1, parameter, value)).toBe('2');
    }
    expect(await driver.ask('getParameter', 1, 1)).toBe('0 0.25');
    expect(await driver.ask('getParameter', 1, 2)).toBe('2 0');
  });
});

describe('the sound', () => {
  test('a loud tone comes 30 ms later, clearly changed, and within 3 dB', async () => {
    const driver = await openProcessor();
    expect(await driver.ask('delay', 1)).toBe(`0 ${delayFrames}`);
    const input = sine(1, 0.5);
    const { codes, output } = await driver.process(1, block, input);
    expect(codes).toBe('0:100');
    const settled = rate / 2;
    const change = levelDb(output.subarray(settled)) - levelDb(input.subarray(settled));
    expect(change).toBeGreaterThan(-2.5);
    expect(change).toBeLessThan(-1.5);
    const gain = 10 ** (change / 20);
    const dry = delayed(input);
    const difference = output.map((sample, i) => sample - gain * dry[i]!).subarray(settled);
    expect(levelDb(difference)).toBeLessThan(-50);
  });

  test('what is quiet gets much quieter', async () => {
    const driver = await openProcessor();
    const input = sine(1, 0.001);
    const { output } = await driver.process(1, block, input);
    expect(levelDb(output.subarray(rate / 2)) - levelDb(input)).toBeLessThan(-15);
  });

  test.each([
    ['level 0', 1, 0],
    ['bypass', 0, 1],
  ])('%s is the input, with the delay unchanged', async (_, parameter, value) => {
    const driver = await openProcessor();
    await driver.ask('setParameter', 1, parameter, value);
    const input = sine(0.5, 0.5);
    const { codes, output } = await driver.process(1, block, input);
    expect(codes).toBe('0:50');
    expect(output).toEqual(delayed(input));
    expect(await driver.ask('delay', 1)).toBe(`0 ${delayFrames}`);
  });

  test('turning level and bypass makes no click', async () => {
    const driver = await openProcessor();
    const tone = sine(2, 0.5);
    const parts: Float32Array[] = [];
    for (const [i, [parameter, value]] of (
      [
        [1, 1],
        [1, 0],
        [1, 1],
        [0, 1],
        [0, 0],
      ] as const
    ).entries()) {
      await driver.ask('setParameter', 1, parameter, value);
      parts.push((await driver.process(1, block, tone.subarray((i * rate) / 5, ((i + 1) * rate) / 5))).output);
    }
    const whole = Float32Array.from(parts.flatMap((part) => [...part]));
    expect(biggestStep(whole)).toBeLessThanOrEqual(biggestStep(tone) * 1.05);
  });

  test('reset forgets what was heard', async () => {
    const driver = await openProcessor();
    await driver.process(1, block, sine(0.1, 0.5));
    expect(await driver.ask('reset', 1)).toBe('0');
    const { output } = await driver.process(1, block, new Float32Array(rate / 10));
    expect(levelDb(output)).toBeLessThan(-150);
  });

  test('two processors of one model do not hear each other', async () => {
    const driver = await openProcessor();
    expect(await driver.ask('create', 1, await jwt(60))).toBe('0 2');
    await driver.ask('initialize', 2, rate, block, 'fixed');
    await driver.process(1, block, sine(0.1, 0.5));
    const { output } = await driver.process(2, block, new Float32Array(rate / 10));
    expect(levelDb(output)).toBeLessThan(-150);
    expect(await driver.ask('count', 'model_loads')).toBe('0 1');
    expect(await driver.ask('count', 'processor_creates')).toBe('0 2');
  });
});

describe('the speech detector', () => {
  async function openDetector(key?: string): Promise<Driver> {
    const driver = openDriver();
    await driver.ask('model', standIn.vadModelPath);
    expect(await driver.ask('createVad', 1, key ?? (await jwt(60)))).toBe('0 1');
    expect(await driver.ask('initialize', 1, rate, block, 'fixed')).toBe('0');
    return driver;
  }

  test('it tells speech from silence, and only reads', async () => {
    const driver = await openDetector();
    expect(await driver.ask('delay', 1)).toBe(`0 ${block}`);
    const loud = sine(0.5, 0.3);
    expect((await driver.process(1, block, loud)).output).toEqual(loud);
    const [code, isSpeech, probability] = (await driver.ask('speech', 1)).split(' ').map(Number);
    expect([code, isSpeech]).toEqual([0, 1]);
    expect(probability).toBeGreaterThan(0.9);
    await driver.process(1, block, new Float32Array(rate));
    expect(await driver.ask('speech', 1)).toMatch(/^0 0 [\d.e-]+$/);
  });

  test('speech is held, and must last', async () => {
    const driver = await openDetector();
    expect(await driver.ask('setParameter', 1, 0, 2)).toBe('0');
    await driver.process(1, block, sine(0.5, 0.3));
    await driver.process(1, block, new Float32Array(rate));
    expect(await driver.ask('speech', 1)).toMatch(/^0 1 /);
    await driver.ask('reset', 1);
    expect(await driver.ask('setParameter', 1, 2, 1)).toBe('0');
    await driver.process(1, block, sine(0.5, 0.3));
    expect(await driver.ask('speech', 1)).toMatch(/^0 0 /);
    expect(await driver.ask('setParameter', 1, 2, 1.5)).toBe('2');
  });

  test('its licence is its own: it expires, and takes a token in place', async () => {
    const driver = await openDetector(await jwt(10));
    await driver.ask('set', 'clock_offset_ms', 20_000);
    expect(await codesOf(driver)).toBe('52:10');
    expect(await driver.ask('update', 1, await jwt(60))).toBe('0');
    expect(await codesOf(driver)).toBe('0:10');
  });
});

describe('keys', () => {
  test('a key is taken by its format alone', async () => {
    const driver = openDriver();
    await driver.ask('model', standIn.modelPath);
    const [head, payload, signature] = (await jwt(60)).split('.') as [string, string, string];
    const wrong = [
      'x',
      'a.b',
      '..',
      `${head}.${payload}.`,
      `${head}..${signature}`,
      `${head}.${payload}.a.b`,
      `${head}.!!!!.aa`,
    ];
    for (const key of wrong) expect(await driver.ask('create', 1, key), key).toBe('50 0');
    expect(await driver.ask('create', 1, `${head}.${payload}.Zm9yZ2Vk`)).toBe('0 1');
    expect(await driver.ask('create', 1, licence)).toBe('0 2');
  });

  test('`exp` is the one at the top, wherever it stands', async () => {
    const driver = openDriver();
    await driver.ask('model', standIn.modelPath);
    const misleading = { a: { exp: 1 }, b: '"exp":1,\\', c: [{ exp: 1 }] };
    expect(await driver.ask('create', 1, await jwt(60, misleading))).toBe('0 1');
    expect(await driver.ask('create', 1, await jwt(-60, misleading))).toBe('52 0');
    expect(await driver.ask('create', 1, await jwt(10 * 365 * 86_400))).toBe('0 2');
    expect(await driver.ask('create', 1, await jwt(null))).toBe('0 3');
  });

  test('a code can be forced at creation', async () => {
    const driver = openDriver({ create_code: '51' });
    await driver.ask('model', standIn.modelPath);
    expect(await driver.ask('create', 1, await jwt(60))).toBe('51 0');
  });

  test('after `exp` the buffer holds the delayed input, until a new token comes in place', async () => {
    const driver = await openProcessor({}, await jwt(30));
    const before = await driver.process(1, block, sine(0.1, 0.5));
    await driver.ask('set', 'clock_offset_ms', 31_000);
    const tone = sine(0.2, 0.5);
    const { codes, output } = await driver.process(1, block, tone);
    expect(codes).toBe('52:20');
    expect(output.subarray(delayFrames)).toEqual(delayed(tone).subarray(delayFrames));
    expect(output.subarray(0, delayFrames)).toEqual(sine(0.1, 0.5).subarray(-delayFrames));
    expect(before.output).not.toEqual(delayed(sine(0.1, 0.5)));
    expect(await driver.ask('update', 1, await jwt(10))).toBe('0');
    expect(await codesOf(driver)).toBe('52:10');
    expect(await driver.ask('update', 1, await jwt(60))).toBe('0');
    expect(await codesOf(driver)).toBe('0:10');
    expect(await driver.ask('count', 'processor_creates')).toBe('0 1');
  });

  test('by the monotonic clock a changed wall clock means nothing', async () => {
    const driver = await openProcessor({ clock: 'monotonic' }, await jwt(30));
    await driver.ask('set', 'clock_offset_ms', 3_600_000);
    expect(await codesOf(driver)).toBe('0:10');
    await driver.ask('set', 'monotonic_offset_ms', 31_000);
    expect(await codesOf(driver)).toBe('52:10');
  });

  test('by the monotonic clock a changed wall clock means nothing to a processor that is made either', async () => {
    const driver = await openProcessor({ clock: 'monotonic' }, await jwt(30));
    await driver.ask('set', 'clock_offset_ms', 3_600_000);
    expect(await driver.ask('create', 1, await jwt(30))).toBe('0 2');
    await driver.ask('set', 'monotonic_offset_ms', 31_000);
    expect(await driver.ask('create', 1, await jwt(30))).toBe('52 0');
  });

  test('an update that is refused changes nothing', async () => {
    const driver = await openProcessor({}, await jwt(30));
    expect(await driver.ask('update', 1, 'nonsense')).toBe('50');
    expect(await driver.ask('update', 1, licence)).toBe('53');
    await driver.ask('set', 'update_code', 7);
    expect(await driver.ask('update', 1, await jwt(60))).toBe('7');
    await driver.ask('set', 'clock_offset_ms', 31_000);
    expect(await codesOf(driver)).toBe('52:10');
    expect(await driver.ask('count', 'token_updates')).toBe('0 0');
    expect(await driver.ask('count', 'update_errors')).toBe('0 3');
  });

  test('a licence takes no token in its place', async () => {
    const driver = await openProcessor({}, licence);
    expect(await driver.ask('update', 1, await jwt(60))).toBe('53');
    expect(await codesOf(driver)).toBe('0:10');
  });
});

describe('permission', () => {
  test('revoked: the delayed input and code 6, with the best of tokens; it ends as it came', async () => {
    const driver = await openProcessor();
    await driver.ask('set', 'revoked', 1);
    const tone = sine(0.2, 0.5);
    const { codes, output } = await driver.process(1, block, tone);
    expect(codes).toBe('6:20');
    expect(output).toEqual(delayed(tone));
    expect(await driver.ask('update', 1, await jwt(60))).toBe('0');
    expect(await codesOf(driver)).toBe('6:10');
    await driver.ask('set', 'revoked', 0);
    expect(await codesOf(driver)).toBe('0:10');
  });

  test('without activation it works for 10 s', async () => {
    const driver = await openProcessor({ activate: '0' });
    expect(await codesOf(driver)).toBe('0:10');
    await driver.ask('set', 'monotonic_offset_ms', 10_001);
    expect(await codesOf(driver)).toBe('6:10');
    await driver.ask('set', 'activate', 1);
    expect(await codesOf(driver)).toBe('0:10');
  });

  test('a token that the server refuses is taken, and stops working after a while; a good one helps', async () => {
    const driver = await openProcessor({ refuse_refresh: '1' });
    expect(await driver.ask('update', 1, await jwt(60))).toBe('0');
    expect(await codesOf(driver)).toBe('0:10');
    await driver.ask('set', 'monotonic_offset_ms', 1001);
    expect(await codesOf(driver)).toBe('6:10');
    await driver.ask('set', 'refuse_refresh', 0);
    expect(await driver.ask('update', 1, await jwt(60))).toBe('0');
    expect(await codesOf(driver)).toBe('0:10');
  });

  test('any code can be forced on process; one that is not about the licence leaves the buffer alone', async () => {
    const driver = await openProcessor({ process_code: '7' });
    const { codes, output } = await driver.process(1, block, sine(0.1, 0.5));
    expect(codes).toBe('7:10');
    expect(output).toEqual(sine(0.1, 0.5));
  });

  test('the control file steers while it runs', async () => {
    const driver = await openProcessor();
    writeFileSync(driver.controlPath, '# comment\nrevoked = 1\nunknown=2\n');
    await vi.waitFor(async () => expect(await codesOf(driver)).toBe('6:10'), { timeout: 5000 });
    writeFileSync(driver.controlPath, 'revoked=0');
    await vi.waitFor(async () => expect(await codesOf(driver)).toBe('0:10'), { timeout: 5000 });
    const changes = (await driver.log()).filter((line) => line.call === 'control');
    expect(changes.map(({ key, value }) => [key, value])).toEqual([
      ['revoked', 1],
      ['revoked', 0],
    ]);
  });
});

describe('the log', () => {
  test('it tells the calls, their threads and codes, and never a token', async () => {
    const [first, second] = [await jwt(60), await jwt(120)];
    const driver = await openProcessor({}, first);
    await driver.ask('update', 1, second);
    await driver.ask('update', 1, `${second}.x`);
    await driver.ask('setParameter', 1, 1, 0.5);
    await codesOf(driver);
    await driver.ask('set', 'revoked', 1);
    await codesOf(driver);
    await driver.ask('terminate', 1);
    await driver.ask('destroy', 1);
    const lines = await driver.log();
    const of = (call: string) => lines.filter((line) => line.call === call);

    expect(of('load')).toMatchObject([{ version: '0.25.1' }]);
    expect(of('aic_model_create_from_file')).toMatchObject([{ code: 0, model: 'stand-in-48khz' }]);
    expect(of('aic_processor_create')).toMatchObject([
      { id: 1, code: 0, token: fingerprint(first), kind: 'jwt', otel: null },
    ]);
    expect(of('aic_processor_initialize')).toMatchObject([{ rate, blockFrames: block, isVariable: false }]);
    expect(of('aic_processor_context_update_bearer_token')).toMatchObject([
      { code: 0, token: fingerprint(second) },
      { code: 50, kind: null },
    ]);
    expect(of('aic_processor_context_set_parameter')).toMatchObject([{ parameter: 1, value: 0.5, code: 0 }]);
    expect(of('codeChange').map(({ from, to }) => [from, to])).toEqual([
      [-1, 0],
      [0, 6],
    ]);
    const thread = of('load')[0]!.thread;
    expect(of('aic_processor_process').at(-1)).toMatchObject({
      blocks: 20,
      frames: 20 * block,
      audioThreadCalls: 1,
      overlaps: 0,
      violations: 0,
      bypassed: 10,
      disallowed: 10,
      isFinal: true,
      threads: { [thread]: { 0: 10, 6: 10 } },
    });
    expect(of('aic_processor_terminate_session')).toMatchObject([{ id: 1, code: 0 }]);
    expect(of('aic_processor_destroy')).toMatchObject([{ id: 1, isInside: false }]);
    const text = readFileSync(driver.logPath, 'utf8');
    for (const part of [first, second].flatMap((token) => token.split('.').slice(1))) expect(text).not.toContain(part);
  });

  test('fingerprints are SHA-256 at every length', async () => {
    const driver = openDriver();
    await driver.ask('model', standIn.modelPath);
    const keys = Array.from({ length: 140 }, (_, i) => 'k'.repeat(i + 1));
    for (const key of keys) await driver.ask('create', 1, key);
    const seen = (await driver.log()).filter((line) => line.call === 'aic_processor_create').map((line) => line.token);
    expect(seen).toEqual(keys.map(fingerprint));
  });

  test('it records the configuration of metrics', async () => {
    const driver = openDriver();
    await driver.ask('model', standIn.modelPath);
    await driver.ask('create', 1, await jwt(60), 'desk-"7"', 5000);
    await driver.ask('create', 1, await jwt(60), '-', 0);
    const created = (await driver.log()).filter((line) => line.call === 'aic_processor_create');
    expect(created.map((line) => line.otel)).toEqual([
      { enable: true, sessionId: 'desk-"7"', exportIntervalMs: 5000 },
      { enable: true, sessionId: null, exportIntervalMs: 60_000 },
    ]);
  });

  test('an update holds its mutex for as long as it is told, under the nose of process', async () => {
    const driver = await openProcessor({ update_delay_ms: '20' });
    await driver.ask('stress', 200, await jwt(60));
    await driver.ask('destroy', 1);
    const lines = await driver.log();
    const updates = lines.filter((line) => line.call === 'aic_processor_context_update_bearer_token');
    expect(updates.length).toBeGreaterThan(0);
    for (const update of updates) expect(update.heldNs).toBeGreaterThanOrEqual(20e6);
    const numbers = lines.filter((line) => line.call === 'aic_processor_process').at(-1)!;
    expect(numbers.blocksDuringUpdate).toBeGreaterThan(0);
    expect(numbers).toMatchObject({ audioThreadCalls: 0, overlaps: 0, violations: 0 });
    expect(updates[0]!.thread).not.toBe(Number(Object.keys(numbers.threads as object)[0]));
  });
});

describe('what the library must not see', () => {
  test('process after the end of the session and after destroy, and a second destroy, are violations', async () => {
    const driver = await openProcessor();
    await codesOf(driver);
    expect(await driver.ask('count', 'violations')).toBe('0 0');
    await driver.ask('terminate', 1);
    await codesOf(driver);
    expect(await driver.ask('count', 'violations')).toBe('0 10');
    await driver.ask('destroy', 1);
    expect(await codesOf(driver)).toBe('7:10');
    await driver.ask('destroy', 1);
    expect(await driver.ask('count', 'violations')).toBe('0 21');
  });

  test('calls that may wait are counted where they come from a thread that processes', async () => {
    const driver = await openProcessor();
    await driver.ask('update', 1, await jwt(60));
    expect(await driver.ask('count', 'audio_thread_calls')).toBe('0 0');
    await codesOf(driver);
    await driver.ask('update', 1, await jwt(60));
    await driver.ask('create', 1, await jwt(60));
    await driver.ask('initialize', 1, rate, block, 'fixed');
    await driver.ask('terminate', 1);
    expect(await driver.ask('count', 'audio_thread_calls')).toBe('0 4');
  });
});

describe('all at once, under the sanitizers', () => {
  test.runIf(process.platform === 'linux').each(['thread', 'address,undefined'] as const)(
    '%s: processors and detectors on their own threads, with updates and controls beside them',
    async (sanitizer) => {
      const driver = new Driver(folder, { settings: { update_delay_ms: '1' }, sanitizer });
      await driver.ask('model', standIn.modelPath);
      await driver.ask('model', standIn.vadModelPath);
      const key = await jwt(60);
      for (const create of ['create 1', 'create 1', 'createVad 2']) await driver.ask(create, key);
      for (const id of [1, 2, 3]) expect(await driver.ask('initialize', id, rate, block, 'fixed')).toBe('0');
      writeFileSync(driver.controlPath, 'update_delay_ms=0\n');
      expect(await driver.ask('stress', 500, await jwt(120))).toBe('0');
      expect(await driver.ask('count', 'audio_thread_calls')).toBe('0 0');
      expect(await driver.ask('count', 'violations')).toBe('0 0');
      expect(await driver.ask('count', 'overlaps')).toBe('0 0');
      for (const id of [1, 2, 3]) await driver.ask('terminate', id);
      for (const id of [1, 2, 3]) await driver.ask('destroy', id);
      for (const id of [1, 2, 3]) await driver.ask('destroyContext', id);
      for (const id of [1, 2]) await driver.ask('destroyModel', id);
      const code = await driver.end();
      expect(driver.stderr).toBe('');
      expect(code).toBe(0);
    },
    60_000,
  );
});
