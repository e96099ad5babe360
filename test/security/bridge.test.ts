import { readFile } from 'node:fs/promises';
import { runInNewContext } from 'node:vm';
import { resolveConfig } from 'electron-vite';
import { build, type InlineConfig, type Rolldown } from 'vite';
import { beforeAll, describe, expect, test } from 'vitest';
import { callNames } from '../../src/shared/contract.js';
import { callChannel, eventChannel } from '../../src/shared/ipcChannels.js';
import { FakeContextBridge } from '../fakes/electron.js';

/** What the built script does to Electron, and what it shows to the page. */
describe('the built preload script', () => {
  let script: string;
  const contextBridge = new FakeContextBridge();
  const invoked: unknown[][] = [];
  const listening: string[] = [];

  beforeAll(async () => {
    const { config } = await resolveConfig({ logLevel: 'silent' }, 'build', 'production');
    const built = (await build({
      ...(config?.preload as InlineConfig),
      configFile: false,
      logLevel: 'silent',
      build: { ...config?.preload?.build, write: false },
    })) as Rolldown.RolldownOutput;
    const [chunk, ...more] = built.output;
    expect(more).toEqual([]);
    script = chunk.code;
    const electron = {
      contextBridge,
      ipcRenderer: {
        invoke: async (...args: unknown[]) => (invoked.push(args), { ok: true }),
        on: (channel: string) => void listening.push(channel),
        send: () => expect.fail('sends without an answer'),
        sendSync: () => expect.fail('blocks the page'),
      },
      webUtils: { getPathForFile: () => '/a.wav' },
    };
    runInNewContext(script, {
      require: () => electron,
      exports: {},
      module: { exports: {} },
      queueMicrotask,
      TypeError,
    });
  }, 60_000);

  const limpid = (): Record<string, unknown> => contextBridge.exposed.get('limpid') as Record<string, unknown>;

  test('shows window.limpid with four functions, and nothing else', () => {
    expect([...contextBridge.exposed.keys()]).toEqual(['limpid']);
    expect(Object.entries(limpid()).map(([name, value]) => [name, typeof value])).toEqual([
      ['call', 'function'],
      ['on', 'function'],
      ['addFiles', 'function'],
      ['stopAdding', 'function'],
    ]);
    expect(Object.getOwnPropertySymbols(limpid())).toEqual([]);
  });

  test('listens on one channel and asks on one', async () => {
    expect(listening).toEqual([eventChannel]);
    const call = limpid()['call'] as (name: string, argument?: unknown) => Promise<unknown>;
    for (const name of callNames) await call(name, { a: 1 });
    await (limpid()['addFiles'] as (files: unknown[]) => Promise<unknown>)([{}]);
    expect(invoked.map(([channel, name]) => [channel, name])).toEqual(
      [...callNames, 'files.add'].map((name) => [callChannel, name]),
    );
  });

  test.each(['__proto__', 'constructor', 'limpid:call', 'ELECTRON_BROWSER_REQUIRE', '', 7, null, ['state.get']])(
    'lets the name %j not out of the page',
    async (name) => {
      const before = invoked.length;
      const call = limpid()['call'] as (name: unknown) => Promise<unknown>;
      await expect(call(name)).rejects.toMatchObject({ name: 'TypeError' });
      expect(invoked.length).toBe(before);
    },
  );

  test('is what the source says: the bridge, and Electron handed to nobody', async () => {
    const source = await readFile('src/preload/index.ts', 'utf8');
    expect(source.match(/\b(contextBridge|ipcRenderer|webUtils)\b/g)).toHaveLength(6);
    expect(script).not.toMatch(/\bnode:|process\.|globalThis\.require|eval\(|new Function/);
  });
});
