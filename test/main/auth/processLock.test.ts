import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockAmongProcesses } from '../../../src/main/auth/processLock.js';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-lock-'));
  path = join(folder, 'one.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a lock is held by one at a time, and nothing is left of it', async () => {
  let holders = 0;
  let most = 0;
  const hold = async (): Promise<void> => {
    const giveBack = await lockAmongProcesses(path);
    most = Math.max(most, ++holders);
    await new Promise((done) => setTimeout(done, 5));
    holders--;
    await giveBack();
  };
  await Promise.all([hold(), hold(), hold()]);
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test('a lock of a process that has ended, or one that is too old, is taken by one alone', async () => {
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  await writeFile(path, `${ended} ${hostname()} mark`);
  const giveBack = await lockAmongProcesses(path);
  const waiting = new AbortController();
  const second = lockAmongProcesses(path, waiting.signal);
  waiting.abort(new Error('given up'));
  await expect(second).rejects.toThrow('given up');
  await giveBack();

  await writeFile(path, '1 another-computer mark');
  const old = new Date(Date.now() - 4 * 60_000);
  await utimes(path, old, old);
  await (
    await lockAmongProcesses(path)
  )();
  expect(await readdir(folder)).toEqual([]);
});

test('where no file can be made, the work is done without', async () => {
  await (
    await lockAmongProcesses(join(folder, 'missing', 'one.lock'))
  )();
  expect(await readdir(folder)).toEqual([]);
});

test('whoever was slow does not give back what another one holds by now', async () => {
  const slow = await lockAmongProcesses(path);
  await writeFile(path, `${process.pid} ${hostname()} another`);
  await slow();
  expect(await readdir(folder)).toEqual(['one.lock']);
});
