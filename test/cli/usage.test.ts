import { describe, expect, test } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { runCli } from './runCli.js';

const commands = ['live', 'enhance', 'devices', 'panel', 'demo', 'doctor'];

describe('help', () => {
  test('names every command with a description, and shows examples', async () => {
    const { exitCode, stdout, stderr } = await runCli(['--help']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command}( .*)? {2}\\w+`, 'm'));
    expect(stdout).toContain('limpid live --output');
  });

  test('of a command lists its options', async () => {
    const { exitCode, stdout } = await runCli(['live', '--help']);
    expect(exitCode).toBe(0);
    for (const option of ['input', 'output', 'engine', 'level', 'seconds', 'period', 'record', 'json', 'config']) {
      expect(stdout).toContain(`--${option}`);
    }
  });

  test('--version prints the version of the package', async () => {
    expect(await runCli(['--version'])).toEqual({ exitCode: 0, stdout: `${packageFile.version}\n`, stderr: '' });
  });
});

describe('a wrong command line ends with 2 and one line', () => {
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
  ])('%j is %s', async (args, code) => {
    const { exitCode, stdout, stderr } = await runCli(args);
    expect(stderr).toMatch(new RegExp(`^${code.replace('.', '\\.')}: .+\\. .+\\.\n$`));
    expect(stderr).not.toContain('{');
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
  });

  test('with LIMPID_DEBUG its origin is shown too', async () => {
    const { exitCode, stderr } = await runCli(['live', '--engine', 'steam'], { LIMPID_DEBUG: '1' });
    expect(stderr).toMatch(/^usage\.engine: /);
    expect(stderr).toMatch(/\n\s+at /);
    expect(exitCode).toBe(2);
  });
});
