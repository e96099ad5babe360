import { isDeepStrictEqual } from 'node:util';
import { backendEnvironment } from '../../shared/backend.js';
import type { Notice } from '../../shared/errors.js';
import type { LicensedChoice } from '../../shared/state.js';
import type { TokenEvent, TokenStatus } from '../../shared/token.js';
import type { LicensedFiles } from '../audio/licensedFiles.js';
import type { LoopNumbers, Native } from '../audio/native.js';
import { fetchToken } from '../auth/backendClient.js';
import { Licence } from '../auth/licence.js';
import { startTokenBackend } from './tokenBackend.js';

const demoTokenSeconds = 20;
/** On a busy machine. */
const readyPatienceMs = 10_000;
const timer = { kind: 'timer' } as const;

/** What the tokens of a demo did. */
export interface TokenReport {
  /** Tokens after the first. */
  tokenRefreshes: number;
  /** Of the licensed engine; null where there is none that takes these tokens, and they were only fetched and kept. */
  licensed: {
    sdkVersion: string;
    engineStatus: string;
    modelLoads: number;
    processorCreates: number;
    tokenUpdates: number;
    underruns: number;
  } | null;
}

const nothingChosen: LicensedChoice = { libraryPath: null, modelPath: null, vadModelPath: null, otel: null };

/**
 * The vendor's own library is not used: it would report the demo's tokens, which are good on this computer only, as forged.
 * One that takes them may be named by these variables.
 */
function findDemoFiles(): LicensedFiles {
  const { LIMPID_DEMO_AIC_LIB: libraryPath = null, LIMPID_DEMO_AIC_MODEL: modelPath = null } = process.env;
  return { libraryPath, modelPath, vadModelPath: null };
}

/**
 * A backend on this computer that mints tokens of 20 seconds, and a second voice through a licensed engine that lives on
 * them, where there is one. `onToken` is told whatever happens to the token.
 */
export async function startLicensedLoop(
  native: Native,
  onToken: (notice: Notice) => void,
): Promise<{ stop(): Promise<TokenReport> }> {
  const backend = await startTokenBackend({ lifetimeSeconds: demoTokenSeconds });
  const environment = backendEnvironment.parse({ name: 'demo', url: backend.url });
  const licence = new Licence({
    native,
    choice: () => nothingChosen,
    findFiles: findDemoFiles,
    fallback: () => 'bypass',
    environment: () => environment.name,
    fetchToken: (signal) => fetchToken(environment, backend.credential, { signal }),
  });
  const loop = new native.Loop();
  const end = async (): Promise<void> => {
    await loop.stop();
    await licence.dispose();
    await backend.close();
  };
  licence.keeper.onStatus(tellNews(onToken));
  licence.follow({ wished: 'aic', isSounding: true });
  await licence.ready(readyPatienceMs);
  const { choice, obstacle } = licence.choose('aic');
  if (obstacle) return { stop: () => end().then(() => reportOf(licence, null)) };
  try {
    await loop.start({ input: timer, output: timer, ...choice, level: 1, bypass: false });
  } catch (error) {
    await end();
    throw error;
  }
  return {
    async stop() {
      const report = reportOf(licence, loop.numbers());
      await end();
      return report;
    },
  };
}

function reportOf({ keeper, view }: Licence, numbers: LoopNumbers | null): TokenReport {
  const tokenRefreshes = Math.max(0, keeper.status.refreshes - 1);
  if (!numbers || !view.loaded) return { tokenRefreshes, licensed: null };
  const { modelLoads, processorCreates, tokenUpdates } = numbers.counters;
  const { engineStatus, underruns } = numbers;
  const { sdkVersion } = view.loaded;
  return {
    tokenRefreshes,
    licensed: { sdkVersion, engineStatus, modelLoads, processorCreates, tokenUpdates, underruns },
  };
}

/** Hands on each event of a token's history once. */
function tellNews(onToken: (notice: Notice) => void): (status: TokenStatus) => void {
  let newest: TokenEvent | undefined;
  return ({ history }) => {
    const known = history.findIndex((event) => isDeepStrictEqual(event, newest));
    const news = known < 0 ? history : history.slice(0, known);
    newest = history[0];
    for (const { notice } of news.toReversed()) onToken(notice);
  };
}
