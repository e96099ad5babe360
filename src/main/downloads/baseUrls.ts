import { LimpidError } from '../../shared/errors.js';
import { isLoopbackHost } from '../auth/backendRules.js';

/** Where downloads come from: `sdk` has the vendor's archives, `models` its manifest and models, `crates` the Rust crates that hold the archives' checksums. */
export const downloadSources = {
  sdk: {
    variable: 'LIMPID_SDK_BASE_URL',
    address: 'https://github.com/ai-coustics/aic-sdk-c/releases/download',
  },
  models: { variable: 'LIMPID_MODELS_BASE_URL', address: 'https://artifacts.ai-coustics.io' },
  crates: { variable: 'LIMPID_CRATES_BASE_URL', address: 'https://static.crates.io/crates' },
} as const;

/**
 * The base address of a source, without a slash at its end: `chosen`, else its environment variable, else the usual one.
 * Throws `download.base-url` unless it is https, or http on this computer, without user, password, query and fragment.
 */
export function baseUrl(
  source: keyof typeof downloadSources,
  chosen: string | null = null,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const { variable, address } = downloadSources[source];
  const text = (chosen || environment[variable] || address).trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !isAllowed(url, true)) throw new LimpidError('download.base-url', { name: chosen ? source : variable });
  if (url.username || url.password || url.search || url.hash) {
    throw new LimpidError('download.base-url', { name: chosen ? source : variable });
  }
  return url.href.replace(/\/+$/, '');
}

/** Whether a download may come from there. Plain http is for servers on this computer, reached from this computer. */
export const isAllowed = (url: URL, fromLoopback: boolean): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && fromLoopback && isLoopbackHost(url.hostname));

/** An address as people may see it: redirects lead to signed ones, whose query is a key. */
export const shownUrl = (url: URL): string => `${url.origin}${url.pathname}`;
