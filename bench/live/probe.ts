import { findLag, median, percentile } from '../../src/main/demo/metrics.js';
import { seededNormal, seededRandom } from '../../src/main/demo/random.js';
import { demoRate, joined, loadVoice, recordedWords, resampled } from '../../src/main/demo/voices.js';

/** Lags are measured at a third of the card's rate: 63 µs a step, and speech has little above 8 kHz. */
const lagRate = demoRate / 3;
const windowFrames = 0.2 * lagRate;
const hopFrames = 0.1 * lagRate;
const longestLagFrames = 2.6 * lagRate;
const trackFrames = 0.04 * lagRate;
/** Below this normalised correlation a window was not found. */
const leastCorrelation = 0.6;
const sureCorrelation = 0.85;
/** Lag steps below this are the work of a drift controller, not a cut. */
const smallestCutMs = 2;

/**
 * Dense speech of `seconds` whose every part is recognisable: each recorded word is spoken at a speed of its own, without
 * pauses, over noise at −80 dBFS, so that a run of zeros in a recording can only be a gap.
 */
export async function makeProbe(seconds: number): Promise<Float32Array> {
  const words = (await recordedWords()) ?? [(await loadVoice(12)).samples];
  const uniform = seededRandom(5);
  const spoken: Float32Array[] = [];
  const wanted = Math.round(seconds * demoRate);
  for (let frames = 0, index = 0; frames < wanted; index++) {
    const word = trimmed(words[index % words.length]!);
    spoken.push(resampled({ samples: word, sampleRate: demoRate }, demoRate * (0.8 + 0.4 * uniform())));
    frames += spoken.at(-1)!.length;
  }
  const normal = seededNormal(6);
  return joined(spoken)
    .subarray(0, wanted)
    .map((sample) => sample + 1e-4 * normal());
}

/** Two recordings of the same minutes, and when each began (ms, same clock). */
export interface Takes {
  reference: { samples: Float32Array; originMs: number };
  output: { samples: Float32Array; originMs: number };
  /** Part of the reference that counts, in seconds from its start. */
  fromSeconds: number;
  toSeconds: number;
}

export interface LagPoint {
  atSeconds: number;
  delayMs: number;
}

export interface LiveFigures {
  delayMs: { median: number; p99: number };
  /** Median delay of the last second minus that of the first. */
  endMinusStartMs: number;
  /** Silence in place of voice, plus voice skipped, plus parts that could not be recognised. */
  lostMs: number;
  /** What the loss was made of; silence and what was inserted or unrecognised overlap. */
  loss: { silentMs: number; skippedMs: number; insertedMs: number; unfoundMs: number };
  seconds: number;
  points: LagPoint[];
}

/** Finds each 0.2 s of the reference in the output (every 0.1 s) and derives delay and loss. */
export function analyse(takes: Takes): LiveFigures {
  const { points, unfoundHops, reached } = trackLag(takes);
  const { fromSeconds, toSeconds } = takes;
  const delays = points.map(({ delayMs }) => delayMs);
  const within = (from: number, to: number): number =>
    median(points.filter(({ atSeconds }) => atSeconds >= from && atSeconds < to).map(({ delayMs }) => delayMs));
  const silentMs = (zeroFrames(takes.output.samples, reached.from, reached.to) / demoRate) * 1000;
  const steps = delays.slice(1).map((delay, index) => delay - delays[index]!);
  const sumOf = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
  const skippedMs = -sumOf(steps.filter((step) => step < -smallestCutMs));
  const insertedMs = sumOf(steps.filter((step) => step > smallestCutMs));
  const unfoundMs = (unfoundHops * hopFrames * 1000) / lagRate;
  return {
    delayMs: { median: median(delays), p99: percentile(delays, 0.99) },
    endMinusStartMs: within(toSeconds - 1, toSeconds) - within(fromSeconds, fromSeconds + 1),
    // What was inserted is silent as a rule, what could not be recognised often too: none of it counts twice.
    lostMs: skippedMs + Math.max(silentMs, insertedMs, unfoundMs),
    loss: { silentMs, skippedMs, insertedMs, unfoundMs },
    seconds: toSeconds - fromSeconds,
    points,
  };
}

interface Track {
  points: LagPoint[];
  /** Hops of the reference that no window with a known lag covers. */
  unfoundHops: number;
  /** Part of the output, in its frames, that the found windows span. */
  reached: { from: number; to: number };
}

function trackLag(takes: Takes): Track {
  const reference = thirdRate(takes.reference.samples);
  const output = thirdRate(takes.output.samples);
  const offsetMs = takes.output.originMs - takes.reference.originMs;
  const offsetFrames = Math.round((-offsetMs / 1000) * lagRate);
  const first = Math.round(takes.fromSeconds * lagRate);
  const last = Math.round(takes.toSeconds * lagRate) - windowFrames;
  const lags: (number | null)[] = [];
  for (let start = first; start <= last; start += hopFrames) {
    const window = reference.subarray(start, start + windowFrames);
    const previous = lags.findLast((lag) => lag !== null);
    const near = previous === undefined || previous === null ? undefined : start + previous;
    const found = findNearThenAnywhere(window, output, near, start + offsetFrames);
    lags.push(found.correlation < leastCorrelation ? null : found.frames - start);
  }
  const kept = lags.flatMap((lag, index) =>
    lag === null || !isFound(lags, index) ? [] : [{ lag, start: first + index * hopFrames }],
  );
  return {
    points: kept.map(({ lag, start }) => ({ atSeconds: start / lagRate, delayMs: (lag / lagRate) * 1000 + offsetMs })),
    unfoundHops: uncovered(lags.map((_, index) => isFound(lags, index))),
    reached: {
      from: 3 * ((kept[0]?.start ?? 0) + (kept[0]?.lag ?? 0)),
      to: 3 * ((kept.at(-1)?.start ?? 0) + (kept.at(-1)?.lag ?? 0) + windowFrames),
    },
  };
}

/** A lag counts when the window before or after (they overlap by half) lies within 10 ms of it: chance does not agree twice. */
function isFound(lags: readonly (number | null)[], index: number): boolean {
  const lag = lags[index];
  if (lag === undefined || lag === null) return false;
  return [lags[index - 1], lags[index + 1]].some(
    (other) => other !== undefined && other !== null && Math.abs(other - lag) < 0.01 * lagRate,
  );
}

/** Windows overlap by half: of a run of n unfound ones between found ones, n − 1 hops are covered by none. */
function uncovered(found: readonly boolean[]): number {
  const covers = (index: number): boolean => found[index] ?? false;
  return found.filter((_, index) => !covers(index) && !covers(index - 1)).length;
}

function findNearThenAnywhere(window: Float32Array, output: Float32Array, near: number | undefined, earliest: number) {
  if (near !== undefined) {
    const lag = findLag(window, output, near - trackFrames, near + trackFrames);
    if (lag.correlation >= sureCorrelation) return lag;
  }
  return findLag(window, output, earliest - trackFrames, earliest + longestLagFrames);
}

/** Frames in runs of at least 1 ms of exact zeros: the server had nothing to play. */
function zeroFrames(samples: Float32Array, from: number, to: number): number {
  const shortest = demoRate / 1000;
  let zeros = 0;
  let run = 0;
  for (let index = from; index <= Math.min(to, samples.length); index++) {
    if (index < to && samples[index] === 0) {
      run++;
      continue;
    }
    if (run >= shortest) zeros += run;
    run = 0;
  }
  return zeros;
}

function thirdRate(samples: Float32Array): Float32Array {
  return Float32Array.from(
    { length: Math.floor(samples.length / 3) },
    (_, index) => (samples[3 * index]! + samples[3 * index + 1]! + samples[3 * index + 2]!) / 3,
  );
}

/** A word without the silence around and inside it. */
function trimmed(word: Float32Array): Float32Array {
  const frame = 480;
  const loud: Float32Array[] = [];
  for (let start = 0; start + frame <= word.length; start += frame) {
    const part = word.subarray(start, start + frame);
    if (part.some((sample) => Math.abs(sample) > 0.02)) loud.push(part);
  }
  return joined(loud);
}
