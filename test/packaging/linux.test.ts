import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Arch, build, Platform } from 'electron-builder';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeNoise, makeWav, readWav } from '../wavFile.js';
import { extractArchive, openArchive, type Archive } from './archive.js';
import { DebianComputer } from './debianComputer.js';
import { fusesThatAreOn } from './fuses.js';
import { feedUrl, packageApp, root } from './packageApp.js';
import { findSecrets, searchPackage } from './secrets.js';
import { writeLinuxStub } from './stubDistribution.js';

const folder = mkdtempSync(join(tmpdir(), 'limpid-package-'));
/** Made elsewhere, then moved here: nothing may remember where it was. */
const app = join(folder, 'moved', 'Limpid');
const resources = join(app, 'resources');
const unpacked = join(resources, 'app.asar.unpacked');
const addon = join(unpacked, 'native/build/Release/limpid.node');

/** A part of a JWT, as long as in earnest. */
const encodePart = (part: object): string =>
  Buffer.from(JSON.stringify({ ...part, more: 'than enough' })).toString('base64url');

/** At the beginning of a line, or when it is needed. */
const importOfPackage = /^import (?:.*? from )?"([^."][^"]*)";$|\bimport\("([^."][^"]*)"\)/gm;

/** Runs JavaScript in plain Node in the moved folder, which finds no packages but those in it. Returns what it printed. */
function runThere(script: string, environment: NodeJS.ProcessEnv = {}): string {
  const env = { PATH: process.env['PATH'], HOME: folder, NODE_PATH: '', ...environment };
  return execFileSync(process.execPath, ['-e', script], { cwd: app, env, encoding: 'utf8' });
}

/** Looks at what electron-builder would tell the packager of an installer, which it downloads and which is not here. */
async function lookAt<Options>(installer: string, prepackaged: string, look: (told: Options) => void): Promise<void> {
  await build({
    targets: Platform.LINUX.createTarget(installer, Arch.x64),
    projectDir: root,
    prepackaged,
    publish: 'never',
    config: {
      directories: { output: join(folder, installer) },
      publish: { provider: 'generic', url: feedUrl },
      extraMetadata: { homepage: 'https://limpid.invalid' },
    },
    effectiveOptionComputed: async (told: Options) => {
      look(told);
      return true;
    },
  });
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

// The other systems' packages hold other compiled parts; what they need to carry is in systems.test.ts.
describe.runIf(process.platform === 'linux')('the packaged app', () => {
  let archive: Archive;
  let printed: string;

  beforeAll(async () => {
    const electronDist = join(folder, 'electron');
    const output = join(folder, 'dist');
    writeLinuxStub(electronDist);
    ({ stdout: printed } = await packageApp({ electronDist, output, args: ['--dir'] }));
    mkdirSync(join(folder, 'moved'));
    renameSync(join(output, 'linux-unpacked'), app);
    rmSync(output, { recursive: true });
    archive = openArchive(join(resources, 'app.asar'));
  }, 60_000);

  test('holds the built app', () => {
    expect(archive.files).toEqual(
      expect.arrayContaining([
        'package.json',
        'out/main/index.js',
        'out/preload/index.cjs',
        'out/renderer/index.html',
        'resources/tray/linux/enhancing.png',
      ]),
    );
  });

  test('holds no sources, tests or maps', () => {
    const superfluous = /^(src|test|bench|scripts|docs|native\/src|native\/generated)\/|\.(map|ts|tsx|cc|h|gyp|md)$/;
    expect(archive.files.filter((path) => superfluous.test(path) && !/^node_modules.*LICENSE/.test(path))).toEqual([]);
  });

  test('holds the packages that run and no others', () => {
    const packages = archive.files.flatMap((path) => /^node_modules\/([^/]+)/.exec(path)?.[1] ?? []);
    expect([...new Set(packages)].toSorted()).toEqual(['keytar', 'undici']);
  });

  test('holds of the program what its entry reaches', () => {
    const seen = new Set<string>();
    const follow = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      const text = archive.read(path).toString();
      for (const [, name = ''] of text.matchAll(/(?:\bfrom |\bimport |\bimport\()"\.\/?([^"]*?\.js)"/g)) {
        follow(join(path, '..', name));
      }
    };
    follow('out/main/index.js');
    expect(archive.files.filter((path) => path.startsWith('out/main/')).toSorted()).toEqual([...seen].toSorted());
  });

  test('has its licences beside it', () => {
    expect(readdirSync(join(app, 'licenses')).toSorted()).toEqual(['LICENSE', 'THIRD_PARTY.md']);
    expect(readdirSync(app)).toEqual(expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']));
  });

  test('is as small as it can be', () => {
    const [, archiveMb = NaN, unpackedMb = NaN] =
      /^linux-unpacked +(\d+\.\d) +(\d+\.\d)/m.exec(printed)?.map(Number) ?? [];
    expect(archiveMb).toBeGreaterThan(1);
    expect(archiveMb).toBeLessThan(5);
    expect(unpackedMb).toBeGreaterThan(1);
    expect(unpackedMb).toBeLessThan(3);
  });

  test('has a program that is no Node for others and loads nothing but the archive', async () => {
    const isOn = await fusesThatAreOn(join(app, 'limpid'));
    expect(isOn).toEqual(['EnableCookieEncryption', 'OnlyLoadAppFromAsar', 'WasmTrapHandlers']);
  });

  test('knows where new versions are', () => {
    expect(parse(readFileSync(join(resources, 'app-update.yml'), 'utf8'))).toEqual({
      provider: 'generic',
      url: feedUrl,
      updaterCacheDirName: 'limpid-updater',
    });
  });

  test('holds no secret, no path of this computer and no source map', () => {
    const { files, found } = searchPackage(app);
    expect(found).toEqual([]);
    expect(files).toBeGreaterThan(100);
  });

  test.each([
    ['.env', ''],
    ['out/main/index.js.map', '{}'],
    ['key.txt', `-----BEGIN RSA PRIVATE ${'KEY'}-----\n${'MIIE'.repeat(20)}`],
    ['token.json', [{ alg: 'none' }, { sub: 'desk' }, {}].map((part) => encodePart(part)).join('.')],
    ['settings.json', `lk_${'a1'.repeat(20)}`],
    ['config.js', `npm_${'a1'.repeat(20)}`],
    ['out/main/index.js', `at ${root}src/main/index.ts`],
    ['out/main/index.js', '//# sourceMappingURL=data:application/json;base64,e30='],
  ])('would be seen to hold one in %s', (path, text) => {
    expect(findSecrets(path, Buffer.from(text))).toHaveLength(1);
  });

  describe('in another folder, without the packages of the project', () => {
    test('finds none of them', () => {
      const script = `for (const name of ['undici', 'zod', 'naudiodon', 'electron']) {
        try { console.log(require.resolve(name)); } catch { console.log('no', name); }
      }`;
      expect(runThere(script).trim().split('\n')).toEqual(['no undici', 'no zod', 'no naudiodon', 'no electron']);
    });

    test('has an addon that lists devices', () => {
      const configPath = join(folder, 'asound.conf');
      writeFileSync(configPath, 'pcm.desk_microphone { type null }\n');
      const script = `require(${JSON.stringify(addon)}).listPortAudioDevices()
        .then((devices) => console.log(JSON.stringify(devices.map(({ name }) => name))))`;
      expect(JSON.parse(runThere(script, { ALSA_CONFIG_PATH: configPath }))).toEqual(['desk_microphone']);
    });

    test('has an addon that enhances a file', async () => {
      const shape = { sampleRate: 48_000, channels: 1, bits: 16 };
      const [inputPath, outputPath] = [join(folder, 'noise.wav'), join(folder, 'clean.wav')];
      writeFileSync(inputPath, makeWav(makeNoise(2 * shape.sampleRate, 0.1), shape));
      const options = JSON.stringify({ inputPath, outputPath, engine: 'gtcrn', level: 1 });
      const script = `new (require(${JSON.stringify(addon)}).FileEnhancement)(${options}).run()
        .then((result) => console.log(JSON.stringify(result)))`;
      const { frames, inputDb, outputDb } = JSON.parse(runThere(script)) as Record<string, number>;
      expect(frames).toBe(2 * shape.sampleRate);
      expect(outputDb).toBeLessThan(inputDb! - 15);
      expect((await readWav(outputPath)).samples).toHaveLength(2 * shape.sampleRate);
    });

    test('takes no library but those beside it and those of the system', () => {
      const folders = [join(unpacked, 'native/build/Release'), join(unpacked, 'node_modules/keytar/build/Release')];
      const compiled = folders.flatMap((path) => readdirSync(path).map((name) => join(path, name)));
      expect(compiled.map((path) => path.slice(unpacked.length + 1)).toSorted()).toEqual([
        'native/build/Release/libportaudio.so.2',
        'native/build/Release/limpid.node',
        'node_modules/keytar/build/Release/keytar.node',
      ]);
      const libraries = compiled.map((path) => execFileSync('ldd', [path], { encoding: 'utf8', cwd: app })).join('');
      const places = Array.from(libraries.matchAll(/^\s*(\S+) => (.*?)(?: \(0x.*)?$/gm), ([, , place = '']) => place);
      expect(libraries).toContain(`libportaudio.so.2 => ${join(folders[0]!, 'libportaudio.so.2')}`);
      expect(places.filter((place) => !/^\/(usr\/)?lib/.test(place) && !place.startsWith(unpacked))).toEqual([]);
      const runPaths = compiled.flatMap((path) => {
        const dynamic = execFileSync('readelf', ['--dynamic', path], { encoding: 'utf8' });
        return Array.from(dynamic.matchAll(/\((?:RPATH|RUNPATH)\).*\[(.*)\]/g), ([, runPath]) => runPath);
      });
      expect(runPaths).toEqual(['$ORIGIN']);
    });

    test('has a keychain module that loads', () => {
      const keytar = join(unpacked, 'node_modules/keytar');
      const script = `console.log(typeof require(${JSON.stringify(keytar)}).getPassword,
        Object.keys(require.cache).every((path) => path.startsWith(${JSON.stringify(app)})))`;
      expect(runThere(script).trim()).toBe('function true');
    });

    test('finds every part it imports', () => {
      const laidOut = join(folder, 'laid-out');
      extractArchive(archive, laidOut);
      const parts = archive.files.filter((path) => /^out\/main\/.*\.js$/.test(path));
      const names = new Set(
        parts.flatMap((path) => {
          const [, list = ''] = /^import \{ (.*?) \} from "electron";$/m.exec(archive.read(path).toString()) ?? [];
          return list.split(', ').map((name) => name.split(' as ')[0]!);
        }),
      );
      expect(names).toContain('BrowserWindow');
      // An app that another instance has overtaken: the entry loads all it imports, and leaves.
      const fake = `const anything = new Proxy(function () {}, { get: () => anything, apply: () => anything, construct: () => anything });
        const own = { isPackaged: true, getPath: () => ${JSON.stringify(folder)}, requestSingleInstanceLock: () => false, quit: () => console.log('left') };
        export const app = new Proxy(own, { get: (_, name) => own[name] ?? anything });
        ${[...names]
          .filter((name) => name && name !== 'app')
          .map((name) => `export const ${name} = anything;`)
          .join('\n')}`;
      mkdirSync(join(laidOut, 'node_modules/electron'), { recursive: true });
      writeFileSync(
        join(laidOut, 'node_modules/electron/package.json'),
        '{ "type": "module", "exports": "./index.js" }',
      );
      writeFileSync(join(laidOut, 'node_modules/electron/index.js'), fake);
      const packages = parts.flatMap((path) =>
        Array.from(archive.read(path).toString().matchAll(importOfPackage), ([, atOnce, later]) => atOnce ?? later!),
      );
      const others = [...new Set(packages)].filter((name) => name !== 'electron' && !isBuiltin(name));
      expect(others).toEqual(['undici']);
      writeFileSync(
        join(laidOut, 'all.mjs'),
        `for (const name of ${JSON.stringify([...parts.map((path) => `./${path}`), ...others])}) await import(name);
        console.log('all');
        process.exit(0);`,
      );
      const answer = runThere(`import('file://${laidOut}/all.mjs')`);
      expect(answer.trim().split('\n')).toEqual(expect.arrayContaining(['left', 'all']));
    });
  });

  test('as an AppImage starts with its sandbox', async () => {
    let entry = '';
    await lookAt<{ desktop: string }>('AppImage', app, ({ desktop }) => (entry = desktop));
    expect(entry).toMatch(/^Exec=AppRun %U$/m);
    expect(entry).toMatch(/^StartupWMClass=limpid$/m);
  });

  describe('as a Debian package', () => {
    let args: string[];
    let desktopEntry: string[];
    let scripts: { afterInstall: string; afterRemove: string };

    beforeAll(async () => {
      const prepackaged = join(folder, 'for-debian');
      cpSync(app, prepackaged, { recursive: true });
      await lookAt<[string[], string]>('deb', prepackaged, ([told, entryPath]) => {
        args = told;
        desktopEntry = readFileSync(entryPath, 'utf8').trim().split('\n');
        const read = (option: string): string => readFileSync(told[told.indexOf(option) + 1] ?? '', 'utf8');
        scripts = { afterInstall: read('--after-install'), afterRemove: read('--after-remove') };
      });
    }, 60_000);

    test('has an entry for menus, in English and German', () => {
      expect(desktopEntry).toEqual([
        '[Desktop Entry]',
        'Name=Limpid',
        'Exec=/opt/Limpid/limpid %U',
        'Terminal=false',
        'Type=Application',
        'Icon=limpid',
        'StartupWMClass=limpid',
        'GenericName=Noise suppression',
        'GenericName[de]=Rauschunterdrückung',
        'Comment[de]=Entfernt Geräusche aus der Stimme Ihres Mikrofons, während Sie sprechen',
        'Keywords=microphone;voice;noise;suppression;recording;podcast;call;',
        'Keywords[de]=Mikrofon;Stimme;Rauschen;Geräusche;Aufnahme;Podcast;Telefonat;',
        'StartupNotify=true',
        'Comment=Removes noise from the voice of your microphone while you speak',
        'Categories=AudioVideo;Audio;',
      ]);
      expect(args).toContainEqual(expect.stringMatching(/=\/usr\/share\/applications\/limpid\.desktop$/));
    });

    test('has icons of all sizes', () => {
      const icons = args.flatMap((arg) => /=\/usr\/share\/icons\/hicolor\/(.*)$/.exec(arg)?.[1] ?? []);
      expect(icons).toEqual([16, 24, 32, 48, 64, 128, 256, 512].map((size) => `${size}x${size}/apps/limpid.png`));
    });

    describe('on a computer', () => {
      let computer: DebianComputer;
      beforeEach(() => {
        computer = new DebianComputer();
      });
      afterEach(() => computer.remove());

      test('brings the command “limpid” and a profile, and leaves nothing when it is removed', () => {
        const before = computer.list();
        computer.run(scripts.afterInstall, 'configure');
        expect(computer.follow('etc/alternatives/limpid')).toBe('/opt/Limpid/limpid');
        expect(computer.list()).toEqual(expect.arrayContaining(['usr/bin/limpid', 'etc/apparmor.d/limpid']));
        computer.run(scripts.afterRemove, 'remove');
        expect(computer.list()).toEqual(before);
      });

      test('keeps both over a new version', () => {
        computer.run(scripts.afterInstall, 'configure');
        const installed = computer.list();
        computer.run(scripts.afterRemove, 'upgrade');
        computer.run(scripts.afterInstall, 'configure');
        expect(computer.list()).toEqual(installed);
      });
    });

    test('says that the system brings new versions', () => {
      expect(readFileSync(join(folder, 'for-debian/resources/package-type'), 'utf8')).toBe('deb');
      expect(existsSync(join(resources, 'package-type'))).toBe(false);
    });
  });
});
