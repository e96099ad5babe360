import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where everything of the stand-in lies; how to steer it stands at the top of `libaic.c`. */
export interface StandIn {
  folder: string;
  /** Version 0.25.1, model version 7. */
  libraryPath: string;
  /** 0.21.3: has no `aic_processor_process`. */
  oldLibraryPath: string;
  /** 0.22.0: lacks `aic_processor_context_update_bearer_token`. */
  incompleteLibraryPath: string;
  /** A text file with a library's name. */
  notALibraryPath: string;
  /** The library with the name of another processor in its header. */
  wrongArchitecturePath: string;
  /** Best rate 48 kHz, block 480, id `stand-in-48khz`. */
  modelPath: string;
  /** Best rate 16 kHz, block 160, id `stand-in-16khz`. */
  model16kPath: string;
  /** A speech detector, id `stand-in-vad`. */
  vadModelPath: string;
  /** Code 100: ends inside its data. */
  truncatedModelPath: string;
  /** Code 101: of version 4. */
  wrongVersionModelPath: string;
  /** Code 100: no model at all. */
  notAModelPath: string;
  /** Code 103: there, and cannot be read (a folder). */
  unreadableModelPath: string;
}

export type Sanitizer = 'thread' | 'address,undefined';

const here = dirname(fileURLToPath(import.meta.url));
const source = join(here, 'libaic.c');
const buildFolder = join(here, '..', '..', 'build', 'tests', 'libaic');
const libraryName = process.platform === 'darwin' ? 'libaic.dylib' : 'libaic.so';
const modelVersion = 7;

/**
 * Builds the stand-in for the licensed library and its files into `build/tests/libaic/`; quick when they are there and newer
 * than their sources. Several processes may do so at once. With a sanitizer the libraries get it, in a folder of their own.
 * Throws an `Error` with the compiler's text.
 */
export function buildStandIn(sanitizer?: Sanitizer): StandIn {
  const folder = sanitizer ? join(buildFolder, sanitizer.replace(',', '-')) : buildFolder;
  const standIn: StandIn = {
    folder,
    libraryPath: join(folder, libraryName),
    oldLibraryPath: join(folder, 'old', libraryName),
    incompleteLibraryPath: join(folder, 'incomplete', libraryName),
    notALibraryPath: join(folder, 'not-a-library', libraryName),
    wrongArchitecturePath: join(folder, 'wrong-architecture', libraryName),
    modelPath: join(folder, 'stand-in-48khz.aicmodel'),
    model16kPath: join(folder, 'stand-in-16khz.aicmodel'),
    vadModelPath: join(folder, 'stand-in-vad.aicmodel'),
    truncatedModelPath: join(folder, 'truncated.aicmodel'),
    wrongVersionModelPath: join(folder, 'wrong-version.aicmodel'),
    notAModelPath: join(folder, 'not-a-model.aicmodel'),
    unreadableModelPath: join(folder, 'unreadable.aicmodel'),
  };
  const flags = sanitizer ? [`-fsanitize=${sanitizer}`, '-fno-omit-frame-pointer'] : [];
  compileLibrary(standIn.libraryPath, flags);
  compileLibrary(standIn.oldLibraryPath, [
    ...flags,
    '-DSTANDIN_OLD',
    '-DSTANDIN_VERSION="0.21.3"',
    '-DSTANDIN_MODEL_VERSION=4',
  ]);
  compileLibrary(standIn.incompleteLibraryPath, [
    ...flags,
    '-DSTANDIN_INCOMPLETE',
    '-DSTANDIN_VERSION="0.22.0"',
    '-DSTANDIN_MODEL_VERSION=4',
  ]);
  make(standIn.notALibraryPath, () => Buffer.from('This is no library.\n'));
  make(standIn.wrongArchitecturePath, () => withOtherProcessor(readFileSync(standIn.libraryPath)));
  const enhancer = model({ kind: 0, sampleRate: 48_000, id: 'stand-in-48khz' });
  make(standIn.modelPath, () => enhancer);
  make(standIn.model16kPath, () => model({ kind: 0, sampleRate: 16_000, id: 'stand-in-16khz' }));
  make(standIn.vadModelPath, () => model({ kind: 1, sampleRate: 16_000, id: 'stand-in-vad' }));
  make(standIn.truncatedModelPath, () => enhancer.subarray(0, enhancer.length / 2));
  make(standIn.wrongVersionModelPath, () => model({ kind: 0, sampleRate: 48_000, id: 'stand-in-old', version: 4 }));
  make(standIn.notAModelPath, () => Buffer.alloc(4096, 'no model '));
  mkdirSync(standIn.unreadableModelPath, { recursive: true });
  return standIn;
}

/** Compiles C into a program or library with the warnings as errors; throws an `Error` with the compiler's text. */
export function compileC(output: string, sources: string[], flags: string[]): void {
  if (isNewer(output, sources)) return;
  replaceFile(output, (path) => {
    const compiler = process.env.CC ?? 'cc';
    const checks = ['-Wall', '-Wextra', '-Wpedantic', '-Werror'];
    const args = ['-std=c11', '-O2', '-g', '-pthread', ...checks, ...flags, ...sources, '-o', path, '-lm', '-ldl'];
    const result = spawnSync(compiler, args, { encoding: 'utf8' });
    if (result.error) throw result.error;
    if (result.status !== 0) throw new Error(`${compiler} could not build ${output}:\n${result.stderr}`);
  });
}

function compileLibrary(output: string, flags: string[]): void {
  compileC(output, [source], ['-fPIC', '-shared', '-fvisibility=hidden', ...flags]);
}

interface Model {
  /** 0: enhancement, 1: speech detector. */
  kind: 0 | 1;
  /** Hz */
  sampleRate: number;
  /** At most 32 characters of ASCII. */
  id: string;
  version?: number;
}

/** 16 bytes of name, version, kind, rate and size of the data (32 bits each, little-endian), 32 bytes of id, data. */
function model({ kind, sampleRate, id, version = modelVersion }: Model): Buffer {
  const data = Buffer.alloc(4096, id);
  const header = Buffer.alloc(64);
  header.write('STAND-IN MODEL', 'ascii');
  header.writeUInt32LE(version, 16);
  header.writeUInt32LE(kind, 20);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(data.length, 28);
  header.write(id, 32, 'ascii');
  return Buffer.concat([header, data]);
}

/** ELF: the machine at byte 18 becomes IBM S/390. Mach-O: the CPU type at byte 4 becomes one of 1984. */
function withOtherProcessor(library: Buffer): Buffer {
  if (library.toString('latin1', 1, 4) === 'ELF') library.writeUInt16LE(22, 18);
  else library.writeUInt32LE(6, 4);
  return library;
}

function make(path: string, content: () => Buffer): void {
  if (isNewer(path, [source])) return;
  replaceFile(path, (temporary) => writeFileSync(temporary, content()));
}

function isNewer(path: string, sources: string[]): boolean {
  if (!existsSync(path)) return false;
  const madeAtMs = statSync(path).mtimeMs;
  return [...sources, fileURLToPath(import.meta.url)].every((file) => statSync(file).mtimeMs < madeAtMs);
}

/** Another process never sees a half-written file: it gets its name when it is complete. */
function replaceFile(path: string, write: (temporary: string) => void): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
  try {
    write(temporary);
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const sanitizer = process.argv.includes('--tsan') ? 'thread' : undefined;
  const { folder } = buildStandIn(process.argv.includes('--asan') ? 'address,undefined' : sanitizer);
  process.stdout.write(`${folder}\n`);
}
