import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { loadNative } from '../../src/main/audio/native.js';
import { percentile } from '../../src/main/demo/metrics.js';
import { enhancedSink, micSource } from '../../src/main/demo/virtualSoundCard.js';
import type { Arm, SystemMessage, SystemOptions, Window } from './messages.js';

/** The live path with the licensed engine, in a process of its own, so that its main thread is all its own. */
const options = JSON.parse(process.argv[2]!) as SystemOptions;
const rate = 48_000;
const secret = randomBytes(32);

function mint(lifetimeSeconds: number): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setJti(randomBytes(12).toString('hex'))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(secret);
}

const tell = (message: SystemMessage): void => void process.send!(message);
const orders = { begin: waitFor('begin'), end: waitFor('end') };

async function waitFor(order: string): Promise<void> {
  for (;;) {
    const [message] = (await once(process, 'message')) as [unknown];
    if (message === order) return;
  }
}

const native = loadNative();
const licensed = new native.LicensedEngine({ libraryPath: options.libraryPath, modelPath: options.modelPath });
await licensed.load();
await licensed.updateToken(await mint(options.lifetimeSeconds));
const loop = new native.Loop();
await loop.start({
  input: { kind: 'pulse', name: micSource },
  output: { kind: 'pulse', name: enhancedSink },
  engine: 'aic',
  licensed,
  level: 1,
  bypass: false,
  periodFrames: options.periodFrames,
  inputRate: rate,
  outputRate: rate,
});
tell({ kind: 'ready' });

const updateMs: number[] = [];
const nowNs = (): number => Number(process.hrtime.bigint());

async function swapTokens(count: number): Promise<void> {
  for (let update = 0; update < count; update++) {
    const token = await mint(options.lifetimeSeconds);
    const startedMs = performance.now();
    await licensed.updateToken(token); // who refused one is seen in the library's log
    updateMs.push(performance.now() - startedMs);
    await sleep(options.pauseMs);
  }
}

async function measure(arm: Arm, part: () => Promise<unknown>): Promise<Window> {
  const before = loop.numbers();
  const fromNs = nowNs();
  // A new one for each window: one that is enabled again takes the pause for a delay.
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await part();
  delay.disable();
  const toNs = nowNs();
  const after = loop.numbers();
  return {
    arm,
    fromNs,
    toNs,
    underruns: after.underruns - before.underruns,
    droppedFrames: after.droppedFrames - before.droppedFrames,
    eventLoop: { p99Ms: delay.percentile(99) / 1e6, maxMs: delay.max / 1e6 },
  };
}

async function measurePairs(): Promise<Window[]> {
  const windows: Window[] = [];
  for (let done = 0; done < options.updates; done += options.windowUpdates) {
    const count = Math.min(options.windowUpdates, options.updates - done);
    const last = windows.findLast(({ arm }) => arm === 'updates');
    const roughMs = last ? (last.toNs - last.fromNs) / 1e6 : options.windowUpdates * options.roughUpdateMs;
    const lastMs = (roughMs * count) / options.windowUpdates;
    const updates = (): Promise<Window> => measure('updates', () => swapTokens(count));
    const control = (ms: number): Promise<Window> => measure('control', () => sleep(ms));
    if (windows.length % 4 === 0) {
      const first = await updates();
      windows.push(first, await control((first.toNs - first.fromNs) / 1e6));
    } else {
      windows.push(await control(lastMs), await updates());
    }
  }
  return windows;
}

await orders.begin;
const windows = await measurePairs();
tell({ kind: 'through' });

await orders.end;
const { load, counters, state, engineStatus, restarts } = loop.numbers();
await loop.stop();
await licensed.close();
tell({
  kind: 'measured',
  numbers: {
    state,
    engineStatus,
    restarts,
    load: { p50: load.p50, p99: load.p99, max: load.max },
    modelLoads: counters.modelLoads,
    processorCreates: counters.processorCreates,
    tokenUpdates: counters.tokenUpdates,
    blocksDisallowed: counters.blocksDisallowed,
    windows,
    updateMs: { p50: percentile(updateMs, 0.5), p99: percentile(updateMs, 0.99), max: Math.max(...updateMs) },
  },
});
process.disconnect();
setTimeout(() => process.exit(0), 100);
