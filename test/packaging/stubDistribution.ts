import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { NtExecutable } from 'pe-library';
import { NtExecutableResource, Resource } from 'resedit';

/** What `@electron/fuses` looks for in a program; version 1, length and states follow. */
const sentinel = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const wireVersion = 1;

/** Electron 45 as it is downloaded, in the order of `FuseV1Options`: '1' on, '0' off. */
export const wireAsDownloaded = '101100011';

/** A program's worth of bytes with a row of fuses somewhere in the middle, as Electron has it. */
export const fuseWire = (states = wireAsDownloaded): Buffer =>
  Buffer.concat([
    Buffer.alloc(100, 0x90),
    Buffer.from(sentinel),
    Buffer.from([wireVersion, states.length]),
    Buffer.from(states),
    Buffer.alloc(100, 0x90),
  ]);

/** Writes files by path from the folder, with the folders they need. All may be executed. */
function writeFiles(folder: string, files: Record<string, string | Buffer>): void {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    chmodSync(path, 0o755);
  }
}

const licences = {
  LICENSE: 'Electron’s licence',
  'LICENSES.chromium.html': '<p>Chromium’s licences</p>',
  version: '0.0.0',
};

/** What electron-builder needs of Electron for Linux. A script, so that it also starts: it says what it was started with. */
export function writeLinuxStub(folder: string, program: Buffer = fuseWire()): void {
  const script = Buffer.from('#!/bin/sh\necho "stub $*"\nexit 0\n');
  writeFiles(folder, { ...licences, electron: Buffer.concat([script, program]), 'chrome-sandbox': '#!/bin/sh\n' });
}

const helpers = ['', ' (GPU)', ' (Plugin)', ' (Renderer)'];

const propertyList = (name: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>${name}</string>
<key>CFBundleIdentifier</key><string>com.github.Electron</string>
<key>CFBundleName</key><string>${name}</string>
<key>CFBundlePackageType</key><string>APPL</string>
</dict></plist>`;

/** … for macOS: the app with its four helpers; the fuses are in the framework. */
export function writeMacStub(folder: string): void {
  const contents = 'Electron.app/Contents';
  const bundles = helpers.flatMap((suffix): [string, string][] => {
    const name = `Electron Helper${suffix}`;
    const helper = `${contents}/Frameworks/${name}.app/Contents`;
    return [
      [`${helper}/Info.plist`, propertyList(name)],
      [`${helper}/MacOS/${name}`, 'stub'],
    ];
  });
  writeFiles(folder, {
    ...licences,
    ...Object.fromEntries(bundles),
    [`${contents}/Info.plist`]: propertyList('Electron'),
    [`${contents}/MacOS/Electron`]: 'stub',
    [`${contents}/Resources/electron.icns`]: 'stub',
    [`${contents}/Frameworks/Electron Framework.framework/Electron Framework`]: fuseWire(),
  });
}

const english = { lang: 1033, codepage: 1200 };

/** … for Windows: a program without code that has the one thing electron-builder changes, its version. */
export function writeWindowsStub(folder: string): void {
  const program = NtExecutable.createEmpty(false, false);
  const resources = NtExecutableResource.from(program);
  const version = Resource.VersionInfo.createEmpty();
  version.setStringValues(english, { ProductName: 'Electron' });
  version.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  const wire = fuseWire();
  program.setExtraData(wire.buffer.slice(wire.byteOffset, wire.byteOffset + wire.length) as ArrayBuffer);
  writeFiles(folder, { ...licences, 'electron.exe': Buffer.from(program.generate()) });
}
