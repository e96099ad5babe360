import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { checkLicensedPaths } from '../../../src/main/settings/licensedPath.js';

test('a full path on this computer is taken', () => {
  expect(() => checkLicensedPaths({ libraryPath: resolve('libaic.so'), modelPath: null })).not.toThrow();
});

test.each(['libaic.so', './libaic.so', '../libaic.so', '~/libaic.so'])('%j is not a full path', (path) => {
  expect(() => checkLicensedPaths({ libraryPath: path })).toThrow(
    expect.objectContaining({ code: 'licensed.path-not-absolute' }),
  );
});

test.each(['\\\\server\\share\\libaic.dll', '//server/share/libaic.so', '\\/server\\share', '\\\\?\\UNC\\server'])(
  '%j leads to another computer',
  (path) => {
    expect(() => checkLicensedPaths({ vadModelPath: path })).toThrow(
      expect.objectContaining({ code: 'licensed.path-on-server' }),
    );
  },
);
