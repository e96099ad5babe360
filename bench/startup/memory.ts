import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatTable } from '../../src/cli/output.js';
import { median } from '../../src/main/demo/metrics.js';
import type { VirtualSoundCard } from '../../src/main/demo/virtualSoundCard.js';
import { appState, liveNumbers, type LiveNumbers } from '../../src/shared/state.js';
import { startCli } from '../../test/cli/runCli.js';
import { deskHeadphones, deskMicrophone, TalkingDesk } from '../../test/e2e/talkingDesk.js';
import { cookieOf, exchange, PanelClient } from '../../test/main/host/panelClient.js';

export interface Memory {
  minutes: number;
  /** Of the process, each ten seconds since the sound is on; garbage that V8 has not collected yet is in it. */
  samples: { atSeconds: number; rssMb: number; privateMb: number }[];
  firstMinuteMb: number;
  lastMinuteMb: number;
  /** The same after a collection: at the end of the first minute, and at the end. */
  firstCollectedMb: number;
  lastCollectedMb: number;
  /** Of the last of these to the first. */
  change: number;
  /** Enhanced, so that nobody measures a process at rest. */
  blocksEnhanced: number;
  underruns: number;
  met: boolean;
}

const sampleEveryMs = 10_000;
const collectMs = 1000;
/** Runs in the process before everything else: SIGUSR2 has V8 collect its garbage. */
const collector = `
  import { setFlagsFromString } from 'node:v8';
  import { runInNewContext } from 'node:vm';
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc');
  process.on('SIGUSR2', () => collect());
`;
const changeLimit = 0.05;
const soundIsOnWithinMs = 30_000;

/** What the process of the panel holds while it enhances a voice, with one window that listens to its events. */
export async function measureMemory(
  card: VirtualSoundCard,
  minutes: number,
  tell: (line: string) => void,
): Promise<Memory> {
  const leave = card.enter();
  const desk = await TalkingDesk.set(card);
  const folder = await mkdtemp(join(tmpdir(), 'limpid-memory-'));
  const settingsPath = join(folder, 'settings.json');
  await writeFile(settingsPath, JSON.stringify({ welcomed: true }));
  const cli = startCli(['panel', '--json'], {
    LIMPID_CONFIG: settingsPath,
    XDG_STATE_HOME: folder,
    NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(collector)}`,
  });
  const collected = async (): Promise<number> => {
    for (let time = 0; time < 2; time++) {
      cli.child.kill('SIGUSR2');
      await sleep(collectMs);
    }
    return memoryOf(cli.child.pid!).rssMb;
  };
  try {
    const window = await openWindow(() => cli.stdout);
    await window.switchOn();
    const samples: Memory['samples'] = [];
    const startMs = performance.now();
    let firstCollectedMb = 0;
    for (let sample = 0; sample <= (minutes * 60_000) / sampleEveryMs; sample++) {
      await sleep(Math.max(0, startMs + sample * sampleEveryMs - performance.now()));
      const held = memoryOf(cli.child.pid!);
      samples.push({ atSeconds: Math.round((performance.now() - startMs) / 1000), ...held });
      window.forget();
      if (sample % 6 === 0)
        tell(`${sample / 6} min: ${held.rssMb.toFixed(1)} MB, ${held.privateMb.toFixed(1)} MB of its own`);
      if (sample * sampleEveryMs === 60_000) firstCollectedMb = await collected();
    }
    const ofMinute = (from: number): number =>
      median(samples.filter(({ atSeconds }) => atSeconds >= from && atSeconds <= from + 60).map(({ rssMb }) => rssMb));
    const firstMinuteMb = ofMinute(0);
    const lastMinuteMb = ofMinute(minutes * 60 - 60);
    const lastCollectedMb = await collected();
    const change = lastCollectedMb / firstCollectedMb - 1;
    const numbers = window.numbers();
    return {
      minutes,
      samples,
      firstMinuteMb,
      lastMinuteMb,
      firstCollectedMb,
      lastCollectedMb,
      change,
      blocksEnhanced: numbers?.counters.blocksEnhanced ?? 0,
      underruns: numbers?.underruns ?? 0,
      met: Math.abs(change) <= changeLimit && (numbers?.counters.blocksEnhanced ?? 0) > 0,
    };
  } finally {
    desk.fallSilent();
    cli.child.kill('SIGTERM');
    await cli.ended;
    leave();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Window {
  switchOn(): Promise<void>;
  numbers(): LiveNumbers | null;
  /** All it heard but the last. */
  forget(): void;
}

/** Connects as a browser does; what it hears is not kept. */
async function openWindow(printed: () => string): Promise<Window> {
  const deadlineMs = performance.now() + soundIsOnWithinMs;
  const until = async (isSo: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await isSo())) {
      if (performance.now() > deadlineMs) throw new Error('The sound was not on in time.');
      await sleep(100);
    }
  };
  await until(() => printed().includes('url'));
  const { url } = JSON.parse(printed()) as { url: string };
  const { port, origin } = new URL(url);
  const client = await PanelClient.open(Number(port), { origin, cookie: cookieOf(await exchange(url)) });
  let lastId = 0;
  const call = async (name: string, argument?: unknown): Promise<unknown> => {
    const answer = (await client.call((lastId += 1), name, argument)) as { ok: boolean; value: unknown };
    if (!answer.ok) throw new Error(`${name} failed: ${JSON.stringify(answer)}`);
    return answer.value;
  };
  const choose = async (direction: 'input' | 'output', name: string): Promise<void> => {
    const device = appState.parse(await call('state.get'))[direction].devices.find((each) => each.name === name);
    if (!device) throw new Error(`The virtual sound card shows no ${name}.`);
    await call('devices.choose', { direction, id: device.id });
  };
  const numbers = (): LiveNumbers | null => {
    const last = client.heard.findLast((message) => 'event' in message && message.event === 'numbers.measured');
    return last && 'payload' in last ? liveNumbers.parse(last.payload) : null;
  };
  return {
    numbers,
    forget: () => void client.heard.splice(0, client.heard.length - 100),
    async switchOn() {
      await choose('input', deskMicrophone);
      await choose('output', deskHeadphones);
      await call('live.start');
      await until(() => (numbers()?.counters.blocksEnhanced ?? 0) > 0);
    },
  };
}

/** proc(5): what of the process lies in memory, and what of that no other process shares. */
function memoryOf(pid: number): { rssMb: number; privateMb: number } {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const kb = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return { rssMb: kb('Rss') / 1024, privateMb: (kb('Private_Clean') + kb('Private_Dirty')) / 1024 };
}

export function memoryTable(memory: Memory): string {
  const {
    minutes,
    firstMinuteMb,
    lastMinuteMb,
    firstCollectedMb,
    lastCollectedMb,
    change,
    blocksEnhanced,
    underruns,
    met,
  } = memory;
  const rows = [
    ['memory (RSS) in the first minute, MB', firstMinuteMb.toFixed(1)],
    ['in the last, MB', lastMinuteMb.toFixed(1)],
    ['after a collection, end of the first minute, MB', firstCollectedMb.toFixed(1)],
    ['after a collection, end, MB', lastCollectedMb.toFixed(1)],
    ['change of these', `${(100 * change).toFixed(1)} %`],
    ['blocks enhanced', String(blocksEnhanced)],
    ['under-runs', String(underruns)],
  ];
  const verdict = `${met ? 'passed' : 'FAILED'}: after a collection, the end within ${100 * changeLimit} % of the first minute`;
  return `The process of “limpid panel” while it enhances, ${minutes} minutes\n${formatTable(['', 'measured'], rows, ['measured'])}\n\n${verdict}\n`;
}
