import { isDeepStrictEqual } from 'node:util';
import {
  maxSessionChanges,
  maxSessionPoints,
  type SeriesFacts,
  type SessionChange,
  type SessionHistory,
} from '../../shared/diagnostics.js';
import type { Notice } from '../../shared/errors.js';
import type { AppState } from '../../shared/state.js';
import type { LoopNumbers } from '../audio/native.js';

/** The numbers that a session is told by. */
export type SessionNumbers = Pick<
  LoopNumbers,
  | 'inputRmsDb'
  | 'outputRmsDb'
  | 'noiseReductionDb'
  | 'delay'
  | 'load'
  | 'underruns'
  | 'secondsRunning'
  | 'inputRate'
  | 'outputRate'
  | 'inputPeriodFrames'
>;

/** The parts of the state whose changes are kept. */
export type SessionState = Pick<AppState, 'phase' | 'status' | 'problem' | 'input' | 'output' | 'heardEngine'>;

type SeriesName = keyof SessionHistory['facts'];

/** How the seconds of one step become its one value. */
interface Merge {
  read(numbers: SessionNumbers, before: SessionNumbers | null): number | null;
  /** `weight`: how many seconds with sound each side stands for. */
  merge(a: number, b: number, weightA: number, weightB: number): number;
  /** The average is that of powers, as levels are heard. */
  isLevel?: true;
}

const toPower = (db: number): number => 10 ** (db / 10);
const toDb = (power: number): number => 10 * Math.log10(power);
const mean = (a: number, b: number, weightA: number, weightB: number): number =>
  (a * weightA + b * weightB) / (weightA + weightB);
const powerMean = (a: number, b: number, weightA: number, weightB: number): number =>
  toDb(mean(toPower(a), toPower(b), weightA, weightB));
const larger = (a: number, b: number): number => Math.max(a, b);

const rules: Record<SeriesName, Merge> = {
  inputDb: { read: ({ inputRmsDb }) => inputRmsDb, merge: powerMean, isLevel: true },
  outputDb: { read: ({ outputRmsDb }) => outputRmsDb, merge: powerMean, isLevel: true },
  noiseReductionDb: { read: ({ noiseReductionDb }) => noiseReductionDb, merge: mean },
  // What a person hears is the worst moment.
  delayMs: { read: ({ delay }) => delay.totalMs, merge: larger },
  loadP99: { read: ({ load }) => load.recentP99, merge: larger },
  underruns: {
    read: (numbers, before) => numbers.underruns - (before && goesOn(before, numbers) ? before.underruns : 0),
    merge: (a, b) => a + b,
  },
};

/** Whether both were counted from the same start: streams that were opened with another shape count anew. */
function goesOn(before: SessionNumbers, now: SessionNumbers): boolean {
  const isSameShape = (['inputRate', 'outputRate', 'inputPeriodFrames'] as const).every(
    (name) => before[name] === now[name],
  );
  return isSameShape && before.secondsRunning <= now.secondsRunning && before.underruns <= now.underruns;
}

const names = Object.keys(rules) as SeriesName[];

/** Some seconds of the session; a value is null where there was no sound. */
interface Step {
  /** Seconds with sound. */
  weight: number;
  values: Record<SeriesName, number | null>;
}

/** The seconds with sound of the whole session, whatever its length. `sum`: of levels, of their powers. */
interface Total {
  seconds: number;
  sum: number;
  lowest: number;
  highest: number;
}

/** After a sleep of the computer longer than this, or a clock that was set, the time between is left out. */
const longestGapSeconds = 7 * 24 * 3600;
/** A timer that is this late between two moments with sound has missed no silence. */
const longestMissSeconds = 3;

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
  /** Of the second before; null: it had no sound. */
  #before: SessionNumbers | null = null;
  readonly #totals = new Map<SeriesName, Total>();
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
    const facts = names.map((name) => [name, this.#factsOf(name)] as const);
    return {
      startedAtMs: this.#startedAtMs,
      stepSeconds: this.#stepSeconds,
      ...(Object.fromEntries(series) as Record<SeriesName, (number | null)[]>),
      facts: Object.fromEntries(facts) as SessionHistory['facts'],
      changes: this.#changes,
    };
  }

  /**
   * Takes the numbers of this second; null while there is no sound. Asked about once a second; longer than three seconds in which nobody
   * asked were silent.
   */
  sample(numbers: SessionNumbers | null): void {
    const late = Math.floor((this.#now() - this.#nextAtMs) / 1000);
    // A clock that was set back, or far ahead, says nothing of how long the session is.
    const isClockSet = late < -5 || late > longestGapSeconds;
    if (isClockSet) this.#nextAtMs = this.#now();
    else if (late < 0) return;
    const missed = isClockSet ? 0 : late;
    if (missed > 0) this.#addMissed(numbers, missed);
    this.#take(numbers);
    this.#nextAtMs += (missed + 1) * 1000;
  }

  #addMissed(numbers: SessionNumbers | null, seconds: number): void {
    const wasHeard = seconds <= longestMissSeconds && numbers !== null && this.#before !== null;
    if (!wasHeard) return this.#add(silence(), seconds);
    // The under-runs meanwhile are counted with the second that is there.
    const held = { ...numbers, underruns: this.#before?.underruns ?? 0 };
    for (let second = 0; second < seconds; second += 1) this.#take(held);
  }

  #take(numbers: SessionNumbers | null): void {
    const step = numbers ? stepOf(numbers, this.#before) : silence();
    this.#before = numbers;
    this.#add(step, 1);
    for (const name of names) {
      const value = step.values[name];
      if (value !== null) this.#count(name, value);
    }
  }

  #count(name: SeriesName, value: number): void {
    const { seconds, sum, lowest, highest } = this.#totals.get(name) ?? {
      seconds: 0,
      sum: 0,
      lowest: value,
      highest: value,
    };
    this.#totals.set(name, {
      seconds: seconds + 1,
      sum: sum + (rules[name].isLevel ? toPower(value) : value),
      lowest: Math.min(lowest, value),
      highest: Math.max(highest, value),
    });
  }

  #factsOf(name: SeriesName): SeriesFacts | null {
    const total = this.#totals.get(name);
    if (!total) return null;
    const { seconds, sum, lowest, highest } = total;
    return { seconds, lowest, mean: rules[name].isLevel ? toDb(sum / seconds) : sum / seconds, highest };
  }

  /** Keeps what is new in the state. */
  follow(state: SessionState): void {
    const before = this.#state;
    this.#state = state;
    const news: (Notice | null)[] = [
      endpointNews('session.input', before?.input, state.input),
      endpointNews('session.output', before?.output, state.output),
      before && before.heardEngine !== state.heardEngine
        ? { code: 'session.engine', params: { engine: { code: `session.engine.${state.heardEngine}`, params: {} } } }
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

  /** Adds seconds that are all the same; the silence of a night takes no longer than a second of sound. */
  #add(second: Step, seconds: number): void {
    for (let left = seconds; left > 0;) {
      const taken = Math.min(left, this.#stepSeconds - this.#openSeconds);
      this.#open = this.#openSeconds === 0 ? second : mergeSteps(this.#open, second);
      this.#openSeconds += taken;
      left -= taken;
      if (this.#openSeconds === this.#stepSeconds) this.#close();
    }
  }

  /** Keeps the step that is full. When there are too many, neighbours become one. */
  #close(): void {
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
