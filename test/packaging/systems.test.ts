import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { openArchive } from './archive.js';
import { fusesThatAreOn } from './fuses.js';
import { packageApp, root } from './packageApp.js';
import { searchPackage } from './secrets.js';
import { writeMacStub, writeWindowsStub } from './stubDistribution.js';

const folder = mkdtempSync(join(tmpdir(), 'limpid-systems-'));

/** The compiled parts are this computer's; everything else is as it will be on the other system. */
async function packageFor(system: 'mac' | 'win', writeStub: (folder: string) => void): Promise<string> {
  const electronDist = join(folder, `electron-${system}`);
  writeStub(electronDist);
  const { stderr } = await packageApp({
    electronDist,
    output: join(folder, system),
    args: [`--${system}`, 'dir', '--x64'],
    environment: { LIMPID_ALLOW_FOREIGN_BINARIES: '1', CSC_IDENTITY_AUTO_DISCOVERY: 'false' },
  });
  return stderr;
}

const isOnWhereArchivesAreChecked = [
  'EnableCookieEncryption',
  'EnableEmbeddedAsarIntegrityValidation',
  'OnlyLoadAppFromAsar',
  'WasmTrapHandlers',
];

const readText = (path: string): string => readFileSync(join(root, path), 'utf8');

const headerHash = (archive: string): string => createHash('sha256').update(openArchive(archive).header).digest('hex');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// macOS would sign, and Windows has no links; that the files are right is seen here.
describe.runIf(process.platform === 'linux')('the package for', () => {
  let told: { mac: string; win: string };

  beforeAll(async () => {
    const [mac, win] = await Promise.all([packageFor('mac', writeMacStub), packageFor('win', writeWindowsStub)]);
    told = { mac, win };
  }, 90_000);

  test.each(['mac/mac', 'win/win-unpacked'])(
    'another system holds no secret, no path of this computer and no map (%s)',
    (place) => {
      const { files, found } = searchPackage(join(folder, place));
      expect(found).toEqual([]);
      expect(files).toBeGreaterThan(50);
    },
  );

  describe('macOS', () => {
    const contents = join(folder, 'mac/mac/Limpid.app/Contents');
    const frameworks = join(contents, 'Frameworks');
    const propertyOf = (list: string, key: string): string | undefined =>
      new RegExp(`<key>${key}</key>\\s*<string>([^<]*)</string>`).exec(readFileSync(list, 'utf8'))?.[1];

    test('says why it listens, and has helpers by names of their own', () => {
      const helpers = readdirSync(frameworks).filter((name) => name.endsWith('.app'));
      const lists = [contents, ...helpers.map((name) => join(frameworks, name, 'Contents'))];
      const facts = lists.map((place) => [
        propertyOf(join(place, 'Info.plist'), 'CFBundleIdentifier'),
        propertyOf(join(place, 'Info.plist'), 'NSMicrophoneUsageDescription'),
      ]);
      const reason = 'Limpid cleans the voice that comes from your microphone.';
      expect(facts.toSorted()).toEqual([
        ['app.limpid.desktop', reason],
        ['app.limpid.desktop.helper', undefined],
        ['app.limpid.desktop.helper.GPU', undefined],
        ['app.limpid.desktop.helper.Plugin', undefined],
        ['app.limpid.desktop.helper.Renderer', undefined],
      ]);
    });

    test('says it in German, too', () => {
      const german = readFileSync(join(contents, 'Resources/de.lproj/InfoPlist.strings'), 'utf8');
      expect(german).toMatch(/^NSMicrophoneUsageDescription = "Limpid .* Ihrem Mikrofon .*";$/m);
    });

    test('has its icon, its category and its licences', () => {
      const icon = join(contents, 'Resources', propertyOf(join(contents, 'Info.plist'), 'CFBundleIconFile') ?? '');
      expect(readFileSync(icon)).toEqual(readFileSync(join(root, 'resources/icon.icns')));
      expect(propertyOf(join(contents, 'Info.plist'), 'LSApplicationCategoryType')).toBe('public.app-category.music');
      expect(readdirSync(join(contents, 'Resources/licenses')).toSorted()).toEqual(['LICENSE', 'THIRD_PARTY.md']);
    });

    test('is listed with the hash of its archive, which the program checks', async () => {
      expect(propertyOf(join(contents, 'Info.plist'), 'hash')).toBe(headerHash(join(contents, 'Resources/app.asar')));
      const program = join(frameworks, 'Electron Framework.framework/Electron Framework');
      expect(await fusesThatAreOn(program)).toEqual(isOnWhereArchivesAreChecked);
    });

    test('may listen under the hardened runtime, when it is signed', () => {
      const config = readText('electron-builder.yml');
      const entitlements = readText('resources/entitlements.mac.plist');
      expect(config).toMatch(/^ {2}hardenedRuntime: true$/m);
      expect(config).toMatch(/^ {2}entitlements: resources\/entitlements\.mac\.plist$/m);
      expect(entitlements).toMatch(/<key>com\.apple\.security\.device\.audio-input<\/key>\s*<true\/>/);
      expect(entitlements).not.toMatch(
        /allow-unsigned-executable-memory|allow-dyld-environment-variables|get-task-allow/,
      );
    });

    test('gives its helpers, which never listen, nothing but compiling', () => {
      const [, path = ''] = /^ {2}entitlementsInherit: (.*)$/m.exec(readText('electron-builder.yml')) ?? [];
      expect(Array.from(readText(path).matchAll(/<key>(.*)<\/key>/g), ([, key]) => key)).toEqual([
        'com.apple.security.cs.allow-jit',
      ]);
    });

    test('is told to be unsigned', () => {
      expect(told.mac).toContain('mac is NOT signed');
      expect(told.mac).toContain('not built for darwin x64: ');
    });
  });

  describe('Windows', () => {
    const place = join(folder, 'win/win-unpacked');
    const program = join(place, 'Limpid.exe');

    test('has its name, version and icon', () => {
      const { entries } = NtExecutableResource.from(NtExecutable.from(readFileSync(program)));
      const [version] = Resource.VersionInfo.fromEntries(entries);
      const [language = { lang: 0, codepage: 0 }] = version?.getAllLanguagesForStringValues() ?? [];
      const { version: limpid } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
      expect(version?.getStringValues(language)).toMatchObject({ ProductName: 'Limpid', FileVersion: limpid });
      const icons = Resource.IconGroupEntry.fromEntries(entries).flatMap((group) => group.icons);
      expect(icons.map(({ width }) => width || 256)).toEqual([16, 20, 24, 32, 40, 48, 64, 128, 256]);
    });

    test('carries the hash of its archive, which the program checks', async () => {
      const { entries } = NtExecutableResource.from(NtExecutable.from(readFileSync(program)));
      const { bin = new ArrayBuffer(0) } = entries.find(({ type }) => type === 'INTEGRITY') ?? {};
      const value = headerHash(join(place, 'resources/app.asar'));
      expect(JSON.parse(Buffer.from(bin).toString())).toEqual([{ file: 'resources\\app.asar', alg: 'SHA256', value }]);
      expect(await fusesThatAreOn(program)).toEqual(isOnWhereArchivesAreChecked);
    });

    test('has its licences beside it', () => {
      expect(readdirSync(join(place, 'licenses')).toSorted()).toEqual(['LICENSE', 'THIRD_PARTY.md']);
      expect(existsSync(join(place, 'LICENSES.chromium.html'))).toBe(true);
    });

    test('has its libraries signed, too, when it is signed', () => {
      expect(parse(readText('electron-builder.yml'))).toMatchObject({ win: { signExts: ['.dll', '.node'] } });
    });

    test('is told to be unsigned', () => {
      expect(told.win).toContain('win-unpacked is NOT signed');
    });
  });
});
