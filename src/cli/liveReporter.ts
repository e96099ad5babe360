import type { LoopNumbers } from '../main/audio/native.js';
import { describe } from '../shared/messages/index.js';
import type { AppState } from '../shared/state.js';
import { formatLiveLine } from './liveLine.js';
import type { LiveSession } from './liveSession.js';
import { log, StatusLine } from './output.js';
import { SessionTotals } from './sessionTotals.js';

const refreshMs = 200;

/** Tells on stderr how a live voice is doing: a line for each change of state and, on a terminal, a line of figures. */
export class LiveReporter {
  readonly #session: LiveSession;
  readonly #line = new StatusLine();
  readonly #refresh: NodeJS.Timeout;
  readonly #stopListening: (() => void)[];
  readonly #totals = new SessionTotals();
  #lastState: string;

  constructor(session: LiveSession) {
    this.#session = session;
    this.#lastState = formatState(session.enhancer.state);
    for (const notice of session.notices) log(describe(notice).message);
    this.#stopListening = [
      session.enhancer.onNumbers((numbers) => this.#totals.take(numbers)),
      session.enhancer.onState((state) => this.#report(formatState(state))),
    ];
    this.#refresh = setInterval(() => this.#updateLine(), refreshMs);
  }

  /** The figures of the run; those of a closed loop when it was never open. */
  get numbers(): LoopNumbers {
    return this.#totals.numbers ?? this.#session.loop.numbers();
  }

  /** Takes the last figures and stops telling. */
  end(): void {
    const { numbers } = this.#session.enhancer;
    if (numbers) this.#totals.take(numbers);
    clearInterval(this.#refresh);
    for (const stopListening of this.#stopListening) stopListening();
    this.#line.clear();
  }

  #report(text: string): void {
    if (text === this.#lastState) return;
    this.#lastState = text;
    this.#line.clear();
    log(text);
  }

  #updateLine(): void {
    const { numbers } = this.#session.enhancer;
    if (numbers) this.#line.update(formatLiveLine(numbers));
  }
}

/** The state in a sentence, then what is wrong and what to do about it. */
function formatState({ status, problem }: Pick<AppState, 'status' | 'problem'>): string {
  const sentence = describe(status).message;
  if (!problem) return sentence;
  const { message, hint } = describe(problem);
  return `${sentence}\n${problem.code}: ${message} ${hint}`;
}
