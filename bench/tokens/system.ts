import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { loadNative } from '../../src/main/audio/native.js';
import { percentile } from '../../src/main/demo/metrics.js';
import { enhancedSink, micSource } from '../../src/main/demo/virtualSoundCard.js';
import type { SystemMessage, SystemOptions } from './messages.js';

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
await licensed.updateToken(await mint(options.firstLifetimeSeconds));
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

await orders.begin;
const delays = monitorEventLoopDelay({ resolution: 1 });
delays.enable();
let refusedUpdates = 0;
const updateMs: number[] = [];
for (let update = 0; update < options.updates; update++) {
  const token = await mint(options.lifetimeSeconds);
  const startedMs = performance.now();
  const code = await licensed.updateToken(token);
  updateMs.push(performance.now() - startedMs);
  if (code !== 0) refusedUpdates++;
  await sleep(options.pauseMs);
}
tell({ kind: 'updated' });

await orders.end;
delays.disable();
const { load, counters, ...numbers } = loop.numbers();
await loop.stop();
await licensed.close();
const ms = (ns: number): number => ns / 1e6;
tell({
  kind: 'measured',
  numbers: {
    state: numbers.state,
    engineStatus: numbers.engineStatus,
    restarts: numbers.restarts,
    underruns: numbers.underruns,
    overruns: numbers.overruns,
    droppedFrames: numbers.droppedFrames,
    load: { p50: load.p50, p99: load.p99, max: load.max },
    modelLoads: counters.modelLoads,
    processorCreates: counters.processorCreates,
    tokenUpdates: counters.tokenUpdates,
    blocksDisallowed: counters.blocksDisallowed,
    eventLoop: { p50Ms: ms(delays.percentile(50)), p99Ms: ms(delays.percentile(99)), maxMs: ms(delays.max) },
    refusedUpdates,
    updateMs:
      updateMs.length === 0
        ? null
        : { p50: percentile(updateMs, 0.5), p99: percentile(updateMs, 0.99), max: Math.max(...updateMs) },
  },
});
process.disconnect();
setTimeout(() => process.exit(0), 100);
