import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

/** Waits for the interrupt, then cleans up for as long as `cleanUpMs`, and tells what it got to do. */
function startProgram(cleanUpMs: number): ReturnType<typeof spawn> {
  const script = `
    import { waitForInterrupt } from './src/cli/interrupt.ts';
    process.on('exit', () => console.log('exit hook'));
    const keepAlive = setInterval(() => undefined, 1000);
    const interrupted = waitForInterrupt();
    console.log('ready');
    await interrupted;
    console.log('cleaning up');
    await new Promise((resolve) => setTimeout(resolve, ${cleanUpMs}));
    console.log('clean');
    clearInterval(keepAlive);`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Collects what a program prints and resolves when `text` is among it. */
function read(program: ReturnType<typeof spawn>): { until(text: string): Promise<void>; all(): string } {
  let printed = '';
  program.stdout!.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return {
    all: () => printed,
    async until(text) {
      while (!printed.includes(text)) await once(program.stdout!, 'data');
    },
  };
}

describe.skipIf(process.platform === 'win32')('waitForInterrupt (Windows has no signals to send)', () => {
  it('cleans up when the same key press arrives twice', async () => {
    const program = startProgram(300);
    const output = read(program);
    await output.until('ready');
    program.kill('SIGINT');
    await output.until('cleaning up');
    program.kill('SIGINT');
    expect(await once(program, 'close')).toEqual([0, null]);
    expect(output.all()).toBe('ready\ncleaning up\nclean\nexit hook\n');
  });

  it('ends a clean-up that hangs at a later Ctrl-C, and runs the exit hooks', async () => {
    const program = startProgram(60_000);
    const output = read(program);
    await output.until('ready');
    program.kill('SIGINT');
    await output.until('cleaning up');
    await new Promise((resolve) => setTimeout(resolve, 1200));
    program.kill('SIGINT');
    expect(await once(program, 'close')).toEqual([130, null]);
    expect(output.all()).toBe('ready\ncleaning up\nexit hook\n');
  });
});
