import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findCommand } from '../../scripts/lib/child.mjs';

/** Why the tests of the store cannot run here, or null when they can. For `describe.skipIf`. */
export const noRedisServerReason: string | null = findCommand('redis-server')
  ? null
  : 'no redis-server: install the package of this name (Homebrew: redis)';

export interface RedisServerOptions {
  /** That clients have to send. */
  password?: string;
  /** Further lines of its configuration. */
  settings?: string[];
}

/** A private redis-server on a port of its own, which keeps nothing on disk by itself. It can be killed, started again and halted. */
export class RedisServer {
  readonly port: number;
  readonly #password: string | null;
  readonly #configuration: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'limpid-redis-'));
  #child: ChildProcess | null = null;
  #admin: Redis | null = null;

  private constructor(port: number, { password, settings = [] }: RedisServerOptions) {
    this.port = port;
    this.#password = password ?? null;
    const lines = [`port ${port}`, 'bind 127.0.0.1', 'save ""', 'appendonly no', `dir ${this.#folder}`, ...settings];
    this.#configuration = [...lines, ...(password === undefined ? [] : [`requirepass ${password}`]), ''].join('\n');
  }

  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.restart();
    return server;
  }

  /** With its password, where it has one. */
  get url(): string {
    return `redis://${this.#password === null ? '' : `:${this.#password}@`}127.0.0.1:${this.port}`;
  }

  /** Starts it on the same port, with nothing that it knew before but what it was told to `save`; returns when it accepts connections. */
  async restart(): Promise<void> {
    // The configuration comes from standard input: arguments, which may hold the password, would be seen by everybody.
    const child = spawn('redis-server', ['-'], { stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.end(this.#configuration);
    this.#child = child;
    let log = '';
    for await (const chunk of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      log += chunk;
      // `Server initialized` comes before the data is loaded, which may take long.
      if (log.includes('Server initialized')) break;
    }
    child.stdout.resume();
    if (child.exitCode !== null) throw new Error(`redis-server ended: ${log}`);
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    this.#admin?.disconnect();
    this.#admin = null;
    const child = this.#child;
    this.#child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** From now on connections are accepted and nothing is answered. */
  halt(): void {
    this.#child?.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Runs a command by an own connection; rejects with what the server answers. */
  async command(name: string, ...args: (string | number)[]): Promise<unknown> {
    this.#admin ??= new Redis(this.url, {
      retryStrategy: () => 50,
      enableReadyCheck: false,
      protocol: 2,
      disableClientInfo: true,
    });
    return this.#admin.call(name, ...args);
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A way to a store on which answers take their time. */
export class DelayedLine {
  delayMs = 0;
  readonly #sockets: Socket[] = [];
  readonly #server: Server;

  private constructor(port: number) {
    this.#server = createServer((caller) => {
      const store = connect(port, '127.0.0.1');
      this.#sockets.push(caller, store);
      caller.on('error', () => store.destroy()).pipe(store);
      store.on('error', () => caller.destroy());
      store.on('data', (chunk) => setTimeout(() => caller.write(chunk), this.delayMs));
    });
  }

  static async open(port: number): Promise<DelayedLine> {
    const line = new DelayedLine(port);
    line.#server.listen(0, '127.0.0.1');
    await once(line.#server, 'listening');
    return line;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

/** A port that nobody listens on just now. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Looks every 20 ms until it is so; throws after the time. Returns how long it took, ms. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<number> {
  const startedAtMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAtMs > withinMs) throw new Error(`not so within ${withinMs} ms`);
    await sleep(20);
  }
  return performance.now() - startedAtMs;
}
