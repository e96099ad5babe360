import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'limpid-package-'));
const resources = join(folder, 'dist/linux-unpacked/resources');

interface ArchiveEntry {
  files?: Record<string, ArchiveEntry>;
}

/** Paths of all files in an asar archive: its header is JSON, its length stands at byte 12. */
function listArchive(path: string): string[] {
  const archive = readFileSync(path);
  const header = JSON.parse(archive.toString('utf8', 16, 16 + archive.readUInt32LE(12))) as ArchiveEntry;
  const walk = (entry: ArchiveEntry, prefix: string): string[] =>
    entry.files
      ? Object.entries(entry.files).flatMap(([name, child]) => walk(child, prefix ? `${prefix}/${name}` : name))
      : [prefix];
  return walk(header, '');
}

/** Electron's program is not needed to see what is packed: any executable stands for it. */
async function packageApp(): Promise<void> {
  const electron = join(folder, 'electron');
  mkdirSync(electron);
  copyFileSync('/bin/true', join(electron, 'electron'));
  writeFileSync(join(electron, 'version'), '0.0.0');
  await promisify(execFile)(
    process.execPath,
    [
      join(root, 'node_modules/electron-builder/cli.js'),
      '--linux',
      'dir',
      '--publish=never',
      `-c.electronDist=${electron}`,
      `-c.directories.output=${join(folder, 'dist')}`,
    ],
    { cwd: root },
  );
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Elsewhere the stub that stands for Electron would have to be a whole app bundle.
describe.runIf(process.platform === 'linux')('the packaged app', () => {
  let files: string[];

  beforeAll(async () => {
    await packageApp();
    files = listArchive(join(resources, 'app.asar'));
  }, 180_000);

  test('holds the built app', () => {
    expect(files).toEqual(
      expect.arrayContaining(['package.json', 'out/main/index.js', 'out/preload/index.cjs', 'out/renderer/index.html']),
    );
  });

  test('holds no sources, tests or maps', () => {
    expect(files.filter((path) => /^(src|test|bench|scripts|native\/src)\/|\.map$/.test(path))).toEqual([]);
  });

  test('holds the packages that run and no others', () => {
    const packages = files.flatMap((path) => /^node_modules\/([^/]+)/.exec(path)?.[1] ?? []);
    expect([...new Set(packages)].toSorted()).toEqual(['keytar', 'undici']);
  });

  test('loads the token backend for its own command alone', () => {
    const main = join(root, 'out/main');
    const seen = new Set<string>();
    const follow = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const text = readFileSync(join(main, path), 'utf8');
      for (const [, name = ''] of text.matchAll(/^import (?:.*? from )?"\.\/(.*?)";$/gm)) {
        follow(path.startsWith('chunks/') ? `chunks/${name}` : name);
      }
    };
    follow('cli.js');
    follow('index.js');
    const holdsServer = (path: string) => readFileSync(join(main, path), 'utf8').includes('FST_ERR_');
    const chunks = readdirSync(join(main, 'chunks')).map((name) => `chunks/${name}`);
    expect(seen.size).toBeGreaterThan(3);
    expect(chunks.filter(holdsServer)).toHaveLength(1);
    expect([...seen].filter(holdsServer)).toEqual([]);
  });

  test('has its licences beside it', () => {
    expect(readdirSync(join(resources, '../licenses')).toSorted()).toEqual(['LICENSE', 'THIRD_PARTY.md']);
  });

  test('has an addon outside the archive that loads with the PortAudio beside it', () => {
    const addon = join(resources, 'app.asar.unpacked/native/build/Release/limpid.node');
    const script = 'process.stdout.write(typeof require(process.argv[1]).Loop)';
    expect(execFileSync(process.execPath, ['-e', script, addon], { encoding: 'utf8' })).toBe('function');
    const libraries = execFileSync('ldd', [addon], { encoding: 'utf8' });
    expect(libraries).toContain(join(resources, 'app.asar.unpacked/native/build/Release/libportaudio.so.2'));
  });

  test('has a keychain module outside the archive', () => {
    const keytar = join(resources, 'app.asar.unpacked/node_modules/keytar');
    const script = 'process.stdout.write(typeof require(process.argv[1]).getPassword)';
    expect(execFileSync(process.execPath, ['-e', script, keytar], { encoding: 'utf8' })).toBe('function');
  });
});
