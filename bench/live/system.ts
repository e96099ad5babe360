import { createRequire, Module } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadNative, type Native } from '../../src/main/audio/native.js';
import { enhancedSink, micSource } from '../../src/main/demo/virtualSoundCard.js';
import { noPathNumbers, type PathNumbers, type SystemMessage, type SystemName } from './messages.js';

/**
 * A live path in a process of its own, so that a stalled main thread is inside it.
 * Arguments: the system and its period. Messages in: `stall`, `relax`, `end`; out: `ready`, then numbers at the end.
 */
const stallMs = 300;
const stallEveryMs = 1500;
const rate = 48_000;
const bytesPerFrame = 4;

interface LivePath {
  end(): Promise<PathNumbers>;
}

async function startLimpid(engine: 'bypass' | 'gtcrn', periodFrames: number): Promise<LivePath> {
  const native: Native = loadNative();
  const loop = new native.Loop();
  await loop.start({
    input: { kind: 'pulse', name: micSource },
    output: { kind: 'pulse', name: enhancedSink },
    engine,
    level: 1,
    bypass: false,
    periodFrames,
    inputRate: rate,
    outputRate: rate,
  });
  return {
    end: async () => {
      const { underruns, restarts, state, mutedByFeedback } = loop.numbers();
      await loop.stop();
      return { underruns, restarts, state, mutedByFeedback };
    },
  };
}

/** naudiodon's own streams, as its manual pipes them: capture into playback on the main thread. */
async function startNaudiodon(periodFrames: number): Promise<LivePath> {
  const require = createRequire(import.meta.url);
  // Its crash reporter needs a native build of its own, writes files and is not what is measured.
  const reporter = require.resolve('segfault-handler');
  require.cache[reporter] = Object.assign(new Module(reporter), { exports: { registerHandler() {} }, loaded: true });
  const portAudio = require('naudiodon') as typeof import('naudiodon');
  const idOf = (name: string): number => {
    const device = portAudio.getDevices().find((candidate) => candidate.name === name);
    if (!device) throw new Error(`naudiodon does not list ${name}.`);
    return device.id;
  };
  const options = (deviceId: number) => ({
    deviceId,
    channelCount: 1,
    sampleFormat: portAudio.SampleFormatFloat32 as 1,
    sampleRate: rate,
    framesPerBuffer: periodFrames,
    // The setting that keeps an idle machine free of gaps at the lowest delay: one period a read, eight in the queue,
    // and a start of 20 ms for the capture.
    highwaterMark: periodFrames * bytesPerFrame,
    maxQueue: 8,
    closeOnError: false,
  });
  const capture = portAudio.AudioIO({ inOptions: options(idOf('mic')) });
  const playback = portAudio.AudioIO({ outOptions: options(idOf('out')) });
  capture.pipe(playback);
  capture.start();
  await sleep(20);
  playback.start();
  return { end: async () => noPathNumbers };
}

function start(system: SystemName, periodFrames: number): Promise<LivePath> {
  if (system === 'naudiodon') return startNaudiodon(periodFrames);
  return startLimpid(system === 'limpid-gtcrn' ? 'gtcrn' : 'bypass', periodFrames);
}

/** Holds the main thread without using the processor, so that the CPU figures stay comparable. */
function stallMainThread(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, stallMs);
}

const tell = (message: SystemMessage): void => void process.send!(message);

const path = await start(process.argv[2] as SystemName, Number(process.argv[3]));
let stalls: NodeJS.Timeout | undefined;
process.on('message', async (order: 'stall' | 'relax' | 'end') => {
  if (order === 'stall') stalls = setInterval(stallMainThread, stallEveryMs);
  if (order === 'relax') clearInterval(stalls);
  if (order !== 'end') return;
  tell({ kind: 'ended', numbers: await path.end() });
  process.disconnect();
  setTimeout(() => process.exit(0), 100);
});
tell({ kind: 'ready' });
