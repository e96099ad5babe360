import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRendererFile } from '../../../src/main/host/rendererFiles.js';

let folder: string;
let root: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-renderer-'));
  root = join(folder, 'renderer');
  await mkdir(join(root, 'assets'), { recursive: true });
  await mkdir(join(folder, 'renderer-other'));
  await writeFile(join(root, 'index.html'), '<html>');
  await writeFile(join(root, 'assets/a b.js'), 'script');
  await writeFile(join(root, '.env'), 'secret');
  await writeFile(join(folder, 'outside.js'), 'secret');
  await writeFile(join(folder, 'renderer-other/x.js'), 'secret');
  await symlink(join(folder, 'outside.js'), join(root, 'link.js'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('renderer files', () => {
  test.each([
    ['/', '<html>', 'text/html; charset=utf-8'],
    ['/index.html', '<html>', 'text/html; charset=utf-8'],
    ['/assets/a%20b.js', 'script', 'text/javascript; charset=utf-8'],
  ])('serves %s', async (path, body, contentType) => {
    const file = await readRendererFile(root, path);
    expect(file && { ...file, body: file.body.toString() }).toEqual({ body, contentType });
  });

  test.each([
    '/../outside.js',
    '/%2e%2e/outside.js',
    '/..%2foutside.js',
    '/assets/%2e%2e%2f%2e%2e%2foutside.js',
    '/..%5coutside.js',
    '/../renderer-other/x.js',
    '/%2e%2e%2frenderer-other%2fx.js',
    '/link.js',
    '/.env',
    '/assets',
    '/assets/',
    '/missing.js',
    '/index.html%00.js',
    '/%E0%A4%A.js',
    '//etc/passwd',
    '',
  ])('refuses %s', async (path) => {
    expect(await readRendererFile(root, path)).toBeNull();
  });
});
