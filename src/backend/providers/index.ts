import type { Configuration } from '../configuration/configuration.js';
import { AiCoustics } from './aiCoustics.js';
import { Aiola } from './aiola.js';
import { AssemblyAi } from './assemblyai.js';
import type { Provider, ProviderId, SessionProvider } from './provider.js';
import { Soniox } from './soniox.js';

/** The vendors; null where this server has no key. */
export type Providers = { [Id in ProviderId]: (Id extends 'aiola' ? SessionProvider : Provider<Id>) | null };

/** Makes the vendors of a configuration. Their connections are opened with the first mint; close each `upstream`. */
export function createProviders({ providers, upstreamTimeoutMs: timeoutMs }: Configuration): Providers {
  const { 'ai-coustics': aiCoustics, assemblyai, soniox, aiola } = providers;
  return {
    'ai-coustics': aiCoustics && new AiCoustics({ ...aiCoustics, timeoutMs }),
    assemblyai: assemblyai && new AssemblyAi({ ...assemblyai, timeoutMs }),
    soniox: soniox && new Soniox({ ...soniox, timeoutMs }),
    aiola: aiola && new Aiola({ ...aiola, timeoutMs }),
  };
}
