import { beforeEach, expect, test, vi } from 'vitest';
import { LimpidError } from '../../../src/shared/errors.js';

let library: typeof import('../../../src/main/audio/openedLibrary.js');
beforeEach(async () => {
  vi.resetModules();
  library = await import('../../../src/main/audio/openedLibrary.js');
});

const fail = (code: string): Promise<void> => library.openingLibrary(Promise.reject(new LimpidError(code)));

test('a library that was opened stays in the process, also when what comes later fails', async () => {
  expect(library.isLibraryOpened()).toBe(false);
  expect(await library.openingLibrary(Promise.resolve(7))).toBe(7);
  await expect(fail('aic.library-missing')).rejects.toMatchObject({ code: 'aic.library-missing' });
  expect(library.isLibraryOpened()).toBe(true);
});

test.each([
  ['aic.model-missing', true],
  ['aic.library-missing', false],
  ['aic.library-unloadable', false],
  ['aic.closed', false],
  ['internal', false],
])('after %s it is there: %s', async (code, isThere) => {
  await expect(fail(code)).rejects.toMatchObject({ code });
  expect(library.isLibraryOpened()).toBe(isThere);
});
