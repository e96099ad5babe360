import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPanel, type Panel } from '../../../src/main/host/panel.js';
import { createContractServices } from '../../fakes/services.js';
import * as wav from '../../wavFile.js';
import { openQueue, type OpenQueue } from '../files/openQueue.js';
import { cookieOf, exchange } from './panelClient.js';

const sound = wav.makeWav(wav.makeNoise(1600, 0.2), { sampleRate: 16_000, channels: 1, bits: 16 });

let pages: string;
let rig: OpenQueue;
let panel: Panel;
let cookie: string;
let origin: string;
let reports: unknown[];

beforeEach(async () => {
  pages = await mkdtemp(join(tmpdir(), 'limpid-pages-'));
  await writeFile(join(pages, 'index.html'), '<head></head>');
  await writeFile(join(pages, 'panel-bridge.js'), '');
  rig = await openQueue();
  reports = [];
  const services = createContractServices();
  services.receiveFile = (name, stream, bytes) => rig.queue.receive(name, stream, bytes);
  panel = await startPanel({ services, rendererRoot: pages, port: 0, report: (error) => reports.push(error) });
  origin = `http://127.0.0.1:${panel.port}`;
  cookie = cookieOf(await exchange(panel.createLinkUrl()));
});
afterEach(async () => {
  await panel.close();
  await rig.close();
  await rm(pages, { recursive: true, force: true });
});

/** Begins to send a file; `end` it. */
const begin = (name: string, headers: Record<string, string | number> = {}, method = 'POST') => {
  const path = `/files?${new URLSearchParams({ name }).toString()}`;
  const outgoing = request({
    host: '127.0.0.1',
    port: panel.port,
    path,
    method,
    headers: { origin, cookie, ...headers },
  });
  outgoing.on('error', () => undefined);
  return outgoing;
};
const answerOf = async (outgoing: ReturnType<typeof begin>): Promise<{ status: number; body: string }> => {
  const [answer] = await once(outgoing, 'response');
  let body = '';
  for await (const chunk of answer.setEncoding('utf8')) body += chunk;
  return { status: answer.statusCode, body };
};
/** Sends all of it, whatever is answered meanwhile. */
const send = async (
  name: string,
  body: Buffer = sound,
  headers: Record<string, string | number> = {},
  method = 'POST',
) => {
  const outgoing = begin(name, { 'content-length': body.length, ...headers }, method);
  const answered = answerOf(outgoing);
  const sent = new Promise<void>((resolve) => outgoing.end(body, resolve).once('error', () => resolve()));
  const [answer] = await Promise.all([answered, sent]);
  return answer;
};
const kept = async (): Promise<string[]> =>
  (await readdir(join(rig.folder, '.work'), { recursive: true }).catch(() => [])).filter((name) => /\.\w+$/.test(name));

describe('a file of a browser', () => {
  test('is kept privately, enhanced into the folder for recordings, and gone when it leaves the list', async () => {
    expect(await send('Grüße & mehr.wav')).toEqual({ status: 204, body: '' });
    const [item] = await rig.idle();
    const output = join(rig.folder, 'Limpid', 'Grüße & mehr (enhanced).wav');
    expect(item).toMatchObject({ name: 'Grüße & mehr.wav', folder: null, status: 'done', result: { path: output } });
    expect(await kept()).toHaveLength(1);
    const { original } = (await rig.queue.pathsOf(item!.id))!;
    expect((await readFile(original)).equals(sound)).toBe(true);
    const [own] = await readdir(join(rig.folder, '.work'));
    expect((await stat(join(rig.folder, '.work', own!))).mode & 0o777).toBe(0o700);
    expect(rig.queue.view.arriving).toBe(0);
    rig.queue.remove(item!.id);
    await expect.poll(kept).toEqual([]);
    expect((await stat(output)).size).toBeGreaterThanOrEqual(sound.length);
  });

  test('that is no sound is spoken of by its name, not by where it is kept', async () => {
    await send('talk.wav', Buffer.from('no sound'));
    expect((await rig.idle())[0]).toMatchObject({ notice: { code: 'file.not-wav', params: { detail: 'talk.wav' } } });
  });

  test('goes with the queue', async () => {
    await send('a.wav');
    await rig.idle();
    await rig.queue.dispose();
    expect(await readdir(join(rig.folder, '.work'))).toEqual([]);
  });

  test('has no say in where it is kept', async () => {
    await send('../../../../outside.wav');
    await send('C:\\outside.wav');
    expect((await rig.items()).map(({ name }) => name)).toEqual(['outside.wav', 'outside.wav']);
    for (const path of await kept()) expect(path).toMatch(/^\d+-\w+[/\\]received-\w+[/\\]outside\.wav$/);
  });

  test.each<[string, Record<string, string>, number]>([
    ['no cookie', { cookie: '' }, 401],
    ['a cookie nobody gave', { cookie: 'limpid-panel=x' }, 401],
    ['a page of another origin', { origin: 'https://example.org' }, 403],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['another name of this computer', { host: 'localhost' }, 421],
  ])('is refused with %s', async (_why, headers, status) => {
    expect((await send('a.wav', sound, headers)).status).toBe(status);
    expect(await rig.items()).toEqual([]);
    expect(await kept()).toEqual([]);
  });

  test('is not to be had, nor sent in another way', async () => {
    for (const method of ['GET', 'PUT', 'DELETE']) expect((await send('a.wav', sound, {}, method)).status).toBe(405);
  });

  test.each([
    ['of another kind', 'a.exe', 415, 'files.not-sound'],
    ['without a name', '', 415, 'files.not-sound'],
  ])('%s is refused, and its sender hears why though it is not through', async (_what, name, status, code) => {
    const answer = await send(name, Buffer.alloc(8e6));
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code, message: expect.any(String), hint: expect.any(String) });
    expect(await kept()).toEqual([]);
    expect(reports).toEqual([]);
  });

  test('that is too large is refused before it is sent', async () => {
    const outgoing = begin('a.wav', { 'content-length': 8 * 1024 ** 3 + 1 });
    outgoing.write('RIFF');
    const answer = await answerOf(outgoing);
    outgoing.destroy();
    expect([answer.status, JSON.parse(answer.body).code]).toEqual([413, 'files.too-large']);
  });

  test('that breaks off is not kept', async () => {
    const outgoing = begin('a.wav', { 'content-length': 1e6 });
    outgoing.write(Buffer.alloc(200_000));
    await expect.poll(kept).toHaveLength(1);
    expect(rig.queue.view.arriving).toBe(1);
    outgoing.destroy();
    await expect.poll(kept).toEqual([]);
    await expect.poll(() => rig.queue.view.arriving).toBe(0);
    expect(await rig.items()).toEqual([]);
    expect(await send('b.wav')).toMatchObject({ status: 204 });
  });

  test('is one of four at a time', async () => {
    const open = Array.from({ length: 4 }, (_, index) => begin(`${index}.wav`, { 'content-length': 1e6 }));
    for (const outgoing of open) outgoing.write(Buffer.alloc(1000));
    await expect.poll(kept).toHaveLength(4);
    expect(await send('5.wav')).toMatchObject({ status: 503 });
    for (const outgoing of open) outgoing.destroy();
    await expect.poll(kept).toEqual([]);
    expect(await send('6.wav')).toMatchObject({ status: 204 });
  });
});

test('what a process that crashed left is taken away; what one that runs has stays', async () => {
  const parent = join(rig.folder, '.others');
  const left = join(parent, '2147483646-abc', 'received-x');
  const others = join(parent, `${process.ppid}-abc`);
  await mkdir(left, { recursive: true });
  await mkdir(others);
  await writeFile(join(left, 'a.wav'), sound);
  const next = await openQueue({ workParent: parent });
  // Not within its first seconds.
  await expect.poll(() => readdir(parent), { timeout: 15_000 }).toEqual([`${process.ppid}-abc`]);
  await next.close();
});
