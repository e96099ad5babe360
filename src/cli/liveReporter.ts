import type { LoopNumbers } from '../main/audio/native.js';
import { describe } from '../shared/messages/index.js';
import { rootOf } from '../shared/rootOfProblem.js';
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
    this.#lastState = this.#formatState();
    for (const notice of session.notices) log(describe(notice).message);
    this.#stopListening = [
      session.enhancer.onNumbers((numbers) => this.#totals.take(numbers)),
      session.enhancer.onState(() => this.#report(this.#formatState())),
      session.licensing.onChange(() => this.#report(this.#formatState())),
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

  /** The state in a sentence, then what is wrong and what to do about it. */
  #formatState(): string {
    const { enhancer, licensing } = this.#session;
    const { status, problem } = enhancer.state;
    const sentence = describe(status).message;
    if (!problem) return sentence;
    const root = rootOf(problem, licensing.licence.keeper.status);
    const { message, hint } = describe(root);
    return `${sentence}\n${root.code}: ${message} ${hint}`;
  }

  #updateLine(): void {
    const { numbers } = this.#session.enhancer;
    if (numbers) this.#line.update(formatLiveLine(numbers));
  }
}
