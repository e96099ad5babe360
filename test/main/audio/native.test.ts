import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { asLimpidError, binaryCandidates, loadFirst } from '../../../src/main/audio/native.js';
import { LimpidError } from '../../../src/shared/errors.js';

const release = 'native/build/Release/limpid.node';

describe('the binary', () => {
  test.each([
    ['sources', '/limpid/src/main/audio', `/limpid/${release}`],
    ['the bundle', '/limpid/out/main', `/limpid/${release}`],
    ['a chunk of the bundle', '/limpid/out/main/chunks', `/limpid/${release}`],
    ['an archive', '/opt/Limpid/resources/app.asar/out/main', `/opt/Limpid/resources/app.asar.unpacked/${release}`],
  ])('is looked for from %s', (_from, folder, expected) => {
    expect(binaryCandidates(folder)).toContain(expected);
  });

  test('is never looked for inside an archive', () => {
    const inside = binaryCandidates('/opt/Limpid/resources/app.asar/out/main').filter((path) =>
      path.includes('app.asar/'),
    );
    expect(inside).toEqual([]);
  });

  test('that is nowhere is an error that names the places', () => {
    expect(() => loadFirst(['/nowhere/limpid.node'])).toThrowError(
      expect.objectContaining({ code: 'native.missing', params: { detail: 'not found at /nowhere/limpid.node' } }),
    );
  });

  test('that cannot be opened is an error that says why', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'limpid-native-'));
    const path = join(folder, 'limpid.node');
    await writeFile(path, 'no library');
    expect(() => loadFirst([path])).toThrowError(expect.objectContaining({ code: 'native.missing' }));
    await rm(folder, { recursive: true });
  });
});

describe('asLimpidError', () => {
  test('keeps code and detail of the native core', () => {
    const error = asLimpidError(Object.assign(new Error('Busy.'), { code: 'device.busy', detail: 'hw:0' }));
    expect(error).toMatchObject({ code: 'device.busy', params: { detail: 'hw:0' }, retryable: true });
  });

  test('returns our own errors as they are', () => {
    const error = new LimpidError('output.not-chosen');
    expect(asLimpidError(error)).toBe(error);
  });

  test.each([Object.assign(new Error('x'), { code: 'ENOENT' }), new TypeError('x'), 'x'])(
    'takes %s for internal',
    (error) => {
      expect(asLimpidError(error).code).toBe('internal');
    },
  );
});
