import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildStandIn, compileC, type Sanitizer } from './build.js';

/** One line of the stand-in's log; which fields a call has stands at the top of `libaic.c`. */
export interface LogLine {
  call: string;
  ns: number;
  thread: number;
  [field: string]: unknown;
}

/** What was logged so far, in the order of time. */
export function readStandInLog(path: string): LogLine[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as LogLine).toSorted((a, b) => a.ns - b.ns);
}

export interface DriverOptions {
  /** Keys of the stand-in, set before its first call. */
  settings?: Record<string, string>;
  sanitizer?: Sanitizer;
  library?: 'libraryPath' | 'oldLibraryPath' | 'incompleteLibraryPath' | 'notALibraryPath' | 'wrongArchitecturePath';
}

/** A process of its own that has the stand-in open and calls it; see `driver.c`. */
export class Driver {
  readonly logPath: string;
  readonly controlPath: string;
  #child: ChildProcess;
  #answers: ((answer: string) => void)[] = [];
  #ended: Promise<number | null>;
  #folder: string;
  /** What it lacks and what a sanitizer found. */
  stderr = '';

  /** `folder` is for its log, control file and samples. */
  constructor(folder: string, { settings = {}, sanitizer, library = 'libraryPath' }: DriverOptions = {}) {
    this.#folder = folder;
    this.logPath = join(folder, 'libaic.log');
    this.controlPath = join(folder, 'control');
    const standIn = buildStandIn(sanitizer);
    const program = join(standIn.folder, 'driver');
    const flags = sanitizer ? [`-fsanitize=${sanitizer}`] : [];
    compileC(program, [join(dirname(fileURLToPath(import.meta.url)), 'driver.c')], flags);
    const keys = Object.entries(settings).map(([key, value]) => [`AIC_STANDIN_${key.toUpperCase()}`, value]);
    this.#child = spawn(program, [standIn[library]], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...process.env,
        ...Object.fromEntries(keys),
        AIC_STANDIN_LOG: this.logPath,
        AIC_STANDIN_CONTROL: this.controlPath,
        TSAN_OPTIONS: 'halt_on_error=1 exitcode=66',
      },
    });
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#answers.shift()?.(line.trim()));
    this.#child.stderr!.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.#ended = new Promise((ended) => {
      this.#child.once('close', (code) => {
        for (const answer of this.#answers) answer(`ended with ${code}: ${this.stderr}`);
        ended(code);
      });
    });
  }

  /** The answer to one command line, e.g. `"0 1"`; `"ended …"` when the process is gone. */
  ask(...words: (string | number)[]): Promise<string> {
    return new Promise((answered) => {
      this.#answers.push(answered);
      this.#child.stdin!.write(`${words.join(' ')}\n`);
    });
  }

  /** Mono samples through an object in blocks; a rest shorter than a block is left out. */
  async process(
    id: number,
    blockFrames: number,
    samples: Float32Array,
  ): Promise<{ codes: string; output: Float32Array }> {
    const input = join(this.#folder, 'input.f32');
    const result = join(this.#folder, 'output.f32');
    writeFileSync(input, samples);
    const codes = await this.ask('process', id, blockFrames, input, result);
    const bytes = readFileSync(result);
    return { codes, output: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)) };
  }

  async log(): Promise<LogLine[]> {
    await this.ask('flush');
    return readStandInLog(this.logPath);
  }

  /** Ends it and says with which code. */
  end(): Promise<number | null> {
    this.#child.stdin!.end();
    return this.#ended;
  }
}
