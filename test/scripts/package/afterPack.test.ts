import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arch, type AfterPackContext } from 'electron-builder';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { afterPack } from '../../../scripts/package/afterPack.mjs';
import { fuseWire, wireAsDownloaded } from '../../packaging/stubDistribution.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-after-pack-'));
  mkdirSync(join(folder, 'resources/app.asar.unpacked'), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  delete process.env['LIMPID_ALLOW_FOREIGN_BINARIES'];
});

/** A folder as electron-builder leaves it, with this program. */
function run(program: Buffer, { arch = Arch.x64, platform = 'linux' } = {}): Promise<void> {
  writeFileSync(join(folder, platform === 'linux' ? 'limpid' : 'Limpid.exe'), program);
  return afterPack({
    appOutDir: folder,
    electronPlatformName: platform,
    arch,
    packager: {
      executableName: 'limpid',
      appInfo: { productFilename: 'Limpid' },
      getResourcesDir: (path: string) => join(path, 'resources'),
    },
  } as unknown as AfterPackContext);
}

const wireNow = (): string =>
  readFileSync(join(folder, 'limpid')).toString('latin1', 134, 134 + wireAsDownloaded.length);

describe('the fuses', () => {
  test('are set one by one', async () => {
    await run(fuseWire());
    expect(wireNow()).toBe('010001001');
  });

  test('fail the packaging where the program has none', async () => {
    await expect(run(Buffer.alloc(10_000))).rejects.toThrow('sentinel');
  });

  test('fail the packaging where the program has one that nobody decided about', async () => {
    await expect(run(fuseWire(`${wireAsDownloaded}0`))).rejects.toThrow('strictlyRequireAllFuses');
  });

  test('fail the packaging where the program lacks one that is to be set', async () => {
    await expect(run(fuseWire(wireAsDownloaded.slice(0, -1)))).rejects.toThrow('not long enough');
  });
});

describe.runIf(process.platform === 'linux')('a library of another computer', () => {
  beforeEach(() => copyFileSync(process.execPath, join(folder, 'resources/app.asar.unpacked/limpid.node')));

  test.each([
    ['system', { platform: 'win32' }],
    ['processor', { arch: process.arch === 'x64' ? Arch.arm64 : Arch.x64 }],
  ])('of another %s fails the packaging', async (_what, other) => {
    await expect(run(fuseWire(), other)).rejects.toThrow('limpid.node. Package on such a computer.');
  });

  test('is let in where only the rest is looked at', async () => {
    process.env['LIMPID_ALLOW_FOREIGN_BINARIES'] = '1';
    await run(fuseWire(), { arch: Arch.arm64 });
    expect(wireNow()).toBe('010001001');
  });
});
