import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { checkLicensedPath } from '../../../src/main/settings/licensedPath.js';

test('a full path on this computer is taken', () => {
  expect(() => checkLicensedPath(resolve('libaic.so'))).not.toThrow();
});

test.each(['libaic.so', './libaic.so', '../libaic.so', '', '~/libaic.so'])('%j is not a full path', (path) => {
  expect(() => checkLicensedPath(path)).toThrow(expect.objectContaining({ code: 'licensed.path-not-absolute' }));
});

test.each(['\\\\server\\share\\libaic.dll', '//server/share/libaic.so', '\\/server\\share', '\\\\?\\UNC\\server'])(
  '%j leads to another computer',
  (path) => {
    expect(() => checkLicensedPath(path)).toThrow(expect.objectContaining({ code: 'licensed.path-on-server' }));
  },
);
