import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogOutput } from '../../src/backend/logOutput.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'limpid-log-'))));
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const eventually = <Value>(read: () => Value) => expect.poll(read, { timeout: 5000, interval: 10 });
const lineOf = (index: number): string => `${JSON.stringify({ index, filler: 'x'.repeat(1000) })}\n`;

it('writes every line to a file, in their order, and the last ones when it is closed', async () => {
  const path = join(folder, 'log');
  const fd = openSync(path, 'w');
  const output = new LogOutput(fd);
  const lines = Array.from({ length: 500 }, (_, index) => lineOf(index));
  for (const line of lines) output.write(line);
  await output.close();
  closeSync(fd);
  expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
  expect(output.problem).toBeNull();
});

/** The output closes it. */
describe.skipIf(process.platform === 'win32')('a pipe that nobody reads for a while (POSIX)', () => {
  let pipe = 0;
  beforeEach(() => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    pipe = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    expect(() => {
      for (;;) writeSync(pipe, Buffer.alloc(4096, '\n'));
    }).toThrow('EAGAIN');
  });

  function read(): string {
    const buffer = Buffer.alloc(256 * 1024);
    try {
      return buffer.toString('utf8', 0, readSync(pipe, buffer));
    } catch {
      return '';
    }
  }

  it('is a problem from some backlog on, which does not grow for ever, and none any more once it is read', async () => {
    const output = new LogOutput(pipe, { maxBacklogBytes: 100_000 });
    for (let index = 0; index < 50; index++) output.write(lineOf(index));
    expect(output.problem).toBeNull();
    for (let index = 50; index < 1000; index++) output.write(lineOf(index));
    expect(output.problem).toBe('slow_reader');
    const told = vi
      .mocked(process.stderr.write)
      .mock.calls.filter(([text]) => String(text).includes('log_output_failed'));
    expect(told).toEqual([[expect.stringContaining('"reason":"slow_reader"')]]);

    let text = '';
    await eventually(() => (text += read())).toContain('log_output_back');
    expect(output.problem).toBeNull();
    const lines = text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Record<string, unknown>] : []));
    const indexes = lines.flatMap(({ index }) => (index === undefined ? [] : [index]));
    expect(indexes).toEqual(Array.from({ length: indexes.length }, (_, index) => index));
    expect(indexes.length).toBeGreaterThan(150);
    expect(indexes.length).toBeLessThan(250);
    expect(lines.find(({ event }) => event === 'log_output_back')).toMatchObject({ lostLines: 1000 - indexes.length });
    await output.close();
  });

  it('is a problem after some time', async () => {
    const output = new LogOutput(pipe, { maxWaitMs: 300 });
    output.write(lineOf(0));
    await eventually(() => {
      output.write('\n');
      return output.problem;
    }).toBe('slow_reader');
    await output.close();
  });

  it('is not waited for at the end', async () => {
    const output = new LogOutput(pipe);
    for (let index = 0; index < 50; index++) output.write(lineOf(index));
    const startedMs = performance.now();
    await output.close();
    expect(performance.now() - startedMs).toBeLessThan(4000);
    expect(vi.mocked(process.stderr.write).mock.lastCall).toEqual([expect.stringContaining('log_output_failed')]);
  });
});
