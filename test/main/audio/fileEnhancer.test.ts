import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { enhanceFile, type EnhanceFileOptions } from '../../../src/main/audio/fileEnhancer.js';
import { loadNative } from '../../../src/main/audio/native.js';
import * as wav from '../../wavFile.js';

const addonPath = fileURLToPath(new URL('../../../native/build/Release/limpid.node', import.meta.url));

let folder = '';
let inputPath = '';
let outputPath = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-file-'));
  inputPath = join(folder, 'in.wav');
  outputPath = join(folder, 'out.wav');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const enhance = (changes: Partial<EnhanceFileOptions> = {}, controls: Parameters<typeof enhanceFile>[1] = {}) =>
  enhanceFile({ inputPath, outputPath, engine: 'gtcrn', level: 1, ...changes }, controls);

const energyOf = (samples: Float32Array) => samples.reduce((sum, sample) => sum + sample * sample, 0);

const shapes: wav.WavShape[] = [
  { sampleRate: 8000, channels: 1, bits: 16 },
  { sampleRate: 11_025, channels: 2, bits: 24 },
  { sampleRate: 16_000, channels: 1, bits: 32, float: true },
  { sampleRate: 22_050, channels: 3, bits: 32 },
  { sampleRate: 44_100, channels: 2, bits: 16 },
  { sampleRate: 48_000, channels: 1, bits: 24 },
  { sampleRate: 88_200, channels: 1, bits: 64, float: true },
  { sampleRate: 96_000, channels: 1, bits: 32 },
  { sampleRate: 192_000, channels: 1, bits: 32, float: true },
];

describe('what stays', () => {
  test.each(shapes)(
    '$sampleRate Hz, $channels × $bits bits: format, length, and at level 0 the sound',
    async (shape) => {
      const frames = Math.round(shape.sampleRate * 0.7) + 1;
      const samples = wav.makeNoise(frames * shape.channels, 0.25);
      await writeFile(inputPath, wav.makeWav(samples, shape));
      const result = await enhance({ level: 0 });
      expect(result).toMatchObject({ sampleRate: shape.sampleRate, channels: shape.channels, frames });
      expect(result.seconds).toBeCloseTo(frames / shape.sampleRate, 9);
      const before = await wav.readWav(inputPath);
      const after = await wav.readWav(outputPath);
      expect(after.shape).toEqual({ float: false, ...shape });
      expect(after.samples.length).toBe(samples.length);
      const difference = after.samples.map((sample, index) => sample - (before.samples[index] ?? NaN));
      expect(energyOf(difference)).toBeLessThan(energyOf(before.samples) * 1e-8);
    },
  );

  test.each([44_100, 48_000])('the output is in time to a sample at %d Hz', async (sampleRate) => {
    const shape = { sampleRate, channels: 1, bits: 32, float: true };
    const voice = wav.makeVoice(sampleRate * 3, sampleRate);
    await writeFile(inputPath, wav.makeWav(voice, shape));
    await enhance();
    const { samples } = await wav.readWav(outputPath);
    const correlation = (lag: number) => {
      let sum = 0;
      for (let frame = 100; frame < voice.length - 100; frame++)
        sum += (voice[frame] ?? 0) * (samples[frame + lag] ?? 0);
      return sum;
    };
    const lags = Array.from({ length: 101 }, (_, index) => index - 50);
    const best = lags.reduce((a, b) => (correlation(b) > correlation(a) ? b : a));
    expect(Math.abs(best)).toBeLessThanOrEqual(1);
    expect(energyOf(samples)).toBeGreaterThan(energyOf(voice) / 4);
  });

  test('an extensible header, RF64 and text chunks come through', async () => {
    const shape = { sampleRate: 48_000, channels: 2, bits: 24 };
    const data = wav.encode(wav.makeNoise(9600, 0.2), shape);
    const ds64 = wav.chunk('ds64', Buffer.concat([wav.number(0, 8), wav.number(data.length, 8), Buffer.alloc(12)]));
    const note = wav.chunk('LIST', Buffer.from('INFO and so on'));
    const bytes = wav.riff([ds64, note, wav.extensibleChunk(shape), wav.chunk('data', data, 0xffff_ffff)], 'RF64');
    await writeFile(inputPath, bytes);
    const result = await enhance({ engine: 'bypass' });
    expect(result).toMatchObject({ frames: 4800, channels: 2, inputTruncated: false });
    const file = await readFile(outputPath);
    expect(wav.findChunk(file, 'data').equals(data)).toBe(true);
    expect(wav.chunk('fmt ', wav.findChunk(file, 'fmt ')).equals(wav.extensibleChunk(shape))).toBe(true);
    expect(wav.findChunk(file, 'LIST').toString()).toBe('INFO and so on');
  });

  test('memory: a file 30 times longer needs no more', async () => {
    const shape = { sampleRate: 48_000, channels: 2, bits: 16 };
    const peakBytes = async (seconds: number) => {
      await wav.writeLongWav(inputPath, seconds, shape);
      const script = `const { FileEnhancement } = require(${JSON.stringify(addonPath)});
        const options = ${JSON.stringify({ inputPath, outputPath, engine: 'bypass', level: 1 })};
        new FileEnhancement(options).run().then(({ seconds }) => console.log(seconds, process.resourceUsage().maxRSS));`;
      const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
      const [done = 0, maxRssKb = 0] = stdout.trim().split(' ').map(Number);
      expect(done).toBe(seconds);
      return maxRssKb * 1024;
    };
    const short = await peakBytes(10);
    const long = await peakBytes(300);
    expect(long - short).toBeLessThan(12e6); // the long file has 58 MB
  });
});

describe('what is taken away', () => {
  test('noise falls, and the levels in the result say so', async () => {
    const shape = { sampleRate: 48_000, channels: 1, bits: 32, float: true };
    await writeFile(inputPath, wav.makeWav(wav.makeNoise(96_000, 0.1), shape));
    const result = await enhance();
    const { samples } = await wav.readWav(outputPath);
    expect(result.inputDb).toBeCloseTo(20 * Math.log10(0.1 / Math.sqrt(3)), 1);
    expect(result.outputDb).toBeCloseTo(10 * Math.log10(energyOf(samples) / samples.length), 3);
    expect(result.outputDb).toBeLessThan(result.inputDb - 10);
    expect(result.delayMs).toBeGreaterThanOrEqual((890 / 48_000) * 1000 - 0.001);
  });

  test('samples that are no numbers are silence, counted, and do not spread', async () => {
    const shape = { sampleRate: 48_000, channels: 1, bits: 32, float: true };
    const samples = wav.makeVoice(96_000, 48_000);
    samples.set([NaN, Infinity, -Infinity], 20_000);
    await writeFile(inputPath, wav.makeWav(samples, shape));
    const result = await enhance();
    const after = await wav.readWav(outputPath);
    expect(result.nonFiniteSamples).toBe(3);
    expect(result.blocksDisallowed).toBe(0);
    expect(after.samples.every(Number.isFinite)).toBe(true);
    expect(energyOf(after.samples.subarray(30_000))).toBeGreaterThan(energyOf(samples.subarray(30_000)) / 4);
  });
});

describe('bad input', () => {
  const plain = { sampleRate: 48_000, channels: 1, bits: 16 };
  const data = wav.chunk('data', Buffer.alloc(4096));
  const whole = wav.riff([wav.formatChunk(plain), data]);

  test.each([
    ['text', Buffer.from('This is no sound at all, but a text.'), 'file.not-wav'],
    ['nothing', Buffer.alloc(0), 'file.empty'],
    ['a header without samples', wav.riff([wav.formatChunk(plain), wav.chunk('data', Buffer.alloc(0))]), 'file.empty'],
    ['a cut in the header', whole.subarray(0, 30), 'file.truncated'],
    ['a cut before the first frame', whole.subarray(0, 45), 'file.truncated'],
    ['a rate of zero', wav.riff([wav.formatChunk({ ...plain, sampleRate: 0 }), data]), 'file.bad-rate'],
    ['a rate beyond all', wav.riff([wav.formatChunk({ ...plain, sampleRate: 384_000 }), data]), 'file.bad-rate'],
    ['no channels', wav.riff([wav.formatChunk({ ...plain, channels: 0 }), data]), 'file.bad-channels'],
    ['A-law', wav.riff([wav.formatChunk({ ...plain, bits: 8 }, 6), data]), 'file.unsupported'],
    ['big-endian', wav.riff([wav.formatChunk(plain), data], 'RIFX'), 'file.unsupported'],
  ])('%s is refused with a code and leaves nothing behind', async (_, bytes, code) => {
    await writeFile(inputPath, bytes);
    await expect(enhance()).rejects.toMatchObject({ code, params: { detail: expect.stringContaining('in.wav') } });
    expect(await readdir(folder)).toEqual(['in.wav']);
  });

  test('a cut in the samples is enhanced up to the cut, and said', async () => {
    await writeFile(inputPath, whole.subarray(0, whole.length - 1001));
    expect(await enhance({ engine: 'bypass' })).toMatchObject({ frames: 1547, inputTruncated: true });
    expect((await wav.readWav(outputPath)).samples.length).toBe(1547);
  });

  test('8 bits are kept', async () => {
    const shape = { sampleRate: 16_000, channels: 1, bits: 8 };
    await writeFile(inputPath, wav.makeWav(wav.makeNoise(5000, 0.5), shape));
    await enhance({ engine: 'bypass' });
    expect(await wav.readWav(outputPath)).toEqual(await wav.readWav(inputPath));
  });

  test('a missing input, a folder as input', async () => {
    await expect(enhance()).rejects.toMatchObject({ code: 'file.not-found' });
    await expect(enhance({ inputPath: folder })).rejects.toMatchObject({ code: 'file.unreadable' });
  });

  test('an output that cannot be', async () => {
    await writeFile(inputPath, whole);
    for (const path of [join(folder, 'none', 'out.wav'), join(inputPath, 'out.wav'), folder, '/dev/null']) {
      await expect(enhance({ outputPath: path })).rejects.toMatchObject({ code: 'file.unwritable' });
    }
  });

  test('output equal to input, also through a link', async () => {
    await writeFile(inputPath, whole);
    await symlink(inputPath, outputPath);
    await expect(enhance()).rejects.toMatchObject({ code: 'file.same' });
    await expect(enhance({ outputPath: inputPath })).rejects.toMatchObject({ code: 'file.same' });
    expect((await readFile(inputPath)).equals(whole)).toBe(true);
  });

  test('values of the wrong type or out of range are refused by the addon itself', async () => {
    const { FileEnhancement } = loadNative();
    const options = { inputPath, outputPath, engine: 'gtcrn', level: 1 };
    const refusals = [undefined, 5, {}, { ...options, inputPath: '' }, { ...options, inputPath: 'a\0b' }];
    const levels = [-0.1, 1.1, NaN, '1'].map((level) => ({ ...options, level }));
    const construct = (value: unknown) => () => Reflect.construct(FileEnhancement, [value]) as unknown;
    for (const value of [...refusals, ...levels]) {
      expect(construct(value)).toThrowError(expect.objectContaining({ code: 'argument' }));
    }
    expect(construct({ ...options, engine: 'steam' })).toThrowError(
      expect.objectContaining({ code: 'engine.unknown', detail: 'steam' }),
    );
  });
});

describe('while it runs', () => {
  /** Long enough that nobody finishes it by chance. */
  const writeLongInput = () => wav.writeLongWav(inputPath, 300, { sampleRate: 48_000, channels: 2, bits: 16 });
  const partIsThere = async () => (await readdir(folder)).some((name) => /^\.out\.wav\..*\.part$/.test(name));

  async function waitForPart() {
    while (!(await partIsThere())) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  test('progress grows, an abort cancels and leaves nothing behind', async () => {
    await writeLongInput();
    const abort = new AbortController();
    const shares: number[] = [];
    const onProgress = (done: number, total: number) => {
      shares.push(done / total);
      if (done > 0) abort.abort();
    };
    await expect(enhance({}, { signal: abort.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' });
    expect(shares.at(-1)).toBeGreaterThan(0);
    expect(shares.at(-1)).toBeLessThan(1);
    expect(await readdir(folder)).toEqual(['in.wav']);
    await expect(enhance({}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('runs once', async () => {
    await writeLongInput();
    const enhancement = new (loadNative().FileEnhancement)({ inputPath, outputPath, engine: 'gtcrn', level: 1 });
    const running = enhancement.run();
    expect(() => enhancement.run()).toThrowError(expect.objectContaining({ code: 'argument' }));
    enhancement.cancel();
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  });

  test('a worker that is terminated cleans up', async () => {
    await writeLongInput();
    const options = JSON.stringify({ inputPath, outputPath, engine: 'gtcrn', level: 1 });
    const script = `new (require(${JSON.stringify(addonPath)}).FileEnhancement)(${options}).run();`;
    const worker = new Worker(script, { eval: true });
    await waitForPart();
    await worker.terminate();
    expect(await readdir(folder)).toEqual(['in.wav']);
  });
});
