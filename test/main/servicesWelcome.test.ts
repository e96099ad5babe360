import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { watchForMishaps, type Mishaps } from '../../src/main/mishaps.js';
import { createServices, type Services } from '../../src/main/services.js';
import type { AppState } from '../../src/shared/state.js';

let folder: string;
let services: Services;

const open = (mishaps?: Mishaps): Promise<Services> =>
  createServices({
    host: 'panel',
    configPath: join(folder, 'settings.json'),
    ...(mishaps && { mishaps }),
    openExternal: async () => undefined,
    microphone: { status: () => 'granted', request: async () => 'granted', openSettings: async () => undefined },
  });
const state = () => services.handlers['state.get'](undefined);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-welcome-'));
});
afterEach(async () => {
  await services.dispose();
  await rm(folder, { recursive: true, force: true });
});

test('the introduction is due on a fresh start, told to all windows when it is over, and not due again', async () => {
  services = await open();
  expect((await state()).welcomed).toBe(false);
  const told: boolean[] = [];
  services.on('state.changed', ({ welcomed }) => told.push(welcomed));
  await services.handlers['welcome.finish'](undefined);
  expect(told.at(-1)).toBe(true);
  await services.dispose();
  services = await open();
  expect((await state()).welcomed).toBe(true);
});

test('a panel has no keys of the whole system to give back, which is no error', async () => {
  services = await open();
  await services.handlers['shortcuts.record']({ recording: true });
  expect((await state()).desktop).toBeNull();
});

test('an error nobody foresaw is in the state of all windows until one of them has read it', async () => {
  const from = new EventEmitter();
  const mishaps = watchForMishaps({ logPath: join(folder, 'errors.log'), from, print: () => undefined });
  services = await open(mishaps);
  const told = new Promise<AppState>((hear) => void services.on('state.changed', hear));
  from.emit('uncaughtException', new Error('surprise'));
  expect((await told).mishap).toEqual({ code: 'mishap', params: { count: 1 } });
  await services.handlers['mishap.dismiss'](undefined);
  expect((await state()).mishap).toBeNull();
  mishaps.stop();
});
