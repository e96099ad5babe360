import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What was downloaded of a file so far. While it is held, its name says by which process, and no other touches it. */
export interface PartFile {
  readonly path: string;
  size(): Promise<number>;
  /** What the server gave to tell this content from a later one (`ETag` or `Last-Modified`); null: nothing. */
  validator(): Promise<string | null>;
  setValidator(validator: string | null): void;
  /** Gives it back for a later run. */
  release(): Promise<void>;
  /** Removes it and all that is left of earlier runs for the same file. */
  discard(): Promise<void>;
}

/**
 * Takes what is there of `<target>.<sha256>.part`, or begins anew. What a process left that ended without notice is taken, too; of
 * several, the longest. Two processes that download the same file each have their own part. Throws what the file system throws.
 */
export async function holdPart(target: string, sha256: string): Promise<PartFile> {
  const folder = dirname(target);
  const stem = `${basename(target)}.${sha256}`;
  const idle = join(folder, `${stem}.part`);
  const path = join(folder, `${stem}.${process.pid}-${randomBytes(4).toString('hex')}.part`);
  const validatorPath = `${idle}.etag`;
  await mkdir(folder, { recursive: true });

  const findIdle = async () => (await readdir(folder)).filter((name) => isPartOf(name, stem) && !isHeld(name, stem));
  const sizes = await Promise.all(
    (await findIdle()).map(async (name) => ({ name, bytes: await sizeOf(join(folder, name)) })),
  );
  for (const { name } of sizes.toSorted((one, other) => other.bytes - one.bytes)) {
    const taken = await rename(join(folder, name), path).then(
      () => true,
      () => false,
    );
    if (taken) break;
  }

  return {
    path,
    size: () => sizeOf(path),
    validator: () => readFile(validatorPath, 'utf8').catch(() => null),
    setValidator(validator) {
      if (validator === null) rmSync(validatorPath, { force: true });
      else writeFileSync(validatorPath, validator);
    },
    async release() {
      const [mine, other] = [await sizeOf(path), await sizeOf(idle)];
      if (mine > other) await rename(path, idle);
      else await rm(path, { force: true });
    },
    async discard() {
      const left = (await findIdle()).map((name) => join(folder, name));
      await Promise.all([path, validatorPath, ...left].map((each) => rm(each, { force: true })));
    },
  };
}

const isPartOf = (name: string, stem: string): boolean => name.startsWith(`${stem}.`) && name.endsWith('.part');

/** Whether a process that runs has it. */
function isHeld(name: string, stem: string): boolean {
  const pid = /^\.(\d+)-[0-9a-f]+\.part$/.exec(name.slice(stem.length))?.[1];
  return pid !== undefined && isRunning(Number(pid));
}

/** Whether there is such a process; one of another user counts. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
