import type { BrowserContext, Page } from 'playwright-core';
import type { AppState } from '../../src/shared/state.js';
import type { Route } from './scenes.js';
import { measurements } from './states.js';
import { TestBridge } from './testBridge.js';

export interface Look {
  scheme?: 'light' | 'dark';
  width?: number;
  height?: number;
  route?: Route;
  /** What main answers from the first moment on. */
  prepare?: ((bridge: TestBridge) => void) | undefined;
  /** What the page takes for the time when it opens. */
  atMs?: number;
}

export interface OpenWindow {
  page: Page;
  bridge: TestBridge;
  /** What the page complained about: errors, warnings, refusals of the policy. */
  complaints: string[];
  close(): Promise<void>;
}

/**
 * Opens the window in one state of main, with the measurements that belong to it. Nothing is remembered of a window that was
 * opened before in the same context.
 */
export async function openWindow(
  context: BrowserContext,
  url: string,
  state: AppState,
  look: Look = {},
): Promise<OpenWindow> {
  const { scheme = 'light', width = 1000, height = 760, route = 'live', atMs, prepare } = look;
  const page = await context.newPage();
  await context.clearPermissions();
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: 'local_storage' });
  await session.detach();
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  if (atMs !== undefined) await page.clock.install({ time: atMs });
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  const bridge = new TestBridge(state);
  prepare?.(bridge);
  await bridge.install(page);
  await page.goto(route === 'live' ? url : `${url}#${route}`);
  await page.locator('main').waitFor();
  await bridge.emit('numbers.measured', ...measurements(state));
  return { page, bridge, complaints, close: () => page.close() };
}
