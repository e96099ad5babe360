import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { describePackages } from '../../../scripts/package/report.mjs';

const folder = mkdtempSync(join(tmpdir(), 'limpid-report-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The head of a program for Windows, 64 bits; `isSigned`: its entry for certificates has a size. */
function program(isSigned: boolean): Buffer {
  const head = Buffer.alloc(1024);
  const peOffset = 128;
  head.write('MZ');
  head.writeUInt32LE(peOffset, 60);
  head.write('PE\0\0', peOffset, 'latin1');
  head.writeUInt16LE(0x8664, peOffset + 4);
  head.writeUInt16LE(0x20b, peOffset + 24);
  head.writeUInt32LE(isSigned ? 512 : 0, peOffset + 24 + 112 + 4 * 8 + 4);
  return head;
}

function packageOf(files: Record<string, Buffer>) {
  for (const [name, content] of Object.entries({ 'resources/app.asar': Buffer.from('archive'), ...files })) {
    const path = join(folder, 'win-unpacked', name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return describePackages(folder, 0)[0];
}

test('a signed program with libraries that are not names them', () => {
  const described = packageOf({
    'Limpid.exe': program(true),
    'ffmpeg.dll': program(true),
    'resources/app.asar.unpacked/native/limpid.node': program(false),
    'resources/elevate.exe': program(false),
    'resources/broken.dll': Buffer.from('no library'),
  });
  expect(described).toMatchObject({
    signature: 'developer',
    unsigned: ['resources/app.asar.unpacked/native/limpid.node', 'resources/broken.dll', 'resources/elevate.exe'].map(
      (path) => join(path),
    ),
  });
});

test('of a program that is not signed nothing more is said', () => {
  expect(packageOf({ 'Limpid.exe': program(false) })).toMatchObject({ signature: 'none', unsigned: [] });
});
