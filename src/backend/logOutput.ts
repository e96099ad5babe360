import { fstatSync, write as writeToFile, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import type { DestinationStream } from 'pino';

export interface LogOutputOptions {
  /** From so much on that the other side has not taken, it counts as failing; twice as much is kept, the rest is lost. */
  maxBacklogBytes?: number;
  /** The same for a piece that the other side has not taken for so long. */
  maxWaitMs?: number;
}

/** Written at once, or after this time: one write a line would take a tenth of the time that a mint takes. */
const pieceBytes = 16 * 1024;
const pieceMs = 100;
/** A full disk may have room again; a pipe that nobody reads any more stays one. */
const retryMs = 1000;
const endWithinMs = 1500;

/**
 * Lines to standard output or standard error, in pieces of many. They are not waited for, since a collector that is slow to read
 * must not hold up the callers; `problem` tells when they cannot be written any more. A process that is killed loses the last
 * moment of its log.
 */
export class LogOutput implements DestinationStream {
  readonly #fd: number;
  /** For a pipe, which may block for ever; null: a file or a terminal. */
  readonly #socket: Socket | null;
  readonly #maxBacklogBytes: number;
  readonly #maxWaitMs: number;
  #lines: string[] = [];
  #length = 0;
  /** What is being written. */
  #piece: Buffer | null = null;
  #pieceSinceMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #problem: string | null = null;
  /** Nothing is written any more. */
  #isOver = false;
  #lostLines = 0;
  #onWritten: (() => void) | null = null;

  constructor(fd: number, { maxBacklogBytes = 8 * 1024 * 1024, maxWaitMs = 5000 }: LogOutputOptions = {}) {
    this.#fd = fd;
    this.#maxBacklogBytes = maxBacklogBytes;
    this.#maxWaitMs = maxWaitMs;
    const kind = fstatSync(fd);
    this.#socket = kind.isFIFO() || kind.isSocket() ? new Socket({ fd, readable: false, writable: true }) : null;
    // It is told to whoever writes.
    this.#socket?.on('error', ignore);
    if (!process.stderr.listeners('error').includes(ignore)) process.stderr.on('error', ignore);
    process.once('exit', this.#onExit);
  }

  /** Why lines are not written at the moment, such as `ENOSPC` or `slow_reader`; null: they are. */
  get problem(): string | null {
    return this.#problem;
  }

  write(line: string): void {
    if (this.#isOver || this.#length > 2 * this.#maxBacklogBytes) {
      this.#lostLines++;
      return;
    }
    this.#add(line);
    if (this.#length >= pieceBytes) this.#flush();
    else this.#flushSoon();
  }

  /** Writes what there is, for 1.5 s at most, and lets go of the output. */
  async close(): Promise<void> {
    const written = new Promise<void>((resolve) => (this.#onWritten = resolve));
    this.#flush();
    if (this.#piece) {
      const timer = setTimeout(() => {
        this.#setProblem(this.#problem ?? 'slow_reader');
        this.#onWritten!();
      }, endWithinMs);
      await written;
      clearTimeout(timer);
    }
    process.off('exit', this.#onExit);
    this.#end();
  }

  #add(line: string): void {
    this.#lines.push(line);
    this.#length += line.length;
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => this.#flush(), pieceMs).unref();
  }

  #flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#piece) {
      const waitedMs = performance.now() - this.#pieceSinceMs;
      if (this.#length > this.#maxBacklogBytes || waitedMs > this.#maxWaitMs)
        this.#setProblem(this.#problem ?? 'slow_reader');
      return;
    }
    if (this.#length === 0) return;
    this.#piece = Buffer.from(this.#lines.join(''));
    this.#pieceSinceMs = performance.now();
    this.#lines = [];
    this.#length = 0;
    this.#writePiece();
  }

  #writePiece(): void {
    const piece = this.#piece;
    if (!piece) return;
    if (this.#socket) this.#socket.write(piece, (error) => this.#wrote(error ?? null, piece.length));
    else writeToFile(this.#fd, piece, (error, bytes) => this.#wrote(error, bytes));
  }

  #wrote(error: NodeJS.ErrnoException | null, bytes: number): void {
    if (this.#isOver) return;
    if (error) {
      this.#fail(error);
      return;
    }
    const rest = this.#piece!.subarray(bytes);
    if (rest.length > 0) {
      this.#piece = rest;
      this.#writePiece();
      return;
    }
    this.#piece = null;
    this.#setProblem(null);
    if (this.#onWritten || this.#length >= pieceBytes) this.#flush();
    else if (this.#length > 0) this.#flushSoon();
    if (!this.#piece) this.#onWritten?.();
  }

  #fail({ code = 'unknown' }: NodeJS.ErrnoException): void {
    this.#setProblem(code);
    if (this.#socket || this.#onWritten) {
      this.#end();
      this.#onWritten?.();
      return;
    }
    setTimeout(() => this.#writePiece(), retryMs).unref();
  }

  #end(): void {
    this.#isOver = true;
    this.#lines = [];
    this.#length = 0;
    this.#piece = null;
    this.#socket?.destroy();
  }

  #setProblem(problem: string | null): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    if (problem === null) {
      this.#add(describe('log_output_back', { lostLines: this.#lostLines }));
      this.#lostLines = 0;
      return;
    }
    if (this.#fd !== process.stderr.fd) process.stderr.write(describe('log_output_failed', { reason: problem }));
  }

  /** A process that ends in haste. */
  readonly #onExit = (): void => {
    if (this.#piece || this.#length === 0) return;
    try {
      writeSync(this.#fd, this.#lines.join(''));
    } catch {
      // Nobody is left to tell.
    }
  };
}

function describe(event: string, details: object): string {
  return `${JSON.stringify({ level: 'error', time: new Date().toISOString(), event, ...details })}\n`;
}

const ignore = (): void => undefined;
