import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startPanel, type Panel } from '../../src/main/host/panel.js';
import { createPanelEnvironment } from '../../src/main/host/panelEnvironment.js';
import { createServices, type Services } from '../../src/main/services.js';
import { LimpidError } from '../../src/shared/errors.js';
import type { FileItem } from '../../src/shared/files.js';
import { makeNoise, makeWav } from '../wavFile.js';
import { noBrowserReason, openBrowser } from './browser.js';
import { buildWindow } from './buildWindow.js';

/** The bridge in a real browser, real services: no sound device is needed. */
describe.skipIf(noBrowserReason)(`files of a browser${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const complaints: string[] = [];
  let folder: string;
  let window: Awaited<ReturnType<typeof buildWindow>>;
  let services: Services;
  let panel: Panel;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-upload-'));
    vi.stubEnv('LIMPID_DATA_DIR', join(folder, 'data'));
    const settingsPath = join(folder, 'settings.json');
    await writeFile(settingsPath, JSON.stringify({ welcomed: true, files: { folder, pattern: '{name} clean' } }));
    services = await createServices(createPanelEnvironment(settingsPath));
    window = await buildWindow();
    const report = (error: unknown) => void complaints.push(String(error));
    panel = await startPanel({ services, rendererRoot: window.root, port: 0, report });
    browser = await openBrowser();
    page = await browser.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(panel.createLinkUrl());
    const sound = makeWav(makeNoise(16_000 * 60, 0.2), { sampleRate: 16_000, channels: 1, bits: 16 });
    await writeFile(join(folder, 'talk.wav'), sound);
  });
  afterAll(async () => {
    await browser?.close();
    await panel?.close();
    await services?.dispose();
    await window?.remove();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  /** Adds files as the screen does; resolves with the answer, and the bytes that were told on the way. */
  const addFiles = (script: string) =>
    page.evaluate<{ result: unknown; told: [number, number][] }>(`(async () => {
      const told = [];
      const result = await window.limpid.addFiles(${script}, (...far) => told.push(far));
      return { result, told };
    })()`);

  test('are sent with progress, and listed', async () => {
    const { result, told } = await addFiles(`[new File([new Uint8Array(3e6)], 'no sound.wav')]`);
    expect(result).toEqual({ ok: true, value: null });
    expect(told.at(-1)).toEqual([3e6, 3e6]);
    const list = (): Promise<FileItem[]> => services.handlers['files.list'](undefined);
    await expect.poll(async () => (await list())[0]?.status).toBe('failed');
  });

  test('of a person come by the chooser of the browser', async () => {
    await page.evaluate(`(() => {
      const input = Object.assign(document.createElement('input'), { type: 'file', id: 'chooser' });
      document.body.append(input);
    })()`);
    await page.setInputFiles('#chooser', join(folder, 'talk.wav'));
    const { result } = await addFiles(`[...document.querySelector('#chooser').files]`);
    expect(result).toEqual({ ok: true, value: null });
    await expect.poll(() => readdir(folder), { timeout: 20_000 }).toContain('talk clean.wav');
  });

  test('that cannot be read any more say so, and the others are sent', async () => {
    for (const name of ['gone.wav', 'there.wav']) await writeFile(join(folder, name), 'no sound');
    await page.setInputFiles('#chooser', join(folder, 'gone.wav'));
    await page.evaluate(`window.gone = [...document.querySelector('#chooser').files]`);
    await rm(join(folder, 'gone.wav'));
    const { result } = await addFiles(`[...window.gone, new File(['no sound'], 'there.wav')]`);
    expect(result).toMatchObject({
      ok: false,
      error: { code: 'files.receive-failed', params: { name: 'gone.wav' } },
    });
    const listed = await services.handlers['files.list'](undefined);
    expect(listed.at(-1)?.name).toBe('there.wav');
  });

  test('are not sent to their end when that is stopped, and nothing of them is listed', async () => {
    const listed = async () => (await services.handlers['files.list'](undefined)).map(({ name }) => name);
    const before = await listed();
    const answer = await page.evaluate<{ error: { code: string } }>(`(async () => {
      const large = new File([new Uint8Array(300e6)], 'large.wav');
      return window.limpid.addFiles([large, large], () => window.limpid.stopAdding());
    })()`);
    expect(answer.error.code).toBe('cancelled');
    expect(await listed()).toEqual(before);
  });

  test('that are refused say why, though a large one is sent to its end', async () => {
    services.receiveFile = async () => {
      throw new LimpidError('file.disk-full', { detail: 'talk.wav' });
    };
    const { result } = await addFiles(`[new File([new Uint8Array(50e6)], 'talk.wav')]`);
    expect(result).toMatchObject({ ok: false, error: { code: 'file.disk-full' } });
  });

  test('end with the panel, and say so', async () => {
    services.receiveFile = () => new Promise(() => undefined);
    const adding = addFiles(`[new File([new Uint8Array(1e6)], 'talk.wav')]`);
    await expect.poll(() => page.evaluate(`document.readyState`)).toBe('complete');
    await panel.close();
    expect((await adding).result).toMatchObject({ ok: false, error: { code: 'panel.disconnected' } });
  });
});
