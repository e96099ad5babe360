import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openerFor, openWithSystem } from '../../../src/main/host/openWithSystem.js';

const skipReason = process.platform === 'linux' ? null : 'puts its own xdg-open into PATH, which only Linux uses';

describe.skipIf(skipReason)(`opening with the system${skipReason ? ` (skipped: ${skipReason})` : ''}`, () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limpid-open-'));
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });

  const installOpener = async (script: string) => {
    await writeFile(join(folder, 'xdg-open'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, 'xdg-open'), 0o755);
  };

  test('hands the address over as one argument, past any shell', async () => {
    await installOpener(`printf '%s|%s' "$#" "$1" > ${folder}/opened`);
    await openWithSystem('https://vb-audio.com/?a=$(touch x)&b=`c`;d');
    expect(await readFile(join(folder, 'opened'), 'utf8')).toBe('1|https://vb-audio.com/?a=$(touch x)&b=`c`;d');
  });

  test('an opener that fails is an error that names the address', async () => {
    await installOpener('exit 3');
    await expect(openWithSystem('https://vb-audio.com/')).rejects.toMatchObject({
      code: 'link.cannot-open',
      params: { url: 'https://vb-audio.com/' },
    });
  });

  test('no opener at all is the same error', async () => {
    vi.stubEnv('PATH', folder);
    await expect(openWithSystem('https://vb-audio.com/')).rejects.toMatchObject({ code: 'link.cannot-open' });
  });
});

test('a folder that macOS would start as a program is only shown', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'limpid-open-'));
  const program = join(folder, 'Evil.app');
  await mkdir(program);
  await writeFile(join(folder, 'page.html'), '');
  expect(await openerFor(program, 'darwin')).toEqual(['open', '-R']);
  expect(await openerFor(`${program}/`, 'darwin')).toEqual(['open', '-R']);
  expect(await openerFor(folder, 'darwin')).toEqual(['open']);
  expect(await openerFor(join(folder, 'page.html'), 'darwin')).toEqual(['open']);
  expect(await openerFor('https://vb-audio.com/a.app', 'darwin')).toEqual(['open']);
  expect(await openerFor(program, 'linux')).toEqual(['xdg-open']);
  await rm(folder, { recursive: true, force: true });
});
