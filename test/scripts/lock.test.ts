import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withLock } from '../../scripts/lib/lock.mjs';

const lockModule = new URL('../../scripts/lib/lock.mjs', import.meta.url).href;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-lock-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that adds one to a counter file, slowly, while it holds the lock. */
const countUp = `
  import { readFileSync, writeFileSync } from 'node:fs';
  import { setTimeout as wait } from 'node:timers/promises';
  const { withLock } = await import(process.argv[1]);
  await withLock('test', async () => {
    const count = Number(readFileSync(process.argv[3], 'utf8'));
    await wait(50);
    writeFileSync(process.argv[3], String(count + 1));
  }, { folder: process.argv[2] });
`;

test('processes take turns', async () => {
  const counter = join(folder, 'counter');
  writeFileSync(counter, '0');
  const run = promisify(execFile);
  const args = ['--input-type=module', '--eval', countUp, lockModule, folder, counter];
  await Promise.all(Array.from({ length: 4 }, () => run(process.execPath, args)));
  expect(readFileSync(counter, 'utf8')).toBe('4');
});

test('the lock of a process that died is taken over', async () => {
  const { pid } = spawnSync(process.execPath, ['--eval', '']);
  writeFileSync(join(folder, 'test.lock'), String(pid));
  expect(await withLock('test', async () => 'done', { folder })).toBe('done');
});

test('the lock is released when the work fails, and the failure is passed on', async () => {
  const fail = async () => {
    throw new Error('no');
  };
  await expect(withLock('test', fail, { folder })).rejects.toThrow('no');
  expect(existsSync(join(folder, 'test.lock'))).toBe(false);
});

test('who waits is told for whom', async () => {
  const waitedFor: number[] = [];
  const path = join(folder, 'test.lock');
  writeFileSync(path, String(process.pid));
  const onWait = (holder: number) => {
    waitedFor.push(holder);
    rmSync(path);
  };
  await withLock('test', async () => {}, { folder, onWait });
  expect(waitedFor).toEqual([process.pid]);
});
