import { FuseV1Options } from '@electron/fuses';
import { expect, test } from 'vitest';
import { fusesFor } from '../../scripts/package/afterPack.mjs';

/** By its name; what the packaged program has is read in test/packaging. */
const fusesOf = (platform: string): Record<string, boolean> =>
  Object.fromEntries(Object.entries(fusesFor(platform)).map(([fuse, isOn]) => [FuseV1Options[Number(fuse)], isOn]));

test.each([
  ['linux', false],
  ['darwin', true],
  ['win32', true],
])('every fuse is decided on for %s', (platform, checksArchive) => {
  const all = Object.values(FuseV1Options).filter((name) => typeof name === 'string');
  const fuses = fusesOf(platform);
  expect(Object.keys(fuses).toSorted()).toEqual(all.toSorted());
  expect(fuses).toMatchObject({
    RunAsNode: false,
    EnableNodeOptionsEnvironmentVariable: false,
    EnableNodeCliInspectArguments: false,
    EnableCookieEncryption: true,
    OnlyLoadAppFromAsar: true,
    EnableEmbeddedAsarIntegrityValidation: checksArchive,
    GrantFileProtocolExtraPrivileges: false,
    LoadBrowserProcessSpecificV8Snapshot: false,
  });
});
