import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { FuseV1Options } from '@electron/fuses';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { fusesFor } from '../../../scripts/package/afterPack.mjs';

const read = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8');
const { appId, linux } = parse(read('electron-builder.yml')) as {
  appId: string;
  linux: { executableName: string; syncDesktopName: boolean };
};
const { desktopName } = JSON.parse(read('package.json')) as { desktopName: string };

test('Windows knows the running program by the name that its installer gave the shortcut and takes from what starts at login', () => {
  expect(read('src/main/shell/desktop.ts')).toContain(`const appUserModelId = '${appId}';`);
  expect(read('resources/installer.nsh').match(/"\$\{APP_ID\}"/g)).toHaveLength(2);
});

test('a Linux desktop finds the entry of the running program', () => {
  expect(linux).toMatchObject({ executableName: 'limpid', syncDesktopName: true });
  expect(desktopName).toBe('limpid.desktop');
});

test.each(['linux', 'darwin', 'win32'])('every fuse that is known is decided about on %s', (platform) => {
  const known = Object.values(FuseV1Options).filter((fuse) => typeof fuse === 'number');
  expect(Object.keys(fusesFor(platform)).map(Number).toSorted()).toEqual(known.toSorted());
});
