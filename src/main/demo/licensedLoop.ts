import { isDeepStrictEqual } from 'node:util';
import { backendEnvironment } from '../../shared/backend.js';
import type { Notice } from '../../shared/errors.js';
import type { LicensedChoice } from '../../shared/state.js';
import type { TokenEvent } from '../../shared/token.js';
import type { LicensedFiles } from '../audio/licensedFiles.js';
import type { Native } from '../audio/native.js';
import { fetchToken } from '../auth/backendClient.js';
import { Licence } from '../auth/licence.js';
import { startTokenBackend } from './tokenBackend.js';

export const demoTokenSeconds = 20;

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
  let newest: TokenEvent | undefined;
  licence.keeper.onStatus(({ history }) => {
    const known = history.findIndex((event) => isDeepStrictEqual(event, newest));
    const news = known < 0 ? history : history.slice(0, known);
    newest = history[0];
    for (const { notice } of news.toReversed()) onToken(notice);
  });
  licence.want('aic');
  await licence.prepare();
  const { choice, obstacle } = licence.choose('aic');
  const timer = { kind: 'timer' } as const;
  if (!obstacle) await loop.start({ input: timer, output: timer, ...choice, level: 1, bypass: false });

  return {
    async stop() {
      const numbers = loop.numbers();
      const { view, keeper } = licence;
      const report: TokenReport = {
        tokenRefreshes: Math.max(0, keeper.status.refreshes - 1),
        licensed:
          obstacle || !view.loaded
            ? null
            : {
                sdkVersion: view.loaded.sdkVersion,
                engineStatus: numbers.engineStatus,
                modelLoads: numbers.counters.modelLoads,
                processorCreates: numbers.counters.processorCreates,
                tokenUpdates: numbers.counters.tokenUpdates,
                underruns: numbers.underruns,
              },
      };
      await loop.stop();
      await licence.dispose();
      await backend.close();
      return report;
    },
  };
}
