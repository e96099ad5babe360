import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PartFile } from '../../../src/main/files/outputPlace.js';
import { receive } from '../../../src/main/files/receive.js';
import { WorkFolder } from '../../../src/main/files/workFolder.js';

/** What the next renames fail with. */
const renameFailures: string[] = [];
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    rename: async (from: string, to: string) => {
      const code = renameFailures.shift();
      if (code) throw Object.assign(new Error(code), { code });
      return real.rename(from, to);
    },
  };
});

let folder: string;
let work: WorkFolder;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limpid-place-'));
  work = new WorkFolder(join(folder, '.work'));
  renameFailures.length = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const outputs = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name !== '.work');
const begin = async (): Promise<PartFile> => {
  const part = await PartFile.begin(join(folder, 'a.wav'), work);
  await writeFile(part.path, 'sound');
  return part;
};

describe('an output', () => {
  test('that cannot be put in place leaves nothing, neither its name nor its beginning', async () => {
    const part = await begin();
    renameFailures.push('EIO');
    await expect(part.place({ mayReplace: false })).rejects.toMatchObject({ code: 'files.folder-unwritable' });
    await part.discard();
    expect(await outputs()).toEqual([]);
  });

  test('that may replace another leaves that where it cannot', async () => {
    await writeFile(join(folder, 'a.wav'), 'old');
    const part = await begin();
    renameFailures.push('EIO');
    await expect(part.place({ mayReplace: true })).rejects.toMatchObject({ code: 'files.folder-unwritable' });
    await part.discard();
    expect(await readFile(join(folder, 'a.wav'), 'utf8')).toBe('old');
  });

  test('that another program holds for a moment is put in place when it is let go', async () => {
    const part = await begin();
    renameFailures.push('EPERM', 'EBUSY');
    expect(await part.place({ mayReplace: false })).toBe(join(folder, 'a.wav'));
    expect(await readFile(join(folder, 'a.wav'), 'utf8')).toBe('sound');
  });
});

describe('the beginning of an output', () => {
  test('is noted as long as it may be there', async () => {
    const part = await begin();
    const notes = async () => readdir(await work.path());
    expect(await notes()).toHaveLength(1);
    await part.discard();
    expect(await notes()).toEqual([]);
  });

  test('that a crash left is taken away at the next start, and nothing else that a note names', async () => {
    const left = join(folder, '.work', '2147483646-abc');
    await mkdir(left, { recursive: true });
    const names = ['.a.0123abcd.wav', 'b.wav', '.c.wav'];
    for (const [index, name] of names.entries()) {
      await writeFile(join(folder, name), 'x');
      await writeFile(join(left, `part-${index}`), join(folder, name));
    }
    await work.removeLeftovers();
    expect((await outputs()).toSorted()).toEqual(['.c.wav', 'b.wav']);
    expect(await readdir(join(folder, '.work'))).toEqual([]);
  });
});

describe('the work folder', () => {
  const send = (name: string) =>
    receive(
      name,
      (async function* () {
        yield Buffer.from('sound');
      })(),
      null,
      work,
    );

  test('that is gone is made again for the next file of a browser', async () => {
    await send('a.wav');
    await rm(await work.path(), { recursive: true });
    const { path } = await send('b.wav');
    expect(await readFile(path, 'utf8')).toBe('sound');
  });

  test('that cannot be made fails the file in words', async () => {
    await writeFile(join(folder, '.work'), 'a file in its place');
    await expect(send('a.wav')).rejects.toMatchObject({ code: 'files.receive-failed', params: { name: 'a.wav' } });
  });

  test('is not made again at the end', async () => {
    const path = await work.path();
    await work.remove();
    await expect(work.path()).rejects.toMatchObject({ code: 'cancelled' });
    await expect(readdir(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
