import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LimpidError } from '../../src/shared/errors.js';
import type { FileItem } from '../../src/shared/files.js';
import { findAccessibilityProblems } from './axe.js';
import { noBrowserReason } from './browser.js';
import { aFile, aWaveform, asks, broken, done, filesViewOf, running, withFiles } from './scenes/files.js';
import type { TestBridge } from './testBridge.js';
import { eventually, useWindows } from './windows.js';

const { state: empty } = withFiles([]);
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const row = (page: Page, id: string) => page.locator(`[data-file="${id}"]`);
const queueStatus = (page: Page) => page.getByRole('region', { name: 'Queue' }).getByRole('status');
const heldOver = 'Let go to add it';

/** What the focused element is to those who do not see it. */
const focused = (page: Page) =>
  page.evaluate<string>(`(() => {
    const element = document.activeElement;
    const labels = [...(element.labels ?? [])].map((label) => label.textContent.trim()).join(' ');
    return (element.getAttribute('aria-label') ?? labels) || element.textContent.trim();
  })()`);

/** Main's queue: what it becomes is told as main would tell it. */
const become = async (bridge: TestBridge, items: readonly FileItem[], removed: string[] = []): Promise<void> => {
  await bridge.emit('files.changed', { changed: [...items], removed });
  await bridge.become({ ...empty, files: filesViewOf(items) });
};

describe.skipIf(noBrowserReason)(`files${noBrowserReason ? ` (skipped: ${noBrowserReason})` : ''}`, () => {
  const { open } = useWindows();
  const openWith = (
    items: readonly FileItem[],
    part: Parameters<typeof withFiles>[1] = {},
    base: Parameters<typeof withFiles>[2] = {},
  ) => {
    const { state, ...look } = withFiles(items, part, base);
    return open(state, look);
  };

  describe('are added', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'limpid-drop-'));
      await mkdir(join(folder, 'interviews', 'deep'), { recursive: true });
      const names = [
        'interviews/a.wav',
        'interviews/a (enhanced).wav',
        'interviews/notes.txt',
        'interviews/deep/b.mp3',
        'interviews/.c.wav',
        'd.txt',
      ];
      for (const name of names) await writeFile(join(folder, name), name);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    /** Drops files of the disk in the middle of the screen, as the system does it. */
    const drop = async (page: Page, names: readonly string[]) => {
      const session = await page.context().newCDPSession(page);
      const data = { items: [], files: names.map((name) => join(folder, name)), dragOperationsMask: 1 };
      const place = { x: 500, y: 700, data };
      await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...place });
      await session.send('Input.dispatchDragEvent', { type: 'dragOver', ...place });
      await page.getByText(heldOver).waitFor();
      await session.send('Input.dispatchDragEvent', { type: 'drop', ...place });
      await page.getByText(heldOver).waitFor({ state: 'detached' });
    };

    test('by dropping folders anywhere: what sounds in them, and files as they are', async () => {
      const { page, bridge } = await openWith([]);
      await drop(page, ['interviews', 'd.txt']);
      await eventually(() => bridge.added.map((files) => files.map(({ name }) => name))).toEqual([
        ['a.wav', 'b.mp3', 'd.txt'],
      ]);
      await page.getByRole('alert').getByText('1 file of the folders was left out.').waitFor();
    });

    test('without ffmpeg only WAV files of a folder', async () => {
      const { page, bridge } = await openWith([], { ffmpegVersion: null });
      await drop(page, ['interviews']);
      await eventually(() => bridge.added.map((files) => files.map(({ name }) => name))).toEqual([['a.wav']]);
    });

    test('a drag that leaves changes nothing, nor one that is given up', async () => {
      const { page, bridge } = await openWith([]);
      const session = await page.context().newCDPSession(page);
      const place = { x: 400, y: 300, data: { items: [], files: [join(folder, 'd.txt')], dragOperationsMask: 1 } };
      const giveUps = [
        () => page.evaluate(`document.body.dispatchEvent(new DragEvent('dragleave', { bubbles: true }))`),
        () => page.mouse.move(10, 10),
      ];
      for (const giveUp of giveUps) {
        await session.send('Input.dispatchDragEvent', { type: 'dragEnter', ...place });
        await page.getByText(heldOver).waitFor();
        await session.send('Input.dispatchDragEvent', { type: 'dragCancel', ...place });
        await giveUp();
        await page.getByText(heldOver).waitFor({ state: 'detached' });
      }
      expect(bridge.added).toEqual([]);
    });

    test('by choosing them, the same ones again, too; a folder without sound says so', async () => {
      const { page, bridge } = await openWith([]);
      for (let times = 1; times <= 2; times += 1) {
        await page.getByLabel('Add files…').setInputFiles(join(folder, 'd.txt'));
        await eventually(() => bridge.added).toHaveLength(times);
      }
      await page.getByLabel('Add a folder…').setInputFiles(join(folder, 'interviews', 'deep'));
      await eventually(() => bridge.added.at(-1)?.map(({ name }) => name)).toEqual(['b.mp3']);
      await rm(join(folder, 'interviews', 'deep', 'b.mp3'));
      await writeFile(join(folder, 'interviews', 'deep', 'x.txt'), '');
      await page.getByLabel('Add a folder…').setInputFiles(join(folder, 'interviews', 'deep'));
      await page.getByRole('alert').getByText('No sound that Limpid can open was found.').waitFor();
      expect(bridge.added).toHaveLength(3);
    });

    test('a refusal says why, and is dismissed', async () => {
      const { page, bridge } = await openWith([]);
      bridge.receiveFiles = async () => {
        throw new LimpidError('files.too-large', { name: 'd.txt' });
      };
      await page.getByLabel('Add files…').setInputFiles(join(folder, 'd.txt'));
      await page.getByRole('alert').getByText('larger than what a browser may send').waitFor();
      await button(page, 'Dismiss').press('Enter');
      await page.getByRole('alert').waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('Files');
    });

    test('what main left out is said until it is dismissed', async () => {
      const { page, bridge } = await openWith([], { notice: { code: 'files.left-out', params: { count: 2 } } });
      bridge.prepare('files.dismiss', () => bridge.become(empty));
      await button(page, 'Dismiss').press('Enter');
      await page.getByRole('alert').waitFor({ state: 'detached' });
      expect(await focused(page)).toBe('Files');
    });

    test('are not said to be sent where they are not, and no more are handed over when all is cancelled', async () => {
      const { page, bridge } = await openWith([], {}, { host: 'electron' });
      let finish = () => {};
      bridge.receiveFiles = () => new Promise((resolve) => (finish = resolve));
      bridge.prepare('files.cancel');
      await page.getByLabel('Add files…').setInputFiles(join(folder, 'd.txt'));
      await button(page, 'Cancel all').press('Enter');
      await eventually(() => bridge.argumentsOf('files.cancel')).toEqual([{ id: null }]);
      expect(await page.evaluate('window.stopsFromTest')).toBe(1);
      expect(await page.getByText('sent to the computer').count()).toBe(0);
      finish();
      // There is nothing to act on any more.
      await eventually(() => focused(page)).toBe('Queue');
    });

    test('while they are sent, another screen can be looked at', async () => {
      const { page, bridge } = await openWith([], {}, { host: 'panel' });
      let finish = () => {};
      bridge.receiveFiles = () => new Promise((resolve) => (finish = resolve));
      await page.getByLabel('Add files…').setInputFiles({
        name: 'a.wav',
        mimeType: 'audio/wav',
        buffer: Buffer.alloc(2_000_000),
      });
      const bar = page.getByRole('progressbar', { name: 'Sending files' });
      await bar.waitFor();
      await bridge.tellProgress(500_000, 2_000_000);
      await page.getByRole('link', { name: 'Settings' }).click();
      await page.getByRole('link', { name: 'Files' }).click();
      await eventually(() => bar.getAttribute('value')).toBe('0.25');
      expect(await page.getByText('0.50 of 2.0').count()).toBe(1);
      finish();
      await bar.waitFor({ state: 'detached' });
    });

    test('by a path; one that is refused stays to be corrected', async () => {
      const { page, bridge } = await openWith([]);
      bridge.prepare('files.add', async ({ paths: [path = ''] }) => {
        if (!path.startsWith('/')) throw new LimpidError('files.path-not-absolute', { path });
      });
      const field = page.getByRole('textbox', { name: 'Path of a file or folder on this computer' });
      await field.press('Enter');
      await page.getByRole('alert').getByText('Write the path of a file or a folder first.').waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      await field.fill('interviews');
      await field.press('Enter');
      await page.getByRole('alert').getByText('This is not a full path of a file or folder: interviews.').waitFor();
      expect(await field.inputValue()).toBe('interviews');
      await field.fill(' "/home/kim/my interviews" ');
      await field.press('Enter');
      await page.getByRole('status').getByText('Added.').waitFor();
      expect(await field.inputValue()).toBe('');
      expect(bridge.argumentsOf('files.add')).toEqual([
        { paths: ['interviews'] },
        { paths: ['/home/kim/my interviews'] },
      ]);
    });
  });

  describe('in the queue', () => {
    test('are a table for readers, wide and narrow', async () => {
      const { page } = await openWith([done('a'), running('b')]);
      for (const width of [1000, 320]) {
        await page.setViewportSize({ width, height: 760 });
        const table = page.getByRole('table', { name: 'Queue' });
        expect(await table.getByRole('columnheader').allTextContents()).toEqual([
          'File',
          'Status',
          'Input level',
          'Noise reduction',
          'Real-time factor',
          'Length',
          'Actions',
        ]);
        const first = table.getByRole('row', { name: /^a\.wav/ });
        expect(await first.getByRole('cell').count()).toBe(6);
        await first.getByRole('rowheader', { name: /^a\.wav/ }).waitFor();
      }
      const bar = page.getByRole('progressbar', { name: 'Progress of b.wav' });
      expect(await bar.getAttribute('value')).toBe('0.42');
      expect(await row(page, 'b').textContent()).toContain('24× real time');
    });

    test('are cancelled and tried again by the same button, which keeps the focus', async () => {
      const { page, bridge } = await openWith([running('a'), aFile('b')]);
      bridge.prepare('files.cancel', () => become(bridge, [aFile('a', { status: 'cancelled' }), aFile('b')]));
      bridge.prepare('files.retry', () => become(bridge, [aFile('a'), aFile('b')]));
      await button(page, 'Cancel a.wav').focus();
      await page.keyboard.press('Enter');
      await button(page, 'Retry a.wav').waitFor();
      expect(await focused(page)).toBe('Retry a.wav');
      await page.keyboard.press('Space');
      await button(page, 'Cancel a.wav').waitFor();
      expect(await focused(page)).toBe('Cancel a.wav');
      expect(bridge.argumentsOf('files.cancel')).toEqual([{ id: 'a' }]);
      expect(bridge.argumentsOf('files.retry')).toEqual([{ id: 'a' }]);
    });

    test('leave the focus to their neighbour when they are removed, at last to the heading', async () => {
      const { page, bridge } = await openWith([done('a'), broken('b'), broken('c')]);
      let left = ['a', 'b', 'c'];
      bridge.prepare('files.remove', async ({ id }) => {
        left = left.filter((each) => each !== id);
        await bridge.emit('files.changed', { changed: [], removed: [id ?? ''] });
      });
      await button(page, 'Remove b.wav from the list').press('Enter');
      await eventually(() => focused(page)).toBe('Retry c.wav');
      await button(page, 'Remove c.wav from the list').press('Enter');
      await eventually(() => focused(page)).toBe('Listen to a.wav before and after');
      await button(page, 'Remove a.wav from the list').press('Enter');
      await eventually(() => focused(page)).toBe('Queue');
      await page.getByText('No files yet.').waitFor();
      expect(left).toEqual([]);
    });

    test('that are broken say why and what to do', async () => {
      const { page } = await openWith([broken('a')]);
      expect(await row(page, 'a').textContent()).toMatch(
        /Failed.*This file cannot be read as sound.*save it there as WAV\./,
      );
    });

    test('are acted on all at once where that is possible', async () => {
      const { page, bridge } = await openWith([broken('a'), running('b')]);
      bridge.prepare('files.cancel');
      bridge.prepare('files.retry');
      bridge.prepare('files.remove');
      for (const name of ['Cancel all', 'Retry failed', 'Clear finished']) await button(page, name).press('Enter');
      await eventually(() => bridge.argumentsOf('files.remove')).toEqual([{ id: null }]);
      expect([bridge.argumentsOf('files.cancel'), bridge.argumentsOf('files.retry')]).toEqual([
        [{ id: null }],
        [{ id: null }],
      ]);
      await become(bridge, [aFile('a'), running('b')]);
      await eventually(() => button(page, 'Clear finished').getAttribute('aria-disabled')).toBe('true');
      await button(page, 'Clear finished').press('Enter');
      expect(bridge.argumentsOf('files.remove')).toHaveLength(1);
    });

    test('leave the focus to their neighbour when they leave what is shown', async () => {
      const items = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => aFile(id));
      const { page, bridge } = await openWith(items);
      bridge.prepare('files.cancel', ({ id }) =>
        become(
          bridge,
          items.map((item) => (item.id === id ? { ...item, status: 'cancelled' as const } : item)),
        ),
      );
      await page.getByRole('radio', { name: 'Still to do (6)' }).check();
      await button(page, 'Cancel b.wav').press('Enter');
      await eventually(() => focused(page)).toBe('Cancel c.wav');
    });

    test('leave the focus to the heading when all of them are cleared', async () => {
      const { page, bridge } = await openWith([done('a'), done('b')]);
      bridge.prepare('files.remove', () => become(bridge, [], ['a', 'b']));
      await button(page, 'Clear finished').press('Enter');
      await page.getByText('No files yet.').waitFor();
      expect(await focused(page)).toBe('Queue');
    });

    test('show the folder of a result', async () => {
      const { page, bridge } = await openWith([done('a')]);
      bridge.prepare('files.openFolder');
      await button(page, 'Show folder of a.wav').press('Enter');
      await eventually(() => bridge.argumentsOf('files.openFolder')).toEqual([{ id: 'a' }]);
    });

    test('say how they fare calmly: at once when one asks, else every few seconds', async () => {
      const items = ['a', 'b', 'c', 'd'].map((id) => aFile(id));
      const { page, bridge } = await openWith(items);
      await eventually(() => queueStatus(page).textContent()).toContain('0 of 4 files are done.');
      await page.evaluate(`
        window.said = [];
        const place = document.querySelector('.files-queue [role=status]');
        new MutationObserver(() => window.said.push(place.textContent)).observe(place, { subtree: true, childList: true })`);
      await become(bridge, [done('a'), running('b'), ...items.slice(2)]);
      await page.getByText('1 of 4 files is done.').first().waitFor();
      await become(bridge, [done('a'), done('b'), running('c'), ...items.slice(3)]);
      await page.getByText('2 of 4 files are done.').first().waitFor();
      expect(await page.evaluate('window.said')).toEqual([]);
      await become(bridge, [done('a'), done('b'), asks('c'), running('d')]);
      await eventually(() => queueStatus(page).textContent()).toContain('1 file waits for your answer.');
      await become(bridge, [done('a'), done('b'), done('c'), done('d')]);
      await eventually(() => queueStatus(page).textContent()).toBe('4 of 4 files are done. ');
      expect(await page.evaluate('window.said.length')).toBeLessThan(8);
    });
  });

  test('what a file asks is answered by keyboard, for one or for all', async () => {
    const { page, bridge } = await openWith([asks('a'), asks('b'), running('c')]);
    bridge.prepare('files.answer', ({ forAll }) =>
      become(bridge, forAll ? [aFile('a'), aFile('b'), running('c')] : [asks('a'), aFile('b'), running('c')]),
    );
    await eventually(() => queueStatus(page).textContent()).toContain('2 files wait for your answer.');
    const question = page.getByRole('group', { name: 'b.wav asks' });
    const described = await question.getAttribute('aria-describedby');
    expect(await page.locator(`[id="${described}"]`).textContent()).toContain('There is a result of that name already');
    await button(page, 'Skip b.wav').press('Enter');
    await question.waitFor({ state: 'detached' });
    await eventually(() => focused(page)).toBe('Cancel b.wav');
    await page.getByRole('group', { name: 'a.wav asks' }).getByRole('checkbox').press('Space');
    await button(page, 'Keep both results of a.wav').press('Enter');
    await page.getByRole('group', { name: 'a.wav asks' }).waitFor({ state: 'detached' });
    expect(bridge.argumentsOf('files.answer')).toEqual([
      { id: 'b', answer: 'skip', forAll: false },
      { id: 'a', answer: 'keep-both', forAll: true },
    ]);
  });

  test('fits at 200 % of the text size, whatever the names', async () => {
    const { page } = await openWith([
      done('a'),
      asks('b'.repeat(120)),
      broken(`c ${'long '.repeat(30)}`),
      running('d'),
    ]);
    await page.setViewportSize({ width: 640, height: 760 });
    await page.evaluate(`document.documentElement.style.fontSize = '200%'`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(640);
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  test('one that is alone in asking is not asked for all, unless others are on their way', async () => {
    const { page, bridge } = await openWith([asks('a'), running('b')]);
    await page.getByRole('group', { name: 'a.wav asks' }).waitFor();
    expect(await page.getByRole('checkbox').count()).toBe(0);
    await bridge.become({ ...empty, files: filesViewOf([asks('a'), running('b')], { arriving: 1 }) });
    await page.getByRole('checkbox', { name: 'For all open questions and those to come' }).waitFor();
  });

  test('a finished file opens in place to its sound, and is silent when it closes', async () => {
    const { page, bridge } = await openWith([done('a'), done('b')]);
    bridge.prepare('sound.waveforms', async ({ buckets }) => aWaveform(buckets));
    bridge.prepare('player.close');
    const listen = (id: string) => button(page, `Listen to ${id}.wav before and after`);
    expect(await listen('a').getAttribute('aria-expanded')).toBe('false');
    await listen('a').press('Enter');
    await page.getByRole('group', { name: 'a.wav before and after' }).getByRole('button', { name: 'Play' }).waitFor();
    expect(await listen('a').getAttribute('aria-expanded')).toBe('true');
    const player = {
      source: { kind: 'file' as const, id: 'a' },
      durationSeconds: 754,
      playing: true,
      heard: 'original' as const,
      positionSeconds: 1,
      outputName: 'Speakers',
      problem: null,
    };
    await bridge.become({ ...empty, files: filesViewOf([done('a'), done('b')]), player });
    await button(page, 'Pause').waitFor();
    await listen('b').press('Enter');
    await page.getByRole('group', { name: 'b.wav before and after' }).waitFor();
    await page.getByRole('group', { name: 'a.wav before and after' }).waitFor({ state: 'detached' });
    await eventually(() => bridge.argumentsOf('player.close')).toHaveLength(1);
    await listen('b').press('Enter');
    await page.getByRole('group', { name: 'b.wav before and after' }).waitFor({ state: 'detached' });
    // What is open in the player is not this file's.
    expect(bridge.argumentsOf('player.close')).toHaveLength(2 - 1);
    expect(await findAccessibilityProblems(page)).toEqual([]);
  });

  test('results go to another folder and get other names; what cannot be stays to be corrected', async () => {
    const { page, bridge } = await openWith([]);
    let options = empty.files.options;
    bridge.prepare('files.setOptions', async (changes) => {
      if (changes.folder === 'clean') throw new LimpidError('files.folder-not-absolute', { folder: 'clean' });
      options = { folder: changes.folder ?? options.folder, pattern: changes.pattern ?? options.pattern };
      await bridge.become({ ...empty, files: { ...empty.files, options } });
    });
    await page.getByText('Change the folder and the names').press('Enter');
    const folder = page.getByRole('textbox', { name: 'Folder for results' });
    await folder.fill('clean');
    await folder.press('Enter');
    await page.getByRole('alert').getByText('This is not a full path of a folder: clean.').waitFor();
    await folder.fill('/data/clean');
    await folder.press('Enter');
    await page.getByRole('status').getByText('New results go there.').waitFor();
    const pattern = page.getByRole('textbox', { name: 'Names of results' });
    await pattern.fill('{name} at {place}');
    await pattern.press('Enter');
    await page.getByRole('alert').getByText('{place} is not known.').waitFor();
    await pattern.fill('{name} clean');
    await page.getByText('Example: interview clean.wav').waitFor();
    await pattern.press('Enter');
    await page.getByRole('status').getByText('New results are named so.').waitFor();
    expect(bridge.argumentsOf('files.setOptions')).toEqual([
      { folder: 'clean' },
      { folder: '/data/clean' },
      { pattern: '{name} clean' },
    ]);
    await page.getByText('Results go to /data/clean and are named like “interview clean.wav”.').waitFor();
    // Nothing is unsaved: the screen is left without a question.
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.waitForURL(/#settings$/);
  });

  test('a folder is enhanced by keyboard alone, from the first key to the sound', async () => {
    const { page, bridge } = await openWith([]);
    const folder = '/home/kim/Interviews';
    bridge.prepare('files.add', () => become(bridge, [done('a'), asks('b'), broken('c')]));
    bridge.prepare('files.answer', () => become(bridge, [done('a'), done('b'), broken('c')]));
    bridge.prepare('sound.waveforms', async ({ buckets }) => aWaveform(buckets));
    const tab = async (...names: (string | RegExp)[]) => {
      for (const name of names) {
        await page.keyboard.press('Tab');
        const now = await focused(page);
        if (typeof name === 'string') expect(now).toBe(name);
        else expect(now).toMatch(name);
      }
    };
    await page.locator('h2').focus();
    await tab(
      /^Drop files or folders here, or press to choose files/,
      'Add files…',
      'Add a folder…',
      'Path of a file or folder on this computer',
    );
    await page.keyboard.type(folder);
    await page.keyboard.press('Enter');
    await row(page, 'b').waitFor();
    expect(bridge.argumentsOf('files.add')).toEqual([{ paths: [folder] }]);
    expect(await focused(page)).toBe('Path of a file or folder on this computer');
    await tab(
      'Add',
      'Choose the engine and strength on Live',
      'Change the folder and the names',
      'Cancel all',
      'Retry failed',
      'Clear finished',
      'Listen to a.wav before and after',
      'Show folder of a.wav',
      'Remove a.wav from the list',
      'Cancel b.wav',
      'Replace the result of b.wav',
      'Keep both results of b.wav',
    );
    await page.keyboard.press('Enter');
    await eventually(() => focused(page)).toBe('Listen to b.wav before and after');
    expect(bridge.argumentsOf('files.answer')).toEqual([{ id: 'b', answer: 'keep-both', forAll: false }]);
    await tab('Show folder of b.wav', 'Remove b.wav from the list', 'Retry c.wav', 'Remove c.wav from the list');
    for (let count = 0; count < 4; count += 1) await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    await page.getByRole('group', { name: 'b.wav before and after' }).waitFor();
    expect(await focused(page)).toBe('Listen to b.wav before and after');
    await tab('Show folder of b.wav', 'Remove b.wav from the list', 'Play');
  });

  test('five hundred of them stay quick: only the row that changes is drawn', async () => {
    const items = Array.from({ length: 500 }, (_, number) => (number < 3 ? broken : done)(`take ${number}`));
    const { page, bridge } = await openWith([]);
    const session = await page.context().newCDPSession(page);
    // Of the processor, however busy the computer is.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const spentMs = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
    };
    const beforeMs = await spentMs();
    await become(bridge, items);
    await row(page, 'take 499').waitFor({ state: 'attached' });
    await page.evaluate(`
      window.touched = new Set();
      new MutationObserver((records) => {
        for (const { target } of records) {
          const file = (target.nodeType === 1 ? target : target.parentElement).closest('[data-file]');
          if (file) window.touched.add(file.dataset.file);
        }
      }).observe(document.querySelector('.files-table'), {
        subtree: true, childList: true, characterData: true, attributes: true })`);
    const listedMs = await spentMs();
    for (let percent = 1; percent <= 10; percent += 1) {
      const changed = aFile('take 250', { status: 'running', progress: percent / 100 });
      await bridge.emit('files.changed', { changed: [changed], removed: [] });
    }
    await eventually(() => row(page, 'take 250').textContent()).toContain('10');
    expect(await page.evaluate('[...window.touched]')).toEqual(['take 250']);
    expect(listedMs - beforeMs).toBeLessThan(1500);
    expect(((await spentMs()) - listedMs) / 10).toBeLessThan(80);
    await page.getByRole('radio', { name: 'Needs you (3)' }).check();
    await eventually(() => page.locator('[data-file]').count()).toBe(3);
  });

  test('more than are shown at once are shown on request', async () => {
    const { page } = await openWith(Array.from({ length: 502 }, (_, number) => aFile(`take ${number}`)));
    await eventually(() => page.locator('[data-file]').count()).toBe(500);
    await button(page, 'Show 2 more').press('Enter');
    await eventually(() => page.locator('[data-file]').count()).toBe(502);
    await eventually(() => focused(page)).toBe('Cancel take 500.wav');
  });
});
