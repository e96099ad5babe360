import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { accessSync, constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { childEnvironment } from '../childEnvironment.js';
import { LimpidError } from '../../shared/errors.js';

const run = promisify(execFile);

/** What is played into `mic_feed` comes out of the virtual microphone; what is played to `enhanced` can be recorded. */
export const micFeedSink = 'mic_feed';
export const enhancedSink = 'enhanced';
/** Source to capture from, as a `pulse` device of the loop. */
export const micSource = `${micFeedSink}.monitor`;
export const enhancedMonitor = `${enhancedSink}.monitor`;
export const cardRate = 48_000;

/** True when this machine has the programs of a private sound server (Linux with PulseAudio and its utilities). */
export function hasSoundServer(): boolean {
  if (process.platform !== 'linux') return false;
  return ['pulseaudio', 'pactl', 'parec', 'pacat'].every(isOnPath);
}

/** A recording that runs until it is stopped. */
export interface Recording {
  /** Resolves when the first samples have arrived; fails with `demo.no-sound-server` when the recorder ends before. */
  started: Promise<void>;
  /** Mono samples at 48 kHz since the start. */
  stop(): Promise<Float32Array>;
  /**
   * When sample 0 was recorded, by `performance.now()`: the smallest difference between a chunk's arrival and its place
   * in the recording, so good to the delay of the fastest chunk. Differences between two recordings cancel that delay.
   */
  originMs(): number;
}

export interface Playback {
  /** Resolves when all samples were handed over and played. */
  done: Promise<void>;
  stop(): void;
}

/**
 * A private PulseAudio with two null sinks, in a runtime folder of its own: it does not meet a user's own server.
 * It ends with this process at the latest: when its clients are gone it leaves by itself.
 */
export class VirtualSoundCard {
  /** Environment for everything that shall use this card, also as the plain ALSA PCMs `mic` and `out`. */
  readonly environment: NodeJS.ProcessEnv;
  #server: ChildProcess | undefined;
  /** What runs, each with a promise of its end. */
  readonly #children = new Map<ChildProcess, Promise<void>>();
  readonly #modules = new Map<string, string>();
  readonly #killOnExit = (): void => this.#killChildren();

  private constructor(readonly folder: string) {
    this.environment = {
      ...childEnvironment(),
      XDG_RUNTIME_DIR: folder,
      PULSE_RUNTIME_PATH: join(folder, 'pulse'),
      PULSE_SERVER: `unix:${join(folder, 'pulse', 'native')}`,
      ALSA_CONFIG_PATH: join(folder, 'alsa.conf'),
    };
  }

  /** Starts the server and plugs both sinks in. Fails with `demo.no-sound-server`. */
  static async start(): Promise<VirtualSoundCard> {
    if (!hasSoundServer()) throw new LimpidError('demo.no-sound-server');
    const card = new VirtualSoundCard(await mkdtemp(join(tmpdir(), 'limpid-sound-')));
    try {
      await card.#startServer();
      await card.plug(micFeedSink);
      await card.plug(enhancedSink);
      return card;
    } catch (error) {
      await card.stop();
      throw new LimpidError('demo.no-sound-server', {}, { cause: error });
    }
  }

  /** Makes this process, and what it loads and starts from now on, use the card; the returned function puts the environment back. */
  enter(): () => void {
    const names = ['XDG_RUNTIME_DIR', 'PULSE_RUNTIME_PATH', 'PULSE_SERVER', 'ALSA_CONFIG_PATH'];
    const before = names.map((name) => process.env[name]);
    names.forEach((name) => (process.env[name] = this.environment[name]));
    return () =>
      names.forEach((name, index) => {
        if (before[index] === undefined) delete process.env[name];
        else process.env[name] = before[index];
      });
  }

  /**
   * Adds a null sink (and its monitor): plugs the device in. The monitor is held open at low latency, because a null
   * sink without a listener idles at 2 s.
   */
  async plug(sink: string): Promise<void> {
    const module = await this.loadModule(
      'module-null-sink',
      `sink_name=${sink}`,
      `rate=${cardRate}`,
      'channels=1',
      'format=float32le',
    );
    this.#modules.set(sink, module);
    this.#spawn('parec', [`--device=${sink}.monitor`, ...rawFormat, '--latency-msec=10']).child.stdout!.resume();
  }

  /** Removes the sink and its monitor: pulls the plug. */
  async unplug(sink: string): Promise<void> {
    const module = this.#modules.get(sink);
    if (module === undefined) throw new Error(`There is no sink ${sink}.`);
    this.#modules.delete(sink);
    await this.unloadModule(module);
  }

  /** Lets the server hang, or go on: it answers nobody in between. */
  hang(hung: boolean): void {
    this.#server?.kill(hung ? 'SIGSTOP' : 'SIGCONT');
  }

  /** Loads a server module; resolves with its index. */
  async loadModule(name: string, ...options: string[]): Promise<string> {
    return (await this.pactl('load-module', name, ...options)).trim();
  }

  async unloadModule(index: string): Promise<void> {
    await this.pactl('unload-module', index);
  }

  async pactl(...args: string[]): Promise<string> {
    const ending = this.#server?.signalCode ?? this.#server?.exitCode ?? null;
    if (ending !== null) throw new Error(`The private PulseAudio has ended (${ending}).`);
    const { stdout } = await run('pactl', args, { env: this.environment, timeout: answerMs });
    return stdout;
  }

  /** Plays mono samples at 48 kHz. */
  play(samples: Float32Array, sink = micFeedSink): Playback {
    const { child, ended } = this.#spawn('pacat', [
      `--device=${sink}`,
      ...rawFormat,
      '--playback',
      '--latency-msec=500',
    ]);
    child.stdin!.on('error', () => {}); // the player was stopped before it had read all
    child.stdin!.end(Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
    return { done: ended, stop: () => void child.kill() };
  }

  /** Records a source, by default what was played to `enhanced`. */
  record(source = enhancedMonitor): Recording {
    const { child, ended } = this.#spawn('parec', [`--device=${source}`, ...rawFormat, '--latency-msec=10']);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let originMs = Number.POSITIVE_INFINITY;
    const failed = ended.then(() => Promise.reject(new LimpidError('demo.no-sound-server')));
    const started = Promise.race([once(child.stdout!, 'data').then(() => undefined), failed]);
    started.catch(() => {}); // whoever stops before the first samples does not wait for them
    child.stdout!.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      originMs = Math.min(originMs, performance.now() - (bytes / bytesPerFrame / cardRate) * 1000);
    });
    return {
      started,
      originMs: () => originMs,
      stop: async () => {
        child.kill();
        await ended;
        return floatsOf(Buffer.concat(chunks));
      },
    };
  }

  /** Ends everything that was started here and removes the folder. */
  async stop(): Promise<void> {
    const ended = [...this.#children.values()];
    this.#killChildren();
    await Promise.all(ended);
    process.off('exit', this.#killOnExit);
    await rm(this.folder, { recursive: true, force: true });
  }

  async #startServer(): Promise<void> {
    process.once('exit', this.#killOnExit);
    await writeFile(join(this.folder, 'alsa.conf'), alsaConfiguration);
    const modules = ['module-native-protocol-unix auth-cookie-enabled=0', 'module-always-sink'];
    const { child, ended } = this.#spawn('pulseaudio', [
      '-n',
      '--daemonize=no',
      '--exit-idle-time=30',
      '--disallow-exit=no',
      '--log-target=stderr',
      // PulseAudio 16 aborts now and then when a client that shares memory with it goes away (its issue 824).
      '--disable-shm=yes',
      ...modules.flatMap((module) => ['-L', module]),
    ]);
    this.#server = child;
    let hasEnded = false;
    void ended.then(() => (hasEnded = true));
    const deadline = Date.now() + answerMs;
    while (!(await this.#answers())) {
      if (hasEnded || Date.now() > deadline) throw new Error('The private PulseAudio did not start.');
      await sleep(50);
    }
  }

  async #answers(): Promise<boolean> {
    return this.pactl('info').then(
      () => true,
      () => false,
    );
  }

  /** Children get a process group of their own: Ctrl-C on the terminal reaches this process alone, which then ends them in order. */
  #spawn(program: string, args: string[]): { child: ChildProcess; ended: Promise<void> } {
    const child = spawn(program, args, {
      env: this.environment,
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const ended = new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.on('error', () => resolve()); // it could not be started, so there is no exit
    }).then(() => void this.#children.delete(child));
    this.#children.set(child, ended);
    return { child, ended };
  }

  #killChildren(): void {
    this.hang(false);
    for (const child of this.#children.keys()) child.kill();
  }
}

const bytesPerFrame = 4;
/** How long the server may take to start, and to answer. */
const answerMs = 10_000;
const rawFormat = ['--raw', '--format=float32le', `--rate=${cardRate}`, '--channels=1'];

const alsaConfiguration = `
</usr/share/alsa/alsa.conf>
pcm.mic { type pulse device ${micSource} }
pcm.out { type pulse device ${enhancedSink} }
`;

function isOnPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function floatsOf(bytes: Buffer): Float32Array {
  const whole = bytes.subarray(0, bytes.length - (bytes.length % 4));
  return new Float32Array(whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length));
}
