import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { childEnvironment } from '../childEnvironment.js';
import { LimpidError } from '../../shared/errors.js';

const run = promisify(execFile);
const timeoutMs = 5000;
const reconnectMs = 1000;
/** `pactl subscribe` says nothing when it is connected; without a server it ends at once. */
const connectedAfterMs = 300;
const notInstalled = 'pactl is not installed';

/** Labels and decimal points as pactl's JSON and our parsers expect them, whatever the user's language. */
const environment = (): NodeJS.ProcessEnv => ({ ...childEnvironment(), LC_ALL: 'C' });

const port = z.object({ name: z.string(), type: z.string().optional() });

/** One source or sink in `pactl -f json list`; everything but the name may be missing on some server. */
const node = z.object({
  name: z.string(),
  description: z.string().catch(''),
  sample_specification: z.string().catch(''),
  monitor_source: z.string().catch(''),
  active_port: z.string().nullable().catch(null),
  ports: z.array(port).catch([]),
  properties: z.record(z.string(), z.string()).catch({}),
});

/** A source or sink of PulseAudio or of PipeWire's PulseAudio server. */
export interface PulseNode {
  name: string;
  description: string;
  channels: number;
  /** Hz. */
  rate: number;
  isMonitor: boolean;
  /** The port in use (`analog-output-headphones`) and its kind (`Headphones`), or empty strings. */
  activePort: string;
  activePortType: string;
  properties: Record<string, string>;
}

export interface PulseModule {
  index: number;
  name: string;
  argument: string;
}

export interface PulseServer {
  defaultSink: string;
  defaultSource: string;
}

/**
 * Runs `pactl` and returns what it printed. Throws `sound-server.unavailable` when it is missing, fails or hangs, retryable where
 * there is a server to ask again.
 */
export async function pactl(...args: string[]): Promise<string> {
  try {
    const { stdout } = await run('pactl', args, {
      env: environment(),
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: 32 * 1024 * 1024,
    });
    return stdout;
  } catch (cause) {
    const detail = reasonOf(cause);
    const isAbsent = detail === notInstalled || detail.includes('Connection refused');
    throw new LimpidError('sound-server.unavailable', { detail }, { cause, retryable: !isAbsent });
  }
}

function reasonOf(cause: unknown): string {
  const { stderr, code, killed } = cause as { stderr?: string; code?: string | number; killed?: boolean };
  if (code === 'ENOENT') return notInstalled;
  if (killed) return `pactl did not answer within ${timeoutMs / 1000} s`;
  return stderr?.trim().split('\n').at(-1) || `pactl ended with ${code ?? 'a signal'}`;
}

/** The server's default devices. */
export async function readServer(): Promise<PulseServer> {
  const text = await pactl('info');
  const field = (label: string): string => new RegExp(`^${label}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  return { defaultSink: field('Default Sink'), defaultSource: field('Default Source') };
}

/** All sources or sinks. */
export async function listNodes(what: 'sources' | 'sinks'): Promise<PulseNode[]> {
  const nodes = parseNodes(await pactl('-f', 'json', 'list', what));
  if (nodes?.every(({ description }) => description !== '')) return nodes;
  // pactl 16 prints "(null)" for a text that is not ASCII, and may print a JSON that is none: the long listing has the rest.
  const plain = parsePlainNodes(await pactl('list', what));
  if (!nodes) return plain;
  return nodes.map((each) => ({
    ...each,
    description: each.description || plain.find(({ name }) => name === each.name)?.description || each.name,
  }));
}

/** Parses `pactl -f json list`; null when it is not JSON. An unreadable description is left empty. */
export function parseNodes(text: string): PulseNode[] | null {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Array.isArray(list)) return null;
  return list
    .map((entry) => node.safeParse(entry))
    .filter((parsed) => parsed.success)
    .map(({ data }) => ({
      name: data.name,
      description: data.description === '(null)' ? '' : data.description,
      ...parseSampleSpecification(data.sample_specification),
      isMonitor: data.properties['device.class'] === 'monitor' || data.name.endsWith('.monitor'),
      activePort: data.active_port ?? '',
      activePortType: data.ports.find(({ name }) => name === data.active_port)?.type ?? '',
      properties: data.properties,
    }));
}

/** Parses the long text of `pactl list sources|sinks` (in English). */
export function parsePlainNodes(text: string): PulseNode[] {
  const blocks = text.split(/^(?=(?:Source|Sink) #\d+$)/m).filter((block) => /^(Source|Sink) #/.test(block));
  return blocks.map((block) => {
    const field = (label: string): string => new RegExp(`^\\t${label}: (.*)$`, 'm').exec(block)?.[1] ?? '';
    const name = field('Name');
    const activePort = field('Active Port');
    const portLine = block.split('\n').find((line) => activePort !== '' && line.startsWith(`\t\t${activePort}: `));
    const properties = [...block.matchAll(/^\t\t([\w.-]+) = "(.*)"$/gm)].map(([, key = '', value = '']) => [
      key,
      value,
    ]);
    return {
      name,
      description: field('Description') || name,
      ...parseSampleSpecification(field('Sample Specification')),
      isMonitor: name.endsWith('.monitor'),
      activePort,
      activePortType: /\(type: ([^,)]+)/.exec(portLine ?? '')?.[1] ?? '',
      properties: Object.fromEntries(properties) as Record<string, string>,
    };
  });
}

/** Parses "s16le 2ch 44100Hz". */
function parseSampleSpecification(text: string): { channels: number; rate: number } {
  const [, channels, rate] = /(\d+)ch (\d+)Hz/.exec(text) ?? [];
  return { channels: Number(channels ?? 2), rate: Number(rate ?? 48_000) };
}

/** All loaded modules with their arguments. */
export async function listModules(): Promise<PulseModule[]> {
  return parseModules(await pactl('list', 'short', 'modules'));
}

/** Parses `pactl list short modules`; lines that continue a module's argument (PipeWire) are skipped. */
export function parseModules(text: string): PulseModule[] {
  return [...text.matchAll(/^(\d+)\t([^\t\n]+)\t?(.*)$/gm)].map(([, index, name = '', argument = '']) => ({
    index: Number(index),
    name,
    argument: argument.trim(),
  }));
}

/**
 * Follows `pactl subscribe` and calls `onEvent` when a device, a port or a default may have changed, and when the server
 * went away or came back. Starts again by itself; ends when `pactl` is not installed or the returned function is called.
 */
export function followServer(onEvent: () => void): () => void {
  const ended = new AbortController();
  let child: ChildProcess | undefined;
  // The caller has just read a list, so a server that is gone at once is news.
  let wasThere = true;
  const follow = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      child = spawn('pactl', ['subscribe'], { env: environment(), stdio: ['ignore', 'pipe', 'ignore'] });
      const end = await watch(child, onEvent);
      if (end === 'not-installed' || ended.signal.aborted) return;
      if (wasThere || end === 'lost') onEvent();
      wasThere = end === 'lost';
      await sleep(reconnectMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  };
  void follow();
  return () => {
    ended.abort();
    child?.kill();
  };
}

/** Resolves when the child has ended: `lost` when it had been connected, `refused` when it never was. */
function watch(child: ChildProcess, onEvent: () => void): Promise<'not-installed' | 'refused' | 'lost'> {
  let isConnected = false;
  const connected = setTimeout(() => {
    isConnected = true;
    onEvent();
  }, connectedAfterMs);
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (isDeviceEvent(line)) onEvent();
    });
  }
  return new Promise((resolve) => {
    const end = (how: 'not-installed' | 'refused' | 'lost'): void => {
      clearTimeout(connected);
      resolve(how);
    };
    child.once('error', () => end('not-installed'));
    child.once('close', () => end(isConnected ? 'lost' : 'refused'));
  });
}

/** Whether a line of `pactl subscribe` may mean another list of devices or another default. */
export function isDeviceEvent(line: string): boolean {
  return /^Event '\w+' on (source|sink|server|card) #/.test(line);
}
