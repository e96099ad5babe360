import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { downloadFile, type DownloadControls, type DownloadJob } from '../../../src/main/downloads/download.js';
import { getDocument } from '../../../src/main/downloads/http.js';
import { openNetwork } from '../../../src/main/auth/network.js';
import { createTrust } from '../../../src/main/auth/networkTrust.js';
import { startConnectProxy } from '../../fakes/connectProxy.js';
import { FaultyBackend, makeCertificates } from '../../fakes/faultyBackend.js';
import { startFaultyServer, type Fault, type FaultyServer } from './faultyServer.js';

const content = randomBytes(400_000);
const sha256Of = (data: Buffer) => createHash('sha256').update(data).digest('hex');
const sha256 = sha256Of(content);
const noPauses: DownloadControls = { retryDelaysMs: [0, 0, 0] };
const noRetries: DownloadControls = { retryDelaysMs: [] };

let folder = '';
let target = '';
let server: FaultyServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-download-'));
  target = join(folder, 'file.bin');
  server = await startFaultyServer();
  server.files.set('/file.bin', content);
});

afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const download = (controls: DownloadControls = noPauses, job: Partial<DownloadJob> = {}) =>
  downloadFile({ url: `${server.url}/file.bin`, target, sha256, maxBytes: 1_000_000, ...job }, controls);

const names = () => readdirSync(folder).toSorted();
const partName = `file.bin.${sha256}.part`;
const leavePart = (data: Buffer, tag: string | null = null) => {
  writeFileSync(join(folder, partName), data);
  if (tag !== null) writeFileSync(join(folder, `${partName}.etag`), tag);
};
const goodTag = `"${content.length}-${content.subarray(0, 16).toString('hex')}"`;

async function expectWhole(): Promise<void> {
  expect(readFileSync(target).equals(content)).toBe(true);
  expect(names()).toEqual(['file.bin']);
}

describe('a download', () => {
  test('gets its name when it is whole, and leaves nothing else', async () => {
    expect(await download()).toEqual({ bytes: content.length });
    await expectWhole();
  });

  test('makes the folders it needs', async () => {
    await download(noPauses, { target: join(folder, 'a', 'b', 'file.bin') });
    expect(readFileSync(join(folder, 'a', 'b', 'file.bin')).equals(content)).toBe(true);
  });

  test('is not needed when the file is there', async () => {
    writeFileSync(target, content);
    expect(await download()).toEqual({ bytes: content.length });
    expect(server.seen).toEqual([]);
  });

  test('replaces another file of that name only when it is whole', async () => {
    writeFileSync(target, 'old');
    server.faults.push({ kind: 'drop', afterBytes: 1000 });
    await expect(download(noRetries)).rejects.toMatchObject({ code: 'download.interrupted' });
    expect(readFileSync(target, 'utf8')).toBe('old');
    await download();
    await expectWhole();
  });

  test('tells how far it is, to the end', async () => {
    const seen: [number, number | null][] = [];
    await download({ ...noPauses, onProgress: (...progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual([content.length, content.length]);
    expect(seen.every(([bytes, total], n) => total === content.length && bytes >= (seen[n - 1]?.[0] ?? 0))).toBe(true);
  });

  test('works without a length, and slowly', async () => {
    server.faults.push({ kind: 'no-length' });
    const totals: (number | null)[] = [];
    await download({ ...noPauses, onProgress: (_, total) => totals.push(total) });
    await expectWhole();
    expect(totals[0]).toBeNull();
    rmSync(target);
    server.faults.push({ kind: 'slow', pieces: 20 });
    await download({ ...noRetries, idleTimeoutMs: 2000 });
    await expectWhole();
  });
});

describe('a broken connection', () => {
  test('goes on where it broke, as the tag allows', async () => {
    server.faults.push({ kind: 'drop', afterBytes: 100_000 }, { kind: 'drop', afterBytes: 100_000 });
    await download();
    await expectWhole();
    expect(server.seen.map(({ range }) => range)).toEqual([null, 'bytes=100000-', 'bytes=200000-']);
    expect(server.seen[2]?.ifRange).toBe(goodTag);
  });

  test('may break as often as it likes while bytes arrive', async () => {
    server.faults.push(...Array.from({ length: 8 }, (): Fault => ({ kind: 'drop', afterBytes: 10_000 })));
    await download({ retryDelaysMs: [0] });
    await expectWhole();
  });

  test('ends the download when nothing arrives any more, and keeps what did', async () => {
    server.faults.push(...Array.from({ length: 4 }, (): Fault => ({ kind: 'drop', afterBytes: 0 })));
    server.faults.unshift({ kind: 'drop', afterBytes: 1000 });
    await expect(download({ retryDelaysMs: [0, 0] })).rejects.toMatchObject({
      code: 'download.interrupted',
      retryable: true,
    });
    expect(names()).toEqual([partName, `${partName}.etag`]);
    expect(readFileSync(join(folder, partName)).equals(content.subarray(0, 1000))).toBe(true);
  });

  test('that stalls is given up after its time, and taken up again', async () => {
    server.faults.push({ kind: 'stall', afterBytes: 50_000 });
    await download({ ...noPauses, idleTimeoutMs: 100 });
    await expectWhole();
    expect(server.seen[1]?.range).toBe('bytes=50000-');
  });

  test('of a server that never answers times out', async () => {
    server.faults.push({ kind: 'silent' });
    await expect(download({ ...noRetries, idleTimeoutMs: 60 })).rejects.toMatchObject({ code: 'download.timeout' });
  });

  test('of an answer without length is found by the hash, not by the length', async () => {
    server.faults.push({ kind: 'cut', afterBytes: 1000 });
    await expect(download()).rejects.toMatchObject({ code: 'download.hash-mismatch' });
    expect(names()).toEqual([]);
  });
});

describe('what an earlier run left', () => {
  test('is gone on with', async () => {
    leavePart(content.subarray(0, 300_000), goodTag);
    await download();
    await expectWhole();
    expect(server.seen).toEqual([{ path: '/file.bin', range: 'bytes=300000-', ifRange: goodTag }]);
  });

  test('is gone on with where the server has no tags, or weak ones', async () => {
    server.validators = 'weak';
    leavePart(content.subarray(0, 300_000));
    await download();
    await expectWhole();
    expect(server.seen).toEqual([{ path: '/file.bin', range: 'bytes=300000-', ifRange: null }]);
  });

  test('is gone on with by date', async () => {
    server.validators = 'date';
    server.faults.push({ kind: 'drop', afterBytes: 1000 });
    await download();
    await expectWhole();
    expect(server.seen[1]?.ifRange).toMatch(/GMT$/);
  });

  test('is dropped when the file has changed since', async () => {
    leavePart(randomBytes(300_000), '"older"');
    await download();
    await expectWhole();
    expect(server.seen).toHaveLength(1);
  });

  test('is dropped when it turns out to be wrong at the end', async () => {
    server.validators = 'none';
    leavePart(randomBytes(300_000));
    await download();
    await expectWhole();
    expect(server.seen.map(({ range }) => range)).toEqual(['bytes=300000-', null]);
  });

  test('is dropped when the server ignores ranges', async () => {
    leavePart(content.subarray(0, 300_000), goodTag);
    server.faults.push({ kind: 'ignore-range' });
    await download();
    await expectWhole();
    expect(server.seen).toHaveLength(1);
  });

  test('is dropped when another range comes than was asked for', async () => {
    leavePart(content.subarray(0, 300_000), goodTag);
    server.faults.push({ kind: 'wrong-range' });
    await download();
    await expectWhole();
    expect(server.seen.map(({ range }) => range)).toEqual(['bytes=300000-', null]);
  });

  test('is all there is: 416 with that size', async () => {
    leavePart(content, goodTag);
    await download();
    await expectWhole();
    expect(server.seen).toHaveLength(1);
  });

  test('is longer than the file: 416 with another size', async () => {
    leavePart(Buffer.concat([content, content]));
    await download();
    await expectWhole();
    expect(server.seen.map(({ range }) => range)).toEqual(['bytes=800000-', null]);
  });

  test('may have been left by a process that is gone', async () => {
    const { pid } = spawnSync('true');
    writeFileSync(join(folder, `file.bin.${sha256}.${pid}-00aa.part`), content.subarray(0, 200_000));
    await download();
    await expectWhole();
    expect(server.seen[0]?.range).toBe('bytes=200000-');
  });

  test('by a process that still runs is left alone', async () => {
    const other = `file.bin.${sha256}.${process.ppid}-00aa.part`;
    writeFileSync(join(folder, other), content.subarray(0, 200_000));
    await download();
    expect(server.seen[0]?.range).toBeNull();
    expect(names()).toEqual(['file.bin', other]);
  });
});

describe('a wrong file', () => {
  test('is thrown away', async () => {
    server.files.set('/file.bin', randomBytes(1000));
    await expect(download()).rejects.toMatchObject({ code: 'download.hash-mismatch', params: { file: 'file.bin' } });
    expect(names()).toEqual([]);
    expect(server.seen).toHaveLength(1);
  });

  test('that changes between two pieces is fetched anew', async () => {
    server.validators = 'none';
    server.files.set('/file.bin', randomBytes(400_000));
    server.faults.push({ kind: 'drop', afterBytes: 1000 });
    const running = download({ retryDelaysMs: [50] });
    while (server.seen.length < 1) await new Promise((resolve) => setTimeout(resolve, 1));
    server.files.set('/file.bin', content);
    await running;
    await expectWhole();
  });

  test('that is too large by its header is not begun', async () => {
    await expect(download(noPauses, { maxBytes: 399_999 })).rejects.toMatchObject({ code: 'download.too-large' });
    expect(names()).toEqual([]);
  });

  test('that is too large in the end is stopped', async () => {
    server.faults.push({ kind: 'no-length' });
    await expect(download(noPauses, { maxBytes: 100_000 })).rejects.toMatchObject({ code: 'download.too-large' });
    expect(names().filter((name) => !name.endsWith('.part') && !name.endsWith('.etag'))).toEqual([]);
  });
});

describe('an answer that is no file', () => {
  test.each<[Fault, string]>([
    [{ kind: 'status', status: 404 }, 'download.not-found'],
    [{ kind: 'status', status: 410 }, 'download.not-found'],
    [{ kind: 'status', status: 401 }, 'download.forbidden'],
    [{ kind: 'status', status: 403 }, 'download.forbidden'],
    [{ kind: 'status', status: 416 }, 'download.unexpected-status'],
    [{ kind: 'status', status: 204 }, 'download.unexpected-status'],
    [{ kind: 'html' }, 'download.web-page'],
    [{ kind: 'redirect', to: 'ftp://example.org/file' }, 'download.redirect'],
    [{ kind: 'redirect', to: 'http://example.org/file' }, 'download.redirect'],
    [{ kind: 'redirect', to: '' }, 'download.redirect'],
    [{ kind: 'redirect', to: '/file.bin' }, 'download.redirect'],
  ])('%j is %s at once', async (fault, code) => {
    server.faults.push(fault, ...Array.from({ length: 6 }, (): Fault => fault));
    const failure = download();
    await expect(failure).rejects.toMatchObject({ code, retryable: false });
    expect(names()).toEqual([]);
    expect(server.seen.length).toBe(fault.kind === 'redirect' && fault.to === '/file.bin' ? 6 : 1);
  });

  test.each([429, 500, 503])('status %d is borne a few times', async (status) => {
    server.faults.push({ kind: 'status', status }, { kind: 'status', status });
    await download();
    await expectWhole();
    server.faults.push(...Array.from({ length: 5 }, (): Fault => ({ kind: 'status', status })));
    rmSync(target);
    await expect(download({ retryDelaysMs: [0, 0] })).rejects.toMatchObject({ code: 'download.server-error' });
    expect(server.seen).toHaveLength(6);
  });

  test('a redirect is followed, with the range', async () => {
    leavePart(content.subarray(0, 300_000), goodTag);
    server.faults.push({ kind: 'redirect', to: '/file.bin?signature=secret' });
    server.files.set('/file.bin?signature=secret', content);
    await download();
    await expectWhole();
    expect(server.seen[1]).toMatchObject({ path: '/file.bin?signature=secret', range: 'bytes=300000-' });
  });

  test('no error names the query of a signed address', async () => {
    server.faults.push({ kind: 'redirect', to: '/file.bin?signature=secret' }, { kind: 'status', status: 403 });
    const failure = await download().catch((error: unknown) => error);
    expect(JSON.stringify(failure)).not.toContain('secret');
    expect(failure).toMatchObject({ code: 'download.forbidden' });
  });
});

describe('no connection', () => {
  test('to a closed port is unreachable', async () => {
    const { url } = server;
    await server.close();
    const job = { url: `${url}/file.bin` };
    await expect(download(noRetries, job)).rejects.toMatchObject({ code: 'download.unreachable' });
    server = await startFaultyServer();
  });

  test('to a server that speaks no TLS is not secure or breaks off', async () => {
    const job = { url: `${server.url.replace('http:', 'https:')}/file.bin` };
    await expect(download(noRetries, job)).rejects.toMatchObject({ code: 'download.tls' });
  });

  test('through a proxy that refuses names the proxy', async () => {
    server.faults.push({ kind: 'status', status: 407 });
    const environment = { HTTPS_PROXY: server.url };
    const job = { url: 'https://limpid.invalid/file.bin' };
    await expect(download({ ...noRetries, environment }, job)).rejects.toMatchObject({
      code: 'download.proxy',
    });
  });

  test('through a proxy with a certificate of its own names who made that, and goes on where it is trusted', async () => {
    const certificates = makeCertificates({ subject: 'DNS:limpid.invalid' });
    const middle = await FaultyBackend.start(certificates);
    const proxy = await startConnectProxy(middle.port);
    const job = { url: 'https://limpid.invalid/file.bin' };
    const environment = { HTTPS_PROXY: `http://${proxy.host}` };
    await expect(download({ ...noRetries, environment }, job)).rejects.toMatchObject({
      code: 'download.tls-untrusted',
      params: { host: 'limpid.invalid', issuer: 'Test Authority' },
    });
    const authority = readFileSync(certificates.caFile, 'utf8');
    const network = openNetwork({
      variables: () => environment,
      trust: createTrust({ readSystem: () => [authority] }),
    });
    middle.fault = '404';
    await expect(download({ ...noRetries, network }, job)).rejects.toMatchObject({ code: 'download.not-found' });
    proxy.status = 407;
    await expect(download({ ...noRetries, network }, job)).rejects.toMatchObject({
      code: 'download.proxy',
      params: { detail: { code: 'backend.proxy-login' } },
    });
    await Promise.all([proxy.close(), middle.stop()]);
    certificates.remove();
  });

  test('through a proxy that is no address names the proxy', async () => {
    const job = { url: 'https://limpid.invalid/file.bin' };
    const environment = { HTTPS_PROXY: 'not an address' };
    await expect(download({ ...noRetries, environment }, job)).rejects.toMatchObject({ code: 'download.proxy' });
  });

  test('this computer is reached without a proxy', async () => {
    await download({
      ...noRetries,
      environment: { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' },
    });
    await expectWhole();
  });
});

describe('cancelling', () => {
  test('keeps what was received, for the next time', async () => {
    server.faults.push({ kind: 'stall', afterBytes: 150_000 });
    const abort = new AbortController();
    const running = download({
      ...noPauses,
      signal: abort.signal,
      onProgress: (bytes) => bytes === 150_000 && abort.abort(),
    });
    setTimeout(() => abort.abort(), 90);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(names()).toEqual([partName, `${partName}.etag`]);
    await download();
    await expectWhole();
    expect(server.seen[1]?.range).toMatch(/^bytes=[1-9]/);
  });

  test('works during a pause and before the start', async () => {
    const abort = new AbortController();
    server.faults.push({ kind: 'drop', afterBytes: 10 });
    const running = download({ signal: abort.signal, retryDelaysMs: [60_000] });
    setTimeout(() => abort.abort(), 50);
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    await expect(download({ signal: abort.signal })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the disk', () => {
  test('that refuses the folder is named', async () => {
    writeFileSync(join(folder, 'blocked'), 'a file');
    await expect(download(noPauses, { target: join(folder, 'blocked', 'file.bin') })).rejects.toMatchObject({
      code: 'download.unwritable',
    });
    expect(server.seen).toEqual([]);
  });

  test('that may not be written is named', async ({ skip }) => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0o500);
    skip(process.getuid?.() === 0, 'root may write everywhere');
    await expect(download(noPauses, { target: join(closed, 'file.bin') })).rejects.toMatchObject({
      code: 'download.unwritable',
    });
  });

  test('that is read-only is named', async ({ skip }) => {
    const closed = join(folder, 'closed');
    mkdirSync(closed);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', closed]);
    skip(mount.status !== 0, 'mounting a file system needs root on Linux');
    try {
      await expect(download(noPauses, { target: join(closed, 'file.bin') })).rejects.toMatchObject({
        code: 'download.unwritable',
        params: { detail: 'EROFS' },
      });
    } finally {
      spawnSync('umount', [closed]);
    }
  });

  test('that is full ends the download at once and has nothing under the final name', async ({ skip }) => {
    const small = join(folder, 'small');
    mkdirSync(small);
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', small]);
    skip(mount.status !== 0, 'mounting a small file system needs root on Linux');
    try {
      await expect(download(noPauses, { target: join(small, 'file.bin') })).rejects.toMatchObject({
        code: 'download.disk-full',
      });
      expect(readdirSync(small)).not.toContain('file.bin');
      expect(server.seen).toHaveLength(1);
    } finally {
      spawnSync('umount', [small]);
    }
  });
});

test('several downloads of the same file at once do not disturb each other', async () => {
  server.faults.push({ kind: 'slow', pieces: 5 }, { kind: 'drop', afterBytes: 1000 }, { kind: 'slow', pieces: 3 });
  await Promise.all([download(), download(), download(), download()]);
  await expectWhole();
});

test('a server that closes while a lot is on its way does not end the process', async () => {
  const large = randomBytes(8_000_000);
  server.files.set('/large', large);
  const job = { url: `${server.url}/large`, sha256: sha256Of(large), maxBytes: 10_000_000 };
  server.faults.push({ kind: 'cut', afterBytes: large.length });
  await download(noRetries, job);
  expect(readFileSync(target).equals(large)).toBe(true);
  server.faults.push({ kind: 'cut', afterBytes: large.length });
  await expect(getDocument(job.url, 100)).rejects.toMatchObject({ code: 'download.too-large' });
});

describe('a small document', () => {
  test('is read into memory, up to its limit', async () => {
    const { url } = server;
    expect((await getDocument(`${url}/file.bin`, 400_000)).equals(content)).toBe(true);
    await expect(getDocument(`${url}/file.bin`, 399_999)).rejects.toMatchObject({ code: 'download.too-large' });
  });

  test('is no web page and no error', async () => {
    server.faults.push({ kind: 'html' }, { kind: 'status', status: 500 }, { kind: 'drop', afterBytes: 10 });
    const { url } = server;
    await expect(getDocument(`${url}/file.bin`, 1e6)).rejects.toMatchObject({ code: 'download.web-page' });
    await expect(getDocument(`${url}/file.bin`, 1e6)).rejects.toMatchObject({ code: 'download.server-error' });
    await expect(getDocument(`${url}/file.bin`, 1e6)).rejects.toMatchObject({ code: 'download.interrupted' });
  });
});
