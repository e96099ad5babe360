import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { formatTable, log, printLine } from '../src/cli/output.js';
import { noRedisServerReason, RedisServer } from '../test/rig/redisServer.js';
import { limitScenes, runLimits, type LimitResult } from './backend/limits.js';
import { runMemory, type MemoryResult } from './backend/memory.js';
import { runRates, type RateTrial } from './backend/rates.js';
import {
  limitReaches,
  limitTable,
  memoryReaches,
  memoryTable,
  rateReaches,
  rateTable,
  type Reach,
} from './backend/report.js';
import { buildPrograms, closeServers, makeClients, startVendor } from './backend/servers.js';

const crowd = { requests: 10_000, connections: 100 };

/**
 * The token backend on loopback: its rate beside a bare route that makes the same call to the vendor, whether limits hold over
 * two replicas, and its memory over many requests. Servers, vendor and store are processes of their own; the load comes from
 * this one. With the defaults it takes about 4 minutes.
 */
const parts = ['rates', 'limits', 'memory'];
const command = new Command('bench:backend')
  .option('--parts <list>', 'which parts', (value) => value.split(','), parts)
  .option('--rounds <n>', 'rounds of the comparison', Number, 3)
  .option('--seconds <n>', 'measured seconds of each run in it', Number, 8)
  .option('--connections <n>', 'callers at a time, in the comparison and for memory', Number, 50)
  .option('--requests <n>', 'requests for memory, after the warm-up', Number, 200_000)
  .option('--out <file>', 'JSON of all runs', 'bench/results/backend.json')
  .parse();
const options = command.opts<{
  parts: string[];
  rounds: number;
  seconds: number;
  connections: number;
  requests: number;
  out: string;
}>();

if (noRedisServerReason) log(`Without a store: ${noRedisServerReason}`);
const folder = await mkdtemp(join(tmpdir(), 'limpid-bench-'));
const programs = await buildPrograms();
const redis = noRedisServerReason ? null : await RedisServer.start();
const vendor = await startVendor();
const clients = makeClients(1);
const stop = async (): Promise<void> => {
  await Promise.all([closeServers(), redis?.close()]);
  await rm(folder, { recursive: true, force: true });
};
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stop().finally(() => process.exit(130)));

let rates: RateTrial[] = [];
const limits: LimitResult[] = [];
let memory: MemoryResult | null = null;
try {
  if (options.parts.includes('rates')) {
    const setting = { folder, vendor, clients, redisUrl: redis?.url ?? null };
    rates = await runRates(programs, setting, options, ({ round, contender, requestsPerSecond, p99Ms }) =>
      log(
        `${round}/${options.rounds} ${contender}: ${requestsPerSecond.toFixed(0)} a second, p99 ${p99Ms.toFixed(1)} ms`,
      ),
    );
  }
  if (options.parts.includes('limits') && redis) {
    const setting = { folder, vendor, redisUrl: redis.url, clearStore: () => redis.command('flushall') };
    for (const scene of limitScenes) {
      const result = await runLimits(programs, setting, scene, crowd);
      limits.push(result);
      log(`${scene.name}: ${result.mints} minted of ${result.requests}`);
    }
  }
  if (options.parts.includes('memory')) {
    memory = await runMemory(programs, { folder, vendor, clients }, options, ({ requests, residentMb }) =>
      log(`after ${requests} requests: ${residentMb.toFixed(1)} MB`),
    );
  }
} finally {
  await stop();
}

const tables = [
  ...(rates.length > 0 ? [rateTable(rates)] : []),
  ...(limits.length > 0 ? [limitTable(limits)] : []),
  ...(memory ? [memoryTable(memory)] : []),
];
const reaches: Reach[] = [
  ...(rates.length > 0 ? rateReaches(rates) : []),
  ...limitReaches(limits),
  ...(memory ? memoryReaches(memory) : []),
];
const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'core'}`;
printLine(`The token backend on loopback, ${options.connections} callers at a time; ${machine}\n`);
for (const { header, rows } of tables) printLine(`${formatTable(header, rows, header.slice(1))}\n`);
const reachRows = reaches.map(({ what, measured, limit, met }) => [what, measured, limit, met ? 'met' : 'MISSED']);
printLine(formatTable(['goal', 'measured', 'limit', ''], reachRows, ['measured', 'limit']));
await mkdir(dirname(options.out), { recursive: true });
await writeFile(options.out, `${JSON.stringify({ machine, options, reaches, rates, limits, memory }, null, 2)}\n`);
log(`All runs: ${options.out}`);
process.exitCode = reaches.some(({ met }) => !met) ? 1 : 0;
