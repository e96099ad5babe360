import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { createClientKey, type StoredClientKey } from '../../src/backend/configuration/clientKeys.js';
import type { BareSettings } from './bare.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundleFolder = join(root, 'build/tests/bench-backend');

/** Built like the one that is deployed, so that no contender is at a disadvantage. */
export interface Programs {
  limpid: string;
  bare: string;
}

/** A process with a server in it. */
export interface Server {
  url: string;
  pid: number;
  close(): Promise<void>;
}

export interface Vendor extends Server {
  key: string;
  /** Tokens that it has handed out so far. */
  countMints(): Promise<number>;
}

/** Someone who may call, with its key. */
export interface Client {
  key: string;
  client: StoredClientKey;
}

export interface Limits {
  windowSeconds: number;
  perClient: number;
  perProvider: number;
}

export const makeClients = (count: number): Client[] =>
  Array.from({ length: count }, (_, index) => createClientKey(`bench ${index}`));

export async function buildPrograms(): Promise<Programs> {
  return {
    limpid: await bundle('src/cli/backendServer.ts', 'limpid-backend.mjs'),
    bare: await bundle('bench/backend/bare.ts', 'bare.mjs'),
  };
}

/** With the settings of `npm run build:backend`. Returns the path. */
async function bundle(source: string, name: string): Promise<string> {
  await build({
    root,
    configFile: join(root, 'vite.backend.config.ts'),
    logLevel: 'error',
    build: {
      ssr: resolve(root, source),
      outDir: bundleFolder,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: name } },
    },
  });
  return join(bundleFolder, name);
}

/** The stand-in for ai-coustics, which answers as fast as it can. */
export async function startVendor(): Promise<Vendor> {
  const program = ['--import', 'tsx', join(root, 'test/vendors/serve.ts'), 'ai-coustics'];
  const { found, ...process } = await startProgram(program, {}, { pattern: /^\{.*\}$/m, on: 'stdout' });
  const { url, key } = JSON.parse(found) as { url: string; key: string };
  return {
    ...process,
    url,
    key,
    async countMints() {
      const reply = await fetch(`${url}/count`);
      return ((await reply.json()) as { mints: number }).mints;
    },
  };
}

/** `limpid backend` as it runs in a container, its log in a file in `folder`. */
export async function startLimpid(
  { limpid }: Programs,
  options: { name: string; folder: string; vendor: Vendor; clients: Client[]; limits: Limits; redisUrl?: string },
): Promise<Server> {
  const { name, folder, vendor, clients, limits, redisUrl } = options;
  const configuration = {
    listen: { port: 0 },
    callers: { clients: clients.map(({ client }) => ({ ...client, providers: { 'ai-coustics': {} } })) },
    limits,
  };
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify(configuration));
  const licence = `${toBase64Url(JSON.stringify({ api_key: vendor.key }))}.${toBase64Url(randomBytes(32))}`;
  return startServer([limpid, '--config', path], join(folder, `${name}.log`), {
    AIC_SDK_LICENSE: licence,
    AIC_BASE_URL: vendor.url,
    ...(redisUrl !== undefined && { REDIS_URL: redisUrl }),
  });
}

export function startBare({ bare }: Programs, folder: string, vendor: Vendor, clients: Client[]): Promise<Server> {
  const settings: BareSettings = {
    vendorUrl: vendor.url,
    vendorAuthorization: `Basic ${Buffer.from(`${vendor.key}:`).toString('base64')}`,
    clients: clients.map(({ client }) => client),
  };
  return startServer([bare], join(folder, 'bare.log'), { BARE_SETTINGS: JSON.stringify(settings) });
}

/** Processor time that a process has used so far, s; null where the system does not tell. */
export async function cpuSeconds({ pid }: Server): Promise<number | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  // From the third on; the second, the name, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticksPerSecond = 100;
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function startServer(program: string[], logPath: string, env: NodeJS.ProcessEnv): Promise<Server> {
  const where = { pattern: /listens on (\S+)/, on: 'stderr', logPath } as const;
  const { found, ...process } = await startProgram(program, { ...env, NODE_ENV: 'production' }, where);
  return { ...process, url: found };
}

/** Ends all that still run. */
export async function closeServers(): Promise<void> {
  await Promise.all([...running].map((close) => close()));
}

const running = new Set<() => Promise<void>>();

/** Starts Node and waits until it says what `pattern` finds. `logPath`: takes its standard output. */
async function startProgram(
  args: string[],
  env: NodeJS.ProcessEnv,
  { pattern, on, logPath }: { pattern: RegExp; on: 'stdout' | 'stderr'; logPath?: string },
): Promise<{ found: string; pid: number; close(): Promise<void> }> {
  const log = logPath === undefined ? 'pipe' : openSync(logPath, 'w');
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', log, on === 'stderr' ? 'pipe' : 'inherit'],
  });
  if (typeof log === 'number') closeSync(log);
  const ended = once(child, 'exit');
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    running.delete(close);
  };
  running.add(close);
  const found = await new Promise<string>((done, failed) => {
    let text = '';
    child[on]!.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const match = pattern.exec(text);
      if (match) done(match[1] ?? match[0]);
    });
    child.once('error', failed).once('exit', () => failed(new Error(`${args.join(' ')} ended: ${text}`)));
  });
  return { found, pid: child.pid!, close };
}

const toBase64Url = (text: string | Buffer): string => Buffer.from(text).toString('base64url');
