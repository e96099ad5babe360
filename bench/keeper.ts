/**
 * `npm run bench:keeper [-- --seeds 20 --json]`: what keeping a token costs on one simulated, idle day: wake-ups, requests and
 * processor time, the worst of several random seeds. Prints a table (or, with --json, the numbers) and writes
 * bench/results/keeper.json.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { TokenKeeper } from '../src/main/auth/tokenKeeper.js';
import { seededRandom } from '../src/main/demo/random.js';
import { SimulatedBackend, SimulatedWorld } from '../test/main/auth/simulatedWorld.js';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;
/** A minute's look, and the start. */
const mostWakeUps = 1441;

interface Row {
  lifetime: string;
  wakeUps: number;
  /** Null: the token lives too short for a look a minute to be all there is. */
  mostWakeUps: number | null;
  requests: number;
  mostRequests: number;
  /** Of the whole day, the simulation included. */
  cpuMs: number;
}

const lifetimes: [name: string, lifetimeMs: number][] = [
  ['20 s', 20 * secondMs],
  ['5 min', 5 * minuteMs],
  ['10 min', 10 * minuteMs],
  ['1 h', 60 * minuteMs],
  ['12 h', 720 * minuteMs],
];

async function runDay(lifetimeMs: number, seed: number): Promise<Pick<Row, 'wakeUps' | 'requests' | 'cpuMs'>> {
  const world = new SimulatedWorld();
  const backend = new SimulatedBackend(world);
  backend.lifetimeMs = lifetimeMs;
  const keeper = new TokenKeeper({
    environment: () => backend.environment,
    fetch: (signal) => backend.fetch(signal),
    apply: async () => 0,
    isVoiceLive: () => true,
    clock: world,
    random: seededRandom(seed),
  });
  const before = process.cpuUsage();
  keeper.start();
  await world.advance(dayMs);
  const { user, system } = process.cpuUsage(before);
  keeper.stop();
  return { wakeUps: world.wakeUps, requests: backend.requests.length, cpuMs: (user + system) / 1000 };
}

async function measure(name: string, lifetimeMs: number, seeds: number): Promise<Row> {
  const days = [];
  for (let seed = 1; seed <= seeds; seed++) days.push(await runDay(lifetimeMs, seed));
  const isShort = lifetimeMs < 2 * minuteMs;
  // A short life counts less the one second by which every token is renewed earlier, as its times are whole seconds.
  const usedMs = isShort ? (lifetimeMs - secondMs) * 0.8 : lifetimeMs - Math.max(minuteMs, lifetimeMs * 0.1);
  return {
    lifetime: name,
    wakeUps: Math.max(...days.map(({ wakeUps }) => wakeUps)),
    mostWakeUps: isShort ? null : mostWakeUps,
    requests: Math.max(...days.map(({ requests }) => requests)),
    mostRequests: Math.floor(dayMs / usedMs + 1),
    cpuMs: Math.max(...days.map(({ cpuMs }) => cpuMs)),
  };
}

function table(rows: Row[]): string {
  const header = ['token lives', 'wake-ups', 'at most', 'requests', 'at most', 'CPU ms a day'];
  const lines = rows.map((row) => [
    row.lifetime,
    String(row.wakeUps),
    String(row.mostWakeUps ?? '–'),
    String(row.requests),
    String(row.mostRequests),
    row.cpuMs.toFixed(0),
  ]);
  const all = [header, ...lines];
  const widths = header.map((_, column) => Math.max(...all.map((line) => line[column]!.length)));
  return all.map((line) => line.map((cell, column) => cell.padStart(widths[column]!)).join('  ')).join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { seeds: { type: 'string', default: '20' }, json: { type: 'boolean', default: false } },
  });
  const seeds = Number(values.seeds);
  if (!(seeds >= 1)) {
    process.stderr.write('argument: --seeds must be 1 or more\n');
    process.exitCode = 2;
    return;
  }
  const rows: Row[] = [];
  for (const [name, lifetimeMs] of lifetimes) rows.push(await measure(name, lifetimeMs, seeds));
  const met = rows.every((row) => row.wakeUps <= (row.mostWakeUps ?? Infinity) && row.requests <= row.mostRequests);
  const json = JSON.stringify({ settings: { seeds, days: 1 }, rows, met }, null, 2);
  const folder = fileURLToPath(new URL('results', import.meta.url));
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/keeper.json`, `${json}\n`);
  if (!met) process.exitCode = 1;
  const text = `One simulated day without trouble, the worst of ${seeds} seeds.\n\n${table(rows)}\n\n${met ? 'met' : 'MISSED'}: no more wake-ups and requests than allowed\n`;
  process.stdout.write(values.json ? `${json}\n` : text);
}

await main();
