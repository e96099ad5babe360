import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LimpidBridge } from '../../src/shared/contract.js';
import { FakeContextBridge, FakeIpc, FakeWebContents } from '../fakes/electron.js';

let out: string;
let script: string;

beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'limpid-preload-'));
  const electronVite = resolve('node_modules/electron-vite/bin/electron-vite.js');
  await promisify(execFile)(process.execPath, [electronVite, 'build', '--outDir', out]);
  script = await readFile(join(out, 'preload/index.cjs'), 'utf8');
}, 120_000);

afterAll(() => rm(out, { recursive: true, force: true }));

/** A sandboxed page can load neither an ES module nor a second file. */
describe('the built preload script', () => {
  test('is one CommonJS file', async () => {
    expect(await readdir(join(out, 'preload'))).toEqual(['index.cjs']);
    expect(script).not.toMatch(/^\s*(import|export)\b|\bimport\s*\(/m);
  });

  test('requires electron only, and carries no validator', () => {
    const required = [...script.matchAll(/require\(\s*["'`]([^"'`]+)/g)].map((match) => match[1]);
    expect(required).toEqual(['electron']);
    expect(script.length).toBeLessThan(10_000);
  });

  test('builds the bridge when run with nothing but electron', async () => {
    const contextBridge = new FakeContextBridge();
    const ipc = new FakeIpc(new FakeWebContents());
    ipc.main.handle('limpid:call', (_event, name) => `answer to ${name}`);
    const require = (name: string) => {
      if (name !== 'electron') throw new Error(`a sandboxed page cannot load ${name}`);
      return { contextBridge, ipcRenderer: ipc.renderer };
    };
    runInNewContext(script, { require, exports: {}, module: { exports: {} }, queueMicrotask });
    const limpid = contextBridge.exposed.get('limpid') as LimpidBridge;
    expect(await limpid.call('state.get')).toBe('answer to state.get');
  });

  test('stands where the app looks for it', async () => {
    const main = await readFile(join(out, 'main/index.js'), 'utf8');
    expect(main).toMatch(/["']preload["'],\s*["']index\.cjs["']/);
  });
});
