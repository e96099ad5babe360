import { isDeepStrictEqual } from 'node:util';
import {
  maxSessionChanges,
  maxSessionPoints,
  type SessionChange,
  type SessionHistory,
} from '../../shared/diagnostics.js';
import type { Notice } from '../../shared/errors.js';
import type { AppState } from '../../shared/state.js';
import type { LoopNumbers } from '../audio/native.js';

/** The numbers that a session is told by. */
export type SessionNumbers = Pick<
  LoopNumbers,
  'inputRmsDb' | 'outputRmsDb' | 'noiseReductionDb' | 'delay' | 'load' | 'underruns'
>;

/** The parts of the state whose changes are kept. */
export type SessionState = Pick<AppState, 'phase' | 'status' | 'problem' | 'input' | 'output' | 'heardEngine'>;

type SeriesName = Exclude<keyof SessionHistory, 'startedAtMs' | 'stepSeconds' | 'changes'>;

/** How the seconds of one step become its one value. */
interface Merge {
  read(numbers: SessionNumbers, before: SessionNumbers | null): number | null;
  /** `weight`: how many seconds with sound each side stands for. */
  merge(a: number, b: number, weightA: number, weightB: number): number;
}

const powerMean = (a: number, b: number, weightA: number, weightB: number): number =>
  10 * Math.log10((10 ** (a / 10) * weightA + 10 ** (b / 10) * weightB) / (weightA + weightB));
const mean = (a: number, b: number, weightA: number, weightB: number): number =>
  (a * weightA + b * weightB) / (weightA + weightB);

const larger = (a: number, b: number): number => Math.max(a, b);

const rules: Record<SeriesName, Merge> = {
  inputDb: { read: ({ inputRmsDb }) => inputRmsDb, merge: powerMean },
  outputDb: { read: ({ outputRmsDb }) => outputRmsDb, merge: powerMean },
  noiseReductionDb: { read: ({ noiseReductionDb }) => noiseReductionDb, merge: mean },
  // What a person hears is the worst moment.
  delayMs: { read: ({ delay }) => delay.totalMs, merge: larger },
  loadP99: { read: ({ load }) => load.p99, merge: larger },
  // The loop counts from its start: a smaller number is a new one.
  underruns: {
    read: ({ underruns }, before) =>
      Math.max(0, underruns - (before && before.underruns <= underruns ? before.underruns : 0)),
    merge: (a, b) => a + b,
  },
};
const names = Object.keys(rules) as SeriesName[];

/** Some seconds of the session; a value is null where there was no sound. */
interface Step {
  /** Seconds with sound. */
  weight: number;
  values: Record<SeriesName, number | null>;
}

/** After a sleep of the computer longer than this, or a clock that was set, the time between is left out. */
const longestGapSeconds = 7 * 24 * 3600;

/** What a session was like, in bounded memory: as it grows, neighbouring steps become one of twice the length. */
export class SessionLog {
  readonly #now: () => number;
  readonly #startedAtMs: number;
  #stepSeconds = 1;
  #steps: Step[] = [];
  /** The step that is being filled, and how many of its seconds are. */
  #open: Step = silence();
  #openSeconds = 0;
  /** When the next second is due: a timer that is half a second early or late hits it all the same. */
  #nextAtMs: number;
  #before: SessionNumbers | null = null;
  #changes: SessionChange[] = [];
  #state: SessionState | null = null;

  /** `now`: wall clock, ms since 1970. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#startedAtMs = now();
    this.#nextAtMs = this.#startedAtMs + 500;
  }

  get history(): SessionHistory {
    const steps = this.#openSeconds > 0 ? [...this.#steps, this.#open] : this.#steps;
    const series = names.map((name) => [name, steps.map(({ values }) => values[name])] as const);
    return {
      startedAtMs: this.#startedAtMs,
      stepSeconds: this.#stepSeconds,
      ...(Object.fromEntries(series) as Record<SeriesName, (number | null)[]>),
      changes: this.#changes,
    };
  }

  /** Takes the numbers of this second; null while there is no sound. Asked about once a second; seconds that nobody asked for are silent. */
  sample(numbers: SessionNumbers | null): void {
    const late = Math.floor((this.#now() - this.#nextAtMs) / 1000);
    // A clock that was set back, or far ahead, says nothing of how long the session is.
    const isClockSet = late < -5 || late > longestGapSeconds;
    if (isClockSet) this.#nextAtMs = this.#now();
    else if (late < 0) return;
    const missed = isClockSet ? 0 : late;
    for (let second = 0; second < missed; second += 1) this.#add(silence());
    this.#add(numbers ? stepOf(numbers, this.#before) : silence());
    this.#nextAtMs += (missed + 1) * 1000;
    this.#before = numbers ?? this.#before;
  }

  /** Keeps what is new in the state. */
  follow(state: SessionState): void {
    const before = this.#state;
    this.#state = state;
    const news: (Notice | null)[] = [
      endpointNews('session.input', before?.input, state.input),
      endpointNews('session.output', before?.output, state.output),
      before && before.heardEngine !== state.heardEngine
        ? { code: 'session.engine', params: { engine: state.heardEngine } }
        : null,
      before && before.phase === state.phase && isDeepStrictEqual(before.status, state.status) ? null : state.status,
      isDeepStrictEqual(before?.problem ?? null, state.problem) ? null : (state.problem ?? over),
    ];
    for (const notice of news) if (notice) this.note(notice);
  }

  /** Keeps something that happened. */
  note(notice: Notice): void {
    this.#changes = [...this.#changes, { atMs: this.#now(), notice }].slice(-maxSessionChanges);
  }

  #add(second: Step): void {
    this.#open = this.#openSeconds === 0 ? second : mergeSteps(this.#open, second);
    this.#openSeconds += 1;
    if (this.#openSeconds < this.#stepSeconds) return;
    this.#steps.push(this.#open);
    this.#openSeconds = 0;
    if (this.#steps.length < maxSessionPoints) return;
    this.#steps = this.#steps.flatMap((step, index) =>
      index % 2 === 0 ? [mergeSteps(step, this.#steps[index + 1] ?? silence())] : [],
    );
    this.#stepSeconds *= 2;
  }
}

const over: Notice = { code: 'session.problem-over', params: {} };

function endpointNews(
  code: 'session.input' | 'session.output',
  before: AppState['input'] | undefined,
  { chosenName, present }: AppState['input'],
): Notice | null {
  if (before?.chosenName === chosenName && before.present === present) return null;
  const name = chosenName ?? { code: 'session.nothing', params: {} };
  if (!present && chosenName !== null) return { code: `${code}-away`, params: { name } };
  return { code, params: { name } };
}

const silence = (): Step => ({ weight: 0, values: valuesOf(() => null) });

const stepOf = (numbers: SessionNumbers, before: SessionNumbers | null): Step => ({
  weight: 1,
  values: valuesOf((name) => rules[name].read(numbers, before)),
});

function mergeSteps(a: Step, b: Step): Step {
  return {
    weight: a.weight + b.weight,
    values: valuesOf((name) => {
      const [first, second] = [a.values[name], b.values[name]];
      if (first === null || second === null) return first ?? second;
      return rules[name].merge(first, second, a.weight, b.weight);
    }),
  };
}

const valuesOf = (read: (name: SeriesName) => number | null): Step['values'] =>
  Object.fromEntries(names.map((name) => [name, read(name)])) as Step['values'];
