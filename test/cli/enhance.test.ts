import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatProgress } from '../../src/cli/progress.js';
import { FaultyBackend } from '../fakes/faultyBackend.js';
import { buildStandIn } from '../libaic/build.js';
import * as wav from '../wavFile.js';
import { cliProgram, runCli } from './runCli.js';

const shape = { sampleRate: 16_000, channels: 1, bits: 32, float: true };

let folder = '';
let input = '';
let output = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-enhance-'));
  input = join(folder, 'in.wav');
  output = join(folder, 'out.wav');
  await writeFile(input, wav.makeWav(wav.makeNoise(16_000, 0.1), shape));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('limpid enhance', () => {
  test('prints one JSON object with --json, and nothing else', async () => {
    const { exitCode, stdout, stderr } = await runCli(['enhance', input, '-o', output, '--json']);
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout) as Record<string, number | string>;
    expect(result).toMatchObject({ engine: 'gtcrn', sampleRate: 16_000, channels: 1, frames: 16_000, seconds: 1 });
    for (const field of ['wallSeconds', 'realTimeFactor', 'delayMs', 'inputDb', 'outputDb']) {
      expect(result[field]).toEqual(expect.any(Number));
    }
    expect(result['outputDb']).toBeLessThan(Number(result['inputDb']) - 6);
  });

  test('prints a line for people, and warns of what was wrong with the input', async () => {
    const samples = wav.makeNoise(16_000, 0.1);
    samples[50] = NaN;
    const file = wav.makeWav(samples, shape);
    await writeFile(input, file.subarray(0, file.length - 1000));
    const { exitCode, stdout, stderr } = await runCli(['enhance', input, '-o', output, '--engine', 'bypass']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/out\.wav: 1\.0 s, 1 × 16000 Hz, in .* × real time/);
    expect(stderr).toMatch(/^file\.cut-short: .*in\.wav ends sooner .*\nfile\.not-finite: 1 sample .*\n$/);
  });

  test.each([
    [['-o', join('none', 'out.wav')], 1, 'file.unwritable'],
    [['-o', 'in.wav'], 1, 'file.same'],
    [['-o', 'out.wav', '--engine', 'steam'], 2, 'usage.engine'],
    [[], 2, 'usage.missing-option'],
  ])('with %j ends with %d, %s', async (options, expectedCode, code) => {
    const inFolder = options.map((option) => (option.endsWith('.wav') ? join(folder, option) : option));
    const { exitCode, stdout, stderr } = await runCli(['enhance', input, ...inFolder, '--json']);
    expect(stderr).toMatch(new RegExp(`^${code}: [^\\n]+\\n$`));
    expect(exitCode).toBe(expectedCode);
    expect(stdout).toBe('');
    expect(await readdir(folder)).toEqual(['in.wav']);
  });

  test('takes backend and files of the licensed engine from the settings file that is named', async () => {
    const backend = await FaultyBackend.start();
    const { libraryPath, modelPath } = buildStandIn();
    const config = join(folder, 'settings.json');
    const environments = [{ name: 'own', url: backend.url, credentialKind: 'none' }];
    const settings = {
      backend: { active: 'own', environments },
      licensed: { libraryPath, modelPath, vadModelPath: null, otel: null },
    };
    await writeFile(config, JSON.stringify(settings));
    const args = ['enhance', input, '-o', output, '--engine', 'aic', '--config', config, '--json'];
    const none = { LIMPID_BACKEND_URL: '', LIMPID_BACKEND_CREDENTIAL: '', AIC_LIB_PATH: '', LIMPID_AIC_MODEL: '' };
    const { exitCode, stdout } = await runCli(args, none);
    await backend.stop();
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ engine: 'aic', frames: 16_000 });
    expect(backend.requests.length).toBe(1);
  }, 60_000);

  test('Ctrl-C ends with 1 and leaves nothing behind', async () => {
    await wav.writeLongWav(input, 300, { sampleRate: 48_000, channels: 2, bits: 16 });
    const child = spawn(process.execPath, [...cliProgram(), 'enhance', input, '-o', output]);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    while ((await readdir(folder)).length === 1) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(stderr).toMatch(/^cancelled: /);
    expect(await readdir(folder)).toEqual(['in.wav']);
  }, 60_000);

  test('a full disk ends with 1, its own code, and room again', async ({ skip }) => {
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', disk]);
    skip(mount.status !== 0, 'mounting a small file system needs root on Linux');
    try {
      const { exitCode, stderr } = await runCli(['enhance', input, '-o', join(disk, 'out.wav'), '--engine', 'bypass']);
      expect(stderr).toMatch(/^file\.disk-full: [^\n]+\n$/);
      expect(exitCode).toBe(1);
      expect(await readdir(disk)).toEqual([]);
    } finally {
      execFileSync('umount', [disk]);
    }
  });
});

test('the progress bar fills from empty to full', () => {
  expect(formatProgress(0, 0)).toBe(`[${'░'.repeat(30)}]   0 %`);
  expect(formatProgress(50, 100)).toBe(`[${'█'.repeat(15)}${'░'.repeat(15)}]  50 %`);
  expect(formatProgress(100, 100)).toBe(`[${'█'.repeat(30)}] 100 %`);
});
