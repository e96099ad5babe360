import { createInterface } from 'node:readline/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Enhancer } from '../main/audio/enhancer.js';
import { LimpidError, type Notice } from '../shared/errors.js';
import { describe } from '../shared/messages/index.js';

type Questioner = Pick<Enhancer, 'state' | 'onState' | 'answer'>;
export type Ask = (question: Notice) => Promise<boolean>;

/**
 * Puts what the enhancer asks now, if anything, to a person; without one (`ask` is null) it throws `live.speakers-unconfirmed`.
 * A no throws `cancelled`. What is no longer the question when the answer comes stays unanswered.
 */
export async function answerQuestion(enhancer: Questioner, ask: Ask | null): Promise<void> {
  const { question } = enhancer.state;
  if (!question) return;
  if (!ask) throw new LimpidError('live.speakers-unconfirmed', question.params);
  const yes = await ask(question);
  if (!isDeepStrictEqual(enhancer.state.question, question)) return;
  if (!yes) throw new LimpidError('cancelled');
  await enhancer.answer(true);
}

/** Answers whatever is asked from now on, e.g. because the system's default moved to loudspeakers. Rejects like `answerQuestion`. */
export async function keepAnswering(enhancer: Questioner, ask: Ask | null): Promise<never> {
  for (;;) {
    await waitForQuestion(enhancer);
    await answerQuestion(enhancer, ask);
  }
}

/** Asks for a yes or no on the terminal, until an interrupt means no; null where there is no terminal. */
export function terminalAsker(interrupted: Promise<void>): Ask | null {
  if (!process.stdin.isTTY) return null;
  return async (question) => {
    const { message, hint } = describe(question);
    const terminal = createInterface({ input: process.stdin, output: process.stderr });
    terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    const answer = await Promise.race([terminal.question(`${message} ${hint} [y/N] `), interrupted]);
    terminal.close();
    return /^y(es)?$/i.test(answer?.trim() ?? '');
  };
}

function waitForQuestion(enhancer: Questioner): Promise<void> {
  if (enhancer.state.question) return Promise.resolve();
  return new Promise((resolve) => {
    const stopListening = enhancer.onState(({ question }) => {
      if (!question) return;
      stopListening();
      resolve();
    });
  });
}
