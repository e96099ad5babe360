import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { errorOf } from '../../shared/errors.js';
import { waitForInterrupt } from '../interrupt.js';
import { formatSummary } from '../liveLine.js';
import { answerQuestion, keepAnswering, terminalAsker, type Ask } from '../liveQuestions.js';
import { LiveRecorder } from '../liveRecorder.js';
import { LiveReporter } from '../liveReporter.js';
import { openLiveSession, type LiveChoices, type LiveSession } from '../liveSession.js';
import { configOption, engineOption, jsonOption, levelOption, periodOption, secondsOption } from '../options.js';
import { printJson, printLine } from '../output.js';

interface LiveOptions extends LiveChoices {
  seconds?: number;
  record?: string;
  json?: boolean;
}

/** Adds `limpid live`. */
export function registerLive(program: Command): void {
  program
    .command('live')
    .description('Clean a live voice: from a microphone to headphones, or to a microphone for other programs.')
    .option('--input <device>', 'where the voice comes from (default: the system’s microphone)')
    .option('--output <device>', '“virtual” makes a Limpid microphone for other programs (Linux)')
    .addOption(engineOption())
    .addOption(levelOption())
    .addOption(secondsOption('end after so many seconds (default: at Ctrl-C)'))
    .addOption(periodOption())
    .option('--record <folder>', 'write original.wav and enhanced.wav; earlier recordings are kept')
    .addOption(jsonOption())
    .addOption(configOption())
    .addHelpText(
      'after',
      `
A device is an id, an exact name, or a part of a name that fits no other: see limpid devices.
What is left out comes from the settings of the window; without an output there, --output is needed.

The engine aic takes its tokens from the backend of the window, or of LIMPID_BACKEND_URL and LIMPID_BACKEND_CREDENTIAL; its
library and model from AIC_LIB_PATH and LIMPID_AIC_MODEL, the settings, or where limpid sdk and limpid models put them.

Examples:
  limpid live --output Headphones
  limpid live --input USB --output virtual --level 0.8
  limpid live --output Headphones --seconds 10 --record takes --json`,
    )
    .action(runLive);
}

async function runLive({ seconds, record, json = false, ...choices }: LiveOptions): Promise<void> {
  const interrupted = waitForInterrupt();
  const session = await openLiveSession({ ...choices, ...(record !== undefined && { record }) });
  const ask = terminalAsker(interrupted);
  const reporter = new LiveReporter(session);
  const recorder = record === undefined ? null : new LiveRecorder(session, record);
  let token = tokenReport(session);
  try {
    await Promise.race([startLive(session, ask), interrupted]);
    await recorder?.start();
    const timeIsUp = seconds === undefined ? [] : [sleep(seconds * 1000)];
    await Promise.race([interrupted, keepAnswering(session.enhancer, ask), ...timeIsUp]);
  } finally {
    reporter.end();
    await recorder?.stop();
    token = tokenReport(session);
    await session.dispose();
  }
  if (json) printJson({ ...reporter.numbers, recordings: recorder?.folders ?? [], token });
  else printLine(formatSummary(reporter.numbers));
  if (recorder?.hasFailed) process.exitCode = 1;
}

/** The embedded engines need no token. */
function tokenReport({ enhancer, licensing }: LiveSession): { refreshes: number; failures: number; state: string } {
  const { refreshes, failures, state } = licensing.licence.keeper.status;
  return { refreshes, failures, state: enhancer.state.engine === 'aic' ? state : 'not-needed' };
}

/** Starts the sound, asking what has to be asked. Throws when nothing will sound without another choice. */
async function startLive({ enhancer }: LiveSession, ask: Ask | null): Promise<void> {
  await enhancer.start();
  await answerQuestion(enhancer, ask);
  const { phase, problem } = enhancer.state;
  if (problem && (phase === 'failed' || phase === 'off')) throw errorOf(problem);
}
