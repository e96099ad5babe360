import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileItem } from '../../../src/shared/files.js';
import * as wav from '../../wavFile.js';
import { openQueue, type OpenQueue } from './openQueue.js';

const run = promisify(execFile);
const shape = { sampleRate: 16_000, channels: 1, bits: 16 };
const aSound = (seconds = 0.1, seed = 1) => wav.makeWav(wav.makeNoise(Math.round(16_000 * seconds), 0.2, seed), shape);

let rig: OpenQueue;
let folder: string;

beforeEach(async () => {
  rig = await openQueue();
  ({ folder } = rig);
});
afterEach(() => rig.close());

const put = async (name: string, bytes: Buffer = aSound()): Promise<string> => {
  const path = join(folder, name);
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, bytes);
  return path;
};
const add = (...paths: string[]) => rig.queue.handlers['files.add']({ paths });
const named = (items: FileItem[]) => Object.fromEntries(items.map((item) => [item.name, item]));
const idOf = async (name: string): Promise<string> => (await rig.items()).find((item) => item.name === name)!.id;
const visible = async (path: string) => (await readdir(path)).filter((name) => !name.startsWith('.')).toSorted();
/** Nobody finishes it by chance. */
const putLong = async (name: string, seconds = 150): Promise<string> => {
  const path = join(folder, name);
  await wav.writeLongWav(path, seconds, { sampleRate: 48_000, channels: 2, bits: 16 });
  return path;
};

describe('a file', () => {
  test('is enhanced beside its original, and says what came of it', async () => {
    const samples = wav.makeVoice(64_000, 16_000);
    const path = await put('Talk.WAV', wav.makeWav(samples, shape));
    await add(path);
    const [item] = await rig.idle();
    const output = join(folder, 'Talk (enhanced).WAV');
    expect(item).toMatchObject({
      name: 'Talk.WAV',
      folder,
      status: 'done',
      progress: 1,
      notice: null,
      result: { path: output, seconds: 4, engine: 'gtcrn' },
    });
    expect(item!.result!.realTimeFactor).toBeGreaterThan(0);
    expect(item!.result!.realTimeFactor).toBeLessThan(1);
    expect(item!.result!.inputDb).toBeLessThan(0);
    expect(item!.result!.noiseReductionDb).toEqual(expect.any(Number));
    const after = await wav.readWav(output);
    expect(after.samples.length).toBe(64_000);
    expect(after.samples).not.toEqual(samples);
    expect(await visible(folder)).toEqual(['Talk (enhanced).WAV', 'Talk.WAV']);
    expect(await rig.queue.pathsOf(item!.id)).toEqual({ original: path, enhanced: output });
    await rig.queue.openFolder(item!.id);
    expect(rig.opened).toEqual([folder]);
  });

  test('gets engine and strength of the live screen at the moment when it begins', async () => {
    const samples = wav.makeNoise(1600, 0.2);
    await put('a.wav', wav.makeWav(samples, shape));
    Object.assign(rig.live, { engine: 'gtcrn', level: 0 });
    await rig.queue.setOptions({ pattern: '{name} {engine}' });
    await add(join(folder, 'a.wav'));
    await rig.idle();
    const dry = await wav.readWav(join(folder, 'a gtcrn.wav'));
    expect(Math.max(...dry.samples.map((sample, at) => Math.abs(sample - samples[at]!)))).toBeLessThan(1e-3);
    rig.live.engine = 'bypass';
    await add(join(folder, 'a.wav'));
    const [, item] = await rig.idle();
    expect(item!.result).toMatchObject({ path: join(folder, 'a bypass.wav'), engine: 'bypass' });
  });

  test.each<[string, (path: string) => Promise<unknown>, string]>([
    ['is no WAV', (path) => writeFile(path, 'This is no sound.'), 'file.not-wav'],
    ['is empty', (path) => writeFile(path, ''), 'file.empty'],
    ['is gone', (path) => rm(path), 'file.not-found'],
    ['became a folder', (path) => rm(path).then(() => mkdir(path)), 'file.unreadable'],
  ])('that %s when its turn comes fails by itself, and may be tried again', async (_what, change, code) => {
    const long = await putLong('0.wav');
    const path = await put('1.wav');
    await add(long, path, await put('2.wav'));
    await change(path);
    rig.queue.cancel(await idOf('0.wav'));
    const items = named(await rig.idle());
    expect(items['1.wav']).toMatchObject({
      status: 'failed',
      notice: { code, params: { detail: expect.stringContaining(path) } },
    });
    expect(items['2.wav']).toMatchObject({ status: 'done' });
    await rm(path, { recursive: true, force: true });
    await put('1.wav');
    rig.queue.retry(items['1.wav']!.id);
    expect(named(await rig.idle())['1.wav']).toMatchObject({ status: 'done', notice: null });
    expect(await visible(folder)).toEqual(['0.wav', '1 (enhanced).wav', '1.wav', '2 (enhanced).wav', '2.wav']);
  });

  test('that was cut off is enhanced up to there, and says so', async () => {
    const whole = aSound(0.5);
    await add(await put('cut.wav', whole.subarray(0, 9000)));
    expect((await rig.idle())[0]).toMatchObject({
      status: 'done',
      notice: { code: 'file.cut-short', params: { input: 'cut.wav' } },
    });
  });
});

describe('five hundred files', () => {
  test('with three broken ones: the rest is done, each broken one says why', { timeout: 60_000 }, async () => {
    const sound = aSound();
    const names = Array.from({ length: 500 }, (_, index) => `${index}.wav`);
    await mkdir(join(folder, 'in'));
    await Promise.all(names.map((name) => writeFile(join(folder, 'in', name), sound)));
    await writeFile(join(folder, 'in', '7.wav'), 'no sound');
    await writeFile(join(folder, 'in', '250.wav'), '');
    await writeFile(join(folder, 'in', '499.wav'), sound.subarray(0, 30));
    rig.live.engine = 'bypass';
    await add(join(folder, 'in'));
    const items = await rig.idle();
    // In natural order.
    expect(items.map(({ name }) => name)).toEqual(names);
    const failed = items.filter(({ status }) => status === 'failed').map(({ name, notice }) => [name, notice?.code]);
    expect(failed).toEqual([
      ['7.wav', 'file.not-wav'],
      ['250.wav', 'file.empty'],
      ['499.wav', 'file.truncated'],
    ]);
    expect(rig.queue.view).toMatchObject({ counts: { done: 497, failed: 3 }, progress: 1, secondsLeft: null });
    expect(await visible(join(folder, 'in'))).toHaveLength(997);
    const toldIds = new Set(rig.told.flatMap(({ changed }) => changed.map(({ id }) => id)));
    expect(toldIds.size).toBe(500);
    const gapsMs = rig.told.slice(1).map(({ atMs }, index) => atMs - rig.told[index]!.atMs);
    expect(Math.min(...gapsMs)).toBeGreaterThan(190);
    expect(await readdir(join(folder, 'in')).then((all) => all.filter((name) => name.startsWith('.')))).toEqual([]);
  });
});

describe('what is added', () => {
  test('from folders: sounds of it and of those in it, no hidden ones, no links', async () => {
    const root = join(folder, 'root');
    for (const name of [
      'b.wav',
      'a10.wav',
      'a9.wav',
      'notes.txt',
      '.hidden.wav',
      'sub/c.wav',
      '.trash/d.wav',
      'x.wav/e.wav',
    ]) {
      await put(join('root', name));
    }
    await symlink(join(root, 'b.wav'), join(root, 'link.wav'));
    await symlink(root, join(root, 'again'));
    await add(root);
    expect((await rig.items()).map(({ name }) => name)).toEqual(['a9.wav', 'a10.wav', 'b.wav', 'c.wav', 'e.wav']);
    expect(rig.queue.view).toMatchObject({ notice: null, arriving: 0 });
    await rig.idle();
    // The outputs lie there now; they are no originals.
    await add(root);
    expect(await rig.items()).toHaveLength(10);
    expect(rig.queue.view.notice).toMatchObject({ code: 'files.results-left-out', params: { count: 5 } });
  });

  test('are no results, also not those of an earlier start or of a list that was cleared', async () => {
    for (const name of ['a.wav', 'a (enhanced).wav', 'a (enhanced) (2).wav', 'b (enhanced).wav']) {
      await put(join('in', name));
    }
    await add(join(folder, 'in'));
    // Of a `b.wav` nothing is known.
    const names = ['a.wav', 'b (enhanced).wav'];
    expect((await rig.items()).map(({ name }) => name)).toEqual(names);
    expect(rig.queue.view.notice).toMatchObject({ code: 'files.results-left-out', params: { count: 2 } });
    await rig.queue.setOptions({ pattern: '{name} {time}' });
    await rig.idle();
    rig.queue.remove(null);
    await rig.queue.setOptions({ pattern: 'clean {name}' });
    rig.live.engine = 'bypass';
    await add(join(folder, 'in', 'a.wav'));
    await rig.idle();
    rig.queue.remove(null);
    await rig.queue.setOptions({ pattern: '{name} other' });
    await add(join(folder, 'in'));
    expect((await rig.items()).map(({ name }) => name)).not.toContain('clean a.wav');
    // Whoever names one wants it.
    await add(join(folder, 'in', 'a (enhanced).wav'));
    expect((await rig.items()).map(({ name }) => name)).toContain('a (enhanced).wav');
  });

  test('twice waits once, and a file that is done may be added again', async () => {
    const long = await putLong('0.wav');
    const path = await put('a.wav');
    await add(long, path, path);
    rig.queue.dismiss();
    await add(path, folder);
    expect((await rig.items()).map(({ name }) => name)).toEqual(['0.wav', 'a.wav']);
    expect(rig.queue.view.notice).toMatchObject({ code: 'files.doubles', params: { count: 3 } });
    rig.queue.cancel(await idOf('0.wav'));
    await rig.idle();
    await add(path);
    expect(await rig.items()).toHaveLength(3);
  });

  test('that is no sound is left out, and said', async () => {
    await add(await put('a.txt'), await put('b'), await put('c.wav'));
    expect(rig.queue.view.notice).toMatchObject({ code: 'files.left-out', params: { count: 2 } });
    await mkdir(join(folder, 'none'));
    rig.queue.dismiss();
    await add(join(folder, 'none'));
    expect(rig.queue.view.notice).toMatchObject({ code: 'files.none-found' });
    expect(await rig.items()).toHaveLength(1);
  });

  test('at the same time has one notice of all, which can be taken away', async () => {
    await mkdir(join(folder, 'in'));
    await put('in/c.wav');
    await Promise.all([add(await put('a.txt')), add(join(folder, 'in'))]);
    expect(rig.queue.view.notice).toMatchObject({ code: 'files.left-out', params: { count: 1 } });
    // What is dropped at once may come in parts.
    const [sound, text] = [await put('b.wav'), await put('b.txt')];
    await add(sound);
    await add(text);
    expect(rig.queue.view.notice).toMatchObject({ code: 'files.left-out', params: { count: 2 } });
    await rig.queue.handlers['files.dismiss'](undefined);
    expect(rig.queue.view.notice).toBeNull();
    await add(await put('d.wav'));
    expect(rig.queue.view.notice).toBeNull();
  });

  test('stops when all is cancelled, and says nothing of what was not found', async () => {
    await mkdir(join(folder, 'none'));
    const adding = Promise.all([
      add(...Array.from({ length: 1000 }, (_, index) => join(folder, 'none', `${index}.wav`))),
      add(join(folder, 'none')),
    ]);
    rig.queue.cancel(null);
    await adding;
    expect((await rig.items()).length).toBeLessThan(10);
    expect(rig.queue.view).toMatchObject({ notice: null, arriving: 0 });
  });

  test('ends at ten thousand files, which windows hear of in parts', { timeout: 60_000 }, async () => {
    const paths = Array.from({ length: 10_001 }, (_, index) => join(folder, 'none', `${index}.wav`));
    await add(...paths);
    expect(await rig.items()).toHaveLength(10_000);
    expect(rig.queue.view.notice).toMatchObject({ code: 'files.limit', params: { count: 10_000 } });
    await expect.poll(() => rig.told.length, { timeout: 15_000 }).toBeGreaterThan(1);
    for (const { changed } of rig.told) expect(changed.length).toBeLessThanOrEqual(500);
    const beganMs = performance.now();
    rig.queue.cancel(null);
    rig.queue.retry(null);
    rig.queue.cancel(null);
    rig.queue.remove(null);
    expect(performance.now() - beganMs).toBeLessThan(1000);
    expect(rig.queue.view).toMatchObject({ counts: { waiting: 0 }, notice: null });
  });

  test.each([
    ['', 'files.path-missing'],
    ['a.wav', 'files.path-not-absolute'],
    ['//server/share/a.wav', 'files.path-on-server'],
    ['\\\\server\\share', 'files.path-on-server'],
  ])('%j is refused with %s, and the others are added', async (path, code) => {
    await expect(add(path, await put('a.wav'))).rejects.toMatchObject({ code });
    expect((await rig.items()).map(({ name }) => name)).toEqual(['a.wav']);
  });

  test('and refused more than once says how many there are, and why the first is', async () => {
    await expect(add('', await put('a.wav'), 'b.wav')).rejects.toMatchObject({
      code: 'files.some-refused',
      params: { count: 2, reason: { code: 'files.path-missing' } },
    });
    expect(await rig.items()).toHaveLength(1);
  });
});

describe('while it works', () => {
  test('progress and speed are told, a cancelled file leaves nothing, the next one begins', async () => {
    await add(await putLong('0.wav', 600), await put('1.wav'));
    const id = await idOf('0.wav');
    const running = () =>
      rig.told.flatMap(({ changed }) => changed).filter((item) => item.id === id && item.speed !== null);
    await expect.poll(running, { timeout: 15_000 }).not.toEqual([]);
    const last = running().at(-1)!;
    expect(last.progress).toBeGreaterThan(0);
    expect(last.speed).toBeGreaterThan(1);
    expect(last.secondsLeft).toBeGreaterThan(0);
    expect(Math.abs(last.secondsLeft! - ((1 - last.progress) * 600) / last.speed!)).toBeLessThan(
      2 + last.secondsLeft! / 4,
    );
    expect(rig.queue.view).toMatchObject({ counts: { running: 1, waiting: 1 }, secondsLeft: expect.any(Number) });
    rig.queue.cancel(id);
    expect((await rig.items())[0]).toMatchObject({ status: 'cancelled' });
    await rig.idle();
    expect(await visible(folder)).toEqual(['0.wav', '1 (enhanced).wav', '1.wav']);
    expect((await readdir(folder)).filter((name) => name.startsWith('.0'))).toEqual([]);
  });

  test('one at a time runs, and a removed one is gone at once', async () => {
    await putLong('0.wav');
    await add(join(folder, '0.wav'), await put('1.wav'), await put('2.wav'));
    const [first, second] = await rig.items();
    await rig.until(first!.id, 'running');
    expect(rig.queue.view.counts).toMatchObject({ running: 1, waiting: 2 });
    rig.queue.remove(second!.id);
    rig.queue.remove(first!.id);
    expect((await rig.items()).map(({ name }) => name)).toEqual(['2.wav']);
    await rig.idle();
    await expect.poll(() => rig.told.flatMap(({ removed }) => removed)).toEqual([second!.id, first!.id]);
    expect(await visible(folder)).toEqual(['0.wav', '1.wav', '2 (enhanced).wav', '2.wav']);
    rig.queue.remove(null);
    expect(await rig.items()).toEqual([]);
    expect(() => rig.queue.remove(first!.id)).toThrowError(expect.objectContaining({ code: 'files.unknown' }));
  });

  test('its end cancels all and leaves nothing behind', async () => {
    await putLong('0.wav');
    await add(join(folder, '0.wav'), await put('1.wav'));
    await rig.until(await idOf('0.wav'), 'running');
    await rig.queue.dispose();
    expect((await rig.items()).map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    expect((await readdir(folder)).filter((name) => name.startsWith('.0'))).toEqual([]);
  });
});

describe('an output that is there already', () => {
  const old = 'an output that someone keeps';
  const putOutput = (name: string) => put(`${name} (enhanced).wav`, Buffer.from(old));
  const outputOf = (name: string) => readFile(join(folder, `${name} (enhanced).wav`), 'utf8');

  test('is asked about, others go on, and nothing is touched meanwhile', async () => {
    await putOutput('a');
    await add(await put('a.wav'), await put('b.wav'));
    const items = named(await rig.idle());
    expect(items['a.wav']).toMatchObject({
      status: 'asks',
      notice: { code: 'files.exists', params: { path: join(folder, 'a (enhanced).wav') } },
    });
    expect(items['b.wav']).toMatchObject({ status: 'done' });
    expect(await outputOf('a')).toBe(old);
    expect(rig.queue.view.progress).toBeLessThan(1);
    expect(() => rig.queue.answer(items['b.wav']!.id, 'replace', false)).toThrowError(
      expect.objectContaining({ code: 'files.not-asking' }),
    );
  });

  test('is replaced, kept beside the new one, or left', async () => {
    for (const name of ['a', 'b', 'c']) await putOutput(name);
    await put('b (enhanced) (2).wav');
    await add(await put('a.wav'), await put('b.wav'), await put('c.wav'));
    await rig.idle();
    rig.queue.answer(await idOf('a.wav'), 'replace', false);
    rig.queue.answer(await idOf('b.wav'), 'keep-both', false);
    rig.queue.answer(await idOf('c.wav'), 'skip', false);
    const items = named(await rig.idle());
    expect(items['a.wav']).toMatchObject({ status: 'done' });
    expect(await outputOf('a')).not.toBe(old);
    expect(items['b.wav']!.result!.path).toBe(join(folder, 'b (enhanced) (3).wav'));
    expect(await outputOf('b')).toBe(old);
    expect(items['c.wav']).toMatchObject({ status: 'cancelled', notice: { code: 'files.skipped' } });
    expect(await outputOf('c')).toBe(old);
  });

  test('is answered for all that ask or wait', async () => {
    for (const name of ['a', 'b', 'd']) await putOutput(name);
    await add(await put('a.wav'), await put('b.wav'), await putLong('c.wav'), await put('d.wav'));
    await rig.until(await idOf('c.wav'), 'running');
    rig.queue.answer(await idOf('a.wav'), 'skip', true);
    rig.queue.cancel(await idOf('c.wav'));
    const items = named(await rig.idle());
    for (const name of ['a.wav', 'b.wav', 'd.wav'])
      expect(items[name]).toMatchObject({ notice: { code: 'files.skipped' } });
  });

  test('of another file of the list is kept without a question, and no answer for all puts one over the other', async () => {
    const out = join(folder, 'out');
    await rig.queue.setOptions({ folder: out });
    await add(await put('one/a.wav', aSound(0.1, 1)), await put('two/a.wav', aSound(0.1, 2)));
    const paths = (await rig.idle()).map(({ result }) => result?.path);
    expect(paths).toEqual([join(out, 'a (enhanced).wav'), join(out, 'a (enhanced) (2).wav')]);

    await put('out/b (enhanced).wav', Buffer.from(old));
    await add(await put('one/b.wav', aSound(0.1, 3)), await put('two/b.wav', aSound(0.1, 4)));
    const [, , asks] = await rig.idle();
    rig.queue.answer(asks!.id, 'replace', true);
    const replaced = (await rig.idle()).slice(2).map(({ result }) => result?.path);
    expect(replaced).toEqual([join(out, 'b (enhanced).wav'), join(out, 'b (enhanced) (2).wav')]);
    expect(await readFile(join(out, 'b (enhanced).wav'), 'latin1')).not.toBe(old);
  });

  test('is never an original: not its own, not one of the list', async () => {
    const sound = aSound();
    await put('in/a.wav', sound);
    await put('out/a.wav', sound);
    await rig.queue.setOptions({ folder: join(folder, 'out'), pattern: '{name}' });
    await add(join(folder, 'out', 'a.wav'), join(folder, 'in', 'a.wav'));
    const [own, other] = await rig.idle();
    expect(own).toMatchObject({ status: 'failed', notice: { code: 'files.output-is-input' } });
    expect(other).toMatchObject({ status: 'asks' });
    rig.queue.answer(other!.id, 'replace', false);
    expect((await rig.idle())[1]).toMatchObject({ status: 'failed', notice: { code: 'files.output-is-input' } });
    expect((await readFile(join(folder, 'out', 'a.wav'))).equals(sound)).toBe(true);
  });
});

describe('an answer', () => {
  const old = 'an output that someone keeps';
  const putOutput = (name: string) => put(`${name} (enhanced).wav`, Buffer.from(old));

  test('says nothing of another output than that which was shown', async () => {
    await putOutput('a');
    await put('archive/a (enhanced).wav', Buffer.from(old));
    await add(await put('a.wav'), await putLong('long.wav'));
    const id = await idOf('a.wav');
    await rig.until(id, 'asks');
    await rig.until(await idOf('long.wav'), 'running');
    rig.queue.answer(id, 'replace', false);
    await rig.queue.setOptions({ folder: join(folder, 'archive') });
    rig.queue.cancel(await idOf('long.wav'));
    const items = named(await rig.idle());
    const path = join(folder, 'archive', 'a (enhanced).wav');
    expect(items['a.wav']).toMatchObject({ status: 'asks', notice: { params: { path } } });
    expect(await readFile(path, 'utf8')).toBe(old);
    rig.queue.answer(id, 'replace', false);
    expect(named(await rig.idle())['a.wav']).toMatchObject({ status: 'done', result: { path } });
  });

  test('says nothing of a file that took the place of the one that was there', async () => {
    await putOutput('a');
    await add(await put('a.wav'));
    const [item] = await rig.idle();
    const path = join(folder, 'a (enhanced).wav');
    await writeFile(join(folder, 'other'), old);
    await rename(join(folder, 'other'), path);
    rig.queue.answer(item!.id, 'replace', false);
    expect((await rig.idle())[0]).toMatchObject({ status: 'asks' });
    expect(await readFile(path, 'utf8')).toBe(old);
  });

  test('for all ends where the options change', async () => {
    await putOutput('a');
    await put('archive/d (enhanced).wav', Buffer.from(old));
    await add(await put('a.wav'), await putLong('c.wav'), await put('d.wav'));
    await rig.until(await idOf('c.wav'), 'running');
    rig.queue.answer(await idOf('a.wav'), 'replace', true);
    await rig.queue.setOptions({ folder: join(folder, 'archive') });
    rig.queue.cancel(await idOf('c.wav'));
    expect(named(await rig.idle())['d.wav']).toMatchObject({ status: 'asks' });
    expect(await readFile(join(folder, 'archive', 'd (enhanced).wav'), 'utf8')).toBe(old);
  });

  test.each([false, true])('never puts one file of the list over another, for all: %s', async (forAll) => {
    const out = join(folder, 'out');
    await rig.queue.setOptions({ folder: out });
    await put('out/b (enhanced).wav', Buffer.from(old));
    await add(await put('one/b.wav', aSound(0.1, 3)), await put('two/b.wav', aSound(0.1, 4)));
    const asking = (await rig.idle()).filter(({ status }) => status === 'asks');
    expect(asking).toHaveLength(2);
    for (const { id } of forAll ? asking.slice(1) : asking) rig.queue.answer(id, 'replace', forAll);
    const paths = (await rig.idle()).map(({ result }) => result?.path);
    expect(paths).toEqual([join(out, 'b (enhanced).wav'), join(out, 'b (enhanced) (2).wav')]);
  });

  test('for all holds for files that only arrive meanwhile, and ends when nothing is left to do', async () => {
    await rig.close();
    rig = await openQueue({ breathMs: 0 });
    ({ folder } = rig);
    await rig.queue.setOptions({ folder: join(folder, 'out') });
    for (const name of ['a', 'b', 'c']) await put(`out/${name} (enhanced).wav`, Buffer.from(old));
    await add(await put('a.wav'));
    const [first] = await rig.idle();
    let finish = (): void => undefined;
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const arriving = rig.queue.receive(
      'b.wav',
      (async function* () {
        yield aSound();
        await gate;
      })(),
    );
    rig.queue.answer(first!.id, 'skip', true);
    finish();
    await arriving;
    const skipped = await rig.idle();
    expect(skipped.map(({ notice }) => notice?.code)).toEqual(['files.skipped', 'files.skipped']);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await add(await put('c.wav'));
    expect((await rig.idle())[2]).toMatchObject({ status: 'asks' });
  });
});

describe('the options', () => {
  test('are kept', async () => {
    await rig.queue.setOptions({ folder: join(folder, 'new'), pattern: '{name} x' });
    await rig.settings.flush();
    expect(rig.queue.view.options).toEqual({ folder: join(folder, 'new'), pattern: '{name} x' });
    expect(JSON.parse(await readFile(rig.settings.path, 'utf8'))).toMatchObject({ files: { pattern: '{name} x' } });
    await rig.queue.setOptions({ folder: null });
    expect(rig.queue.view.options).toEqual({ folder: null, pattern: '{name} x' });
  });

  test.each<[object, string]>([
    [{ folder: 'somewhere' }, 'files.folder-not-absolute'],
    [{ folder: '\\\\server\\share' }, 'files.folder-on-server'],
    [{ folder: '/proc/none' }, 'files.folder-unusable'],
    [{ pattern: 'a/b' }, 'files.pattern-character'],
  ])('%j is refused with %s', async (changes, code) => {
    await expect(rig.queue.setOptions(changes)).rejects.toMatchObject({ code });
    expect(rig.queue.view.options).toEqual({ folder: null, pattern: '{name} (enhanced)' });
  });

  test('a folder that cannot be written any more fails each file, with its name', async () => {
    await rig.queue.setOptions({ folder: join(folder, 'out') });
    await rm(join(folder, 'out'), { recursive: true });
    await writeFile(join(folder, 'out'), 'a file in its place');
    await add(await put('a.wav'));
    expect((await rig.idle())[0]).toMatchObject({
      status: 'failed',
      notice: { code: 'files.folder-unwritable', params: { folder: join(folder, 'out') } },
    });
  });

  test.skipIf(process.getuid?.() === 0)('a folder that is read-only fails the file', async () => {
    const path = await put('in/a.wav');
    await chmod(join(folder, 'in'), 0o500);
    await add(path);
    expect((await rig.idle())[0]).toMatchObject({ notice: { code: 'files.folder-unwritable' } });
    await chmod(join(folder, 'in'), 0o700);
  });

  test.skipIf(process.platform !== 'linux')('a disk without room fails the file, and leaves nothing half', async () => {
    const long = await putLong('long.wav');
    // The limit of this process on the size of a file acts as a disk that is full.
    const limitFileSize = (bytes: string) => run('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
    rig.live.engine = 'bypass';
    try {
      await limitFileSize('400000');
      await add(long, await put('short.wav'));
      const items = named(await rig.idle());
      expect(items['long.wav']).toMatchObject({ status: 'failed', notice: { code: 'file.disk-full' } });
      expect(JSON.stringify(items['long.wav']!.notice)).not.toMatch(/\.[0-9a-f]{8}/);
      expect(items['short.wav']).toMatchObject({ status: 'done' });
    } finally {
      await limitFileSize('unlimited');
    }
    expect((await readdir(folder)).filter((name) => name.includes('long'))).toEqual(['long.wav']);
  });
});
