import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoopNumbers } from '../../src/main/audio/native.js';
import type { CheckResult } from '../../src/main/diagnostics/check.js';
import type { Device } from '../../src/shared/state.js';
import { runCli, startCli, startInTerminal, type RunningCli } from '../cli/runCli.js';
import { enhancedSink, micFeedSink, micSource, noSoundServerReason, openRig } from './soundServer.js';

interface LiveReport extends LoopNumbers {
  recordings: string[];
  token: { refreshes: number; failures: number; state: string };
}

const live = ['live', '--input', micSource, '--output', enhancedSink, '--json'];
const isEnhancing = /^Enhancing .+ with the built-in engine/gm;

let rig: Awaited<ReturnType<typeof openRig>>;
let folder = '';
let running: RunningCli | null = null;

/** Starts a command that runs until it is told to end; what a failed test leaves behind is ended after it. */
function start(...args: string[]): RunningCli {
  running = startCli(args);
  return running;
}

const says = (cli: RunningCli) => expect.poll(() => cli.stderr, { timeout: 30_000, interval: 100 });
const parseReport = (stdout: string) => JSON.parse(stdout) as LiveReport;
const listSources = () => rig.card.pactl('list', 'short', 'sources');

describe.skipIf(noSoundServerReason)(`the command line on a sound server ${noSoundServerReason ?? ''}`, () => {
  // A server for each test: one that ends by itself costs that test only, which is then tried again.
  beforeEach(async () => {
    rig = await openRig();
    folder = mkdtempSync(join(tmpdir(), 'limpid-cli-'));
    process.env['LIMPID_CONFIG'] = join(folder, 'settings.json');
  });

  afterEach(async () => {
    running?.child.kill('SIGKILL');
    await running?.ended;
    running = null;
    delete process.env['LIMPID_CONFIG'];
    rmSync(folder, { recursive: true, force: true });
    await rig.close();
  });

  test('devices lists both directions with the fields that scripts read', async () => {
    const { exitCode, stdout } = await runCli(['devices', '--json']);
    const { devices } = JSON.parse(stdout) as { devices: Device[] };
    expect(exitCode).toBe(0);
    expect(devices.find(({ id }) => id === `pulse:${micSource}`)).toMatchObject({ inputs: 1, outputs: 0 });
    expect(devices.find(({ id }) => id === `pulse:${enhancedSink}`)).toEqual({
      id: `pulse:${enhancedSink}`,
      name: expect.stringContaining(enhancedSink),
      hostApi: 'PulseAudio',
      inputs: 0,
      outputs: 1,
      defaultRate: 48_000,
      isDefaultInput: false,
      isDefaultOutput: expect.any(Boolean),
      kind: 'physical',
    });
    expect(devices.map(({ name }) => name)).toEqual(expect.arrayContaining(['mic', 'out']));
  });

  test('doctor finds all that a live voice needs', async () => {
    const { exitCode, stdout } = await runCli(['doctor', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: CheckResult[] };
    const well = checks.filter(({ ok }) => ok).map(({ id }) => id);
    expect(well).toEqual(
      expect.arrayContaining(['addon', 'portaudio', 'sound-server', 'devices', 'virtual-microphone']),
    );
    expect(exitCode).toBe(0);
  });

  // The last 50 ms are judged, in which a virtual machine may be paused.
  test(
    'live passes the voice through for --seconds and prints its numbers as one JSON object',
    { retry: 2 },
    async () => {
      const hum = Float32Array.from(
        { length: 48_000 * 15 },
        (_, frame) => 0.25 * Math.sin((2 * Math.PI * 300 * frame) / 48_000),
      );
      const playback = rig.card.play(hum);
      const { exitCode, stdout, stderr } = await runCli([...live, '--engine', 'bypass', '--seconds', '4']);
      playback.stop();
      await playback.done;
      expect(exitCode).toBe(0);
      expect(stdout.trim().split('\n')).toHaveLength(1);
      expect(stderr).not.toContain('\r');
      const report = parseReport(stdout);
      expect(report).toMatchObject({
        engine: 'bypass',
        level: 1,
        inputRate: 48_000,
        outputRate: 48_000,
      });
      expect(report.token).toEqual({ refreshes: 0, failures: 0, state: 'not-needed' });
      expect(report.secondsRunning).toBeGreaterThan(3);
      expect(report.inputRmsDb).toBeCloseTo(-15, 0);
      expect(report.outputRmsDb).toBeCloseTo(report.inputRmsDb, 0);
      expect(report.delay.totalMs).toBeGreaterThan(0);
      expect(report.counters.modelLoads).toBe(0);
    },
  );

  test('live takes engine, strength and period from the command line', async () => {
    const options = ['--engine', 'gtcrn', '--level', '0.5', '--period', '480', '--seconds', '1'];
    const { stdout } = await runCli([...live, ...options]);
    const report = parseReport(stdout);
    expect(report).toMatchObject({ engine: 'gtcrn', level: 0.5, inputPeriodFrames: 480 });
    expect(report.counters.modelLoads).toBe(1);
  });

  test.each([
    [['--input', micSource, '--output', 'nowhere'], 'device.unknown'],
    [['--input', 'nowhere', '--output', enhancedSink], 'device.unknown'],
    [['--input', micSource, '--output', 'null output'], 'device.ambiguous'],
  ])('live %j fails with %s, in one line that lists the candidates', async (args, code) => {
    const { exitCode, stdout, stderr } = await runCli(['live', ...args, '--json']);
    expect(exitCode).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(`^${code.replace('.', '\\.')}: .*\\[pulse:.*\n$`));
  });

  test('live without an output plays nothing and says how to name one', async () => {
    const { exitCode, stderr } = await runCli(['live', '--input', micSource]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^usage\.no-output: /);
  });

  describe('loudspeakers beside a microphone', () => {
    const pair = ['live', '--input', 'builtin_mic', '--output', 'builtin_speaker', '--seconds', '1', '--json'];
    beforeEach(async () => {
      const speaker = ['sink_name=builtin_speaker', 'channels=1', 'sink_properties=device.form_factor=speaker'];
      await rig.card.loadModule('module-null-sink', ...speaker);
      const source = [
        `master=${micSource}`,
        'source_name=builtin_mic',
        'source_properties=device.form_factor=microphone',
      ];
      await rig.card.loadModule('module-remap-source', ...source);
    });

    test('are refused without a terminal, without asking', async () => {
      const { exitCode, stdout, stderr } = await runCli(pair);
      expect(exitCode).toBe(1);
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^live\.speakers-unconfirmed: /m);
    });

    test('are asked about on a terminal; a yes is remembered', async () => {
      const terminal = startInTerminal(pair);
      await expect.poll(() => terminal.text, { timeout: 30_000 }).toContain('[y/N]');
      terminal.child.stdin?.write('y\n');
      await terminal.ended;
      expect(terminal.text).toMatch(isEnhancing);
      expect((await runCli(pair)).exitCode).toBe(0);
    });
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('live ends in order at %s and prints its numbers', async (signal) => {
    const cli = start(...live);
    await says(cli).toMatch(isEnhancing);
    cli.child.kill(signal);
    const { exitCode, stdout } = await cli.ended;
    expect(exitCode).toBe(0);
    expect(parseReport(stdout).counters.blocksEnhanced).toBeGreaterThan(0);
  });

  test.each([
    ['output', enhancedSink],
    ['input', micFeedSink],
  ])('live outlives its %s and resumes when it is back', async (_direction, sink) => {
    const cli = start(...live);
    await says(cli).toMatch(isEnhancing);
    await rig.card.unplug(sink);
    await says(cli).toMatch(/^device\.lost: /m);
    expect(cli.child.exitCode).toBeNull();
    await rig.card.plug(sink);
    await expect.poll(() => cli.stderr.match(isEnhancing)?.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(2);
    cli.child.kill('SIGINT');
    const { exitCode, stdout } = await cli.ended;
    expect(exitCode).toBe(0);
    expect(parseReport(stdout).restarts).toBeGreaterThan(0);
  });

  test('live records, and never over an earlier recording', async () => {
    const takes = join(folder, 'takes');
    const first = await runCli([...live, '--seconds', '1', '--record', takes]);
    const original = readFileSync(join(takes, 'original.wav'));
    const second = await runCli([...live, '--seconds', '1', '--record', takes]);
    expect(parseReport(first.stdout).recordings).toEqual([takes]);
    expect(parseReport(first.stdout).recording?.seconds).toBeGreaterThan(0.3);
    expect(original.byteLength).toBeGreaterThan(48_000);
    expect(readFileSync(join(takes, 'original.wav'))).toEqual(original);
    expect(parseReport(second.stdout).recordings).toEqual([join(takes, 'take-2')]);
    expect(existsSync(join(takes, 'take-2', 'enhanced.wav'))).toBe(true);
  });

  test('live --output virtual makes a microphone for other programs and takes it away at the end', async () => {
    const cli = start('live', '--input', micSource, '--output', 'virtual', '--json');
    await says(cli).toMatch(isEnhancing);
    expect(await listSources()).toContain('limpid_microphone');
    cli.child.kill('SIGINT');
    expect((await cli.ended).exitCode).toBe(0);
    expect(await listSources()).not.toContain('limpid_microphone');
  });

  test('what a crash leaves behind is reported by doctor and removed at the next start', async () => {
    const cli = start('live', '--input', micSource, '--output', 'virtual');
    await says(cli).toMatch(isEnhancing);
    cli.child.kill('SIGKILL');
    await cli.ended;
    const { stdout } = await runCli(['doctor', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: CheckResult[] };
    expect(checks.find(({ id }) => id === 'virtual-microphone')?.ok).toBe(false);
    await runCli([...live, '--seconds', '0.5']);
    expect(await listSources()).not.toContain('limpid_microphone');
  });
});
