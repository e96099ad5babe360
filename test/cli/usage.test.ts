import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { runCommandLine } from '../../src/cli/program.js';
import { runCli } from './runCli.js';

const commands = ['live', 'enhance', 'devices', 'panel', 'demo', 'doctor'];

describe('as a process', () => {
  test('help names every command with a description, and shows examples', async () => {
    const { exitCode, stdout, stderr } = await runCli(['--help']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command}( .*)? {2}\\w+`, 'm'));
    expect(stdout).toContain('limpid live --output');
  });

  test('--version prints the version of the package', async () => {
    expect(await runCli(['--version'])).toEqual({ exitCode: 0, stdout: `${packageFile.version}\n`, stderr: '' });
  });

  test('a wrong command line ends with 2 and one line', async () => {
    const { exitCode, stdout, stderr } = await runCli(['devices', '--fly']);
    expect(stderr).toBe(
      'usage.unknown-option: There is no option “--fly”. Run “limpid devices --help” to see the options.\n',
    );
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
  });

  test('with LIMPID_DEBUG the origin of a failure is shown too', async () => {
    const { exitCode, stderr } = await runCli(['live', '--engine', 'steam'], { LIMPID_DEBUG: '1' });
    expect(stderr).toMatch(/^usage\.engine: /);
    expect(stderr).toMatch(/\n\s+at /);
    expect(exitCode).toBe(2);
  });
});

describe('within this process', () => {
  let stdout = '';
  let stderr = '';

  beforeEach(() => {
    stdout = '';
    stderr = '';
    vi.stubEnv('LIMPID_DEBUG', '');
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((stdout += String(text))));
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((stderr += String(text))));
  });

  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  test('the help of live lists its options', async () => {
    expect(await runCommandLine(['live', '--help'])).toBe(0);
    const options = ['input', 'output', 'engine', 'level', 'seconds', 'period', 'record', 'json', 'config'];
    expect(options.filter((option) => !stdout.includes(`--${option}`))).toEqual([]);
  });

  test.each([
    [[], 'usage.no-command'],
    [['fly'], 'usage.unknown-command'],
    [['--fly'], 'usage.unknown-option'],
    [['devices', '--fly'], 'usage.unknown-option'],
    [['devices', 'all'], 'usage.excess-argument'],
    [['live', '--level'], 'usage.missing-value'],
    [['live', '--level', '1.01'], 'usage.number'],
    [['live', '--level', '-0.1'], 'usage.number'],
    [['live', '--level', 'loud'], 'usage.number'],
    [['live', '--level', ''], 'usage.number'],
    [['live', '--level', 'NaN'], 'usage.number'],
    [['live', '--level', '0x1'], 'usage.number'],
    [['live', '--seconds', '0'], 'usage.number'],
    [['live', '--period', '31'], 'usage.integer'],
    [['live', '--period', '4097'], 'usage.integer'],
    [['live', '--period', '256.5'], 'usage.integer'],
    [['live', '--engine', 'steam'], 'usage.engine'],
    [['live', '--config', '/nonexistent/limpid.json'], 'usage.no-output'],
  ])('%j is %s: one line, exit code 2', async (args, code) => {
    expect(await runCommandLine(args)).toBe(2);
    expect(stderr).toMatch(new RegExp(`^${code.replace('.', '\\.')}: .+\\. .+\\.\n$`));
    expect(stderr).not.toContain('{');
    expect(stdout).toBe('');
  });
});
