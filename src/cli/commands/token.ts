import { Option, type Command } from 'commander';
import { clockSkewMs } from '../../main/auth/backendClient.js';
import type { Licensing } from '../../main/auth/licensing.js';
import { withLicensing } from '../../main/auth/withLicensing.js';
import { configOption, jsonOption } from '../options.js';
import { printJson, printLine } from '../output.js';

interface TokenOptions {
  environment?: string;
  config?: string;
  json?: boolean;
}

/** What is told of a token; never any part of it. */
interface TokenReport {
  environment: string;
  subject: string | null;
  issuer: string | null;
  /** ISO 8601, by the backend's clock. */
  expiresAt: string;
  /** From `iat` to `exp`; null when the token does not say when it was issued. */
  lifetimeSeconds: number | null;
  /** The backend's clock minus this computer's, good to half a second; null when the backend does not say. */
  skewMs: number | null;
  latencyMs: number;
}

/** Adds `limpid token`. */
export function registerToken(program: Command): void {
  program
    .command('token')
    .description('Fetch one token from the backend and say what is in it, without the token itself.')
    .addOption(new Option('--environment <name>', 'another backend than the one in use'))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The backend is the one of the window, or of LIMPID_BACKEND_URL and LIMPID_BACKEND_CREDENTIAL. The token is thrown away.
Proxies: HTTPS_PROXY, HTTP_PROXY, NO_PROXY, unless the backend has one of its own.

JSON: { "environment", "subject", "issuer", "expiresAt", "lifetimeSeconds", "skewMs", "latencyMs" }
  skewMs: the backend's clock minus this computer's, good to half a second`,
    )
    .action(showToken);
}

async function showToken({ environment, config, json = false }: TokenOptions): Promise<void> {
  const report = await withLicensing(config, null, (licensing) => fetchReport(licensing, environment));
  if (json) return printJson(report);
  for (const line of formatReport(report)) printLine(line);
}

async function fetchReport(licensing: Licensing, wanted: string | undefined): Promise<TokenReport> {
  const { backend } = licensing;
  const { name } = wanted === undefined ? backend.requireActive() : backend.require(wanted);
  const fetched = await licensing.fetchToken(name);
  const { issuedAtMs, expiresAtMs, subject, issuer, latencyMs } = fetched;
  return {
    environment: name,
    subject,
    issuer,
    expiresAt: new Date(expiresAtMs).toISOString(),
    lifetimeSeconds: issuedAtMs === null ? null : (expiresAtMs - issuedAtMs) / 1000,
    skewMs: clockSkewMs(fetched, Date.now()),
    latencyMs: Math.round(latencyMs),
  };
}

function formatReport(report: TokenReport): string[] {
  const { environment, subject, issuer, expiresAt, lifetimeSeconds, skewMs, latencyMs } = report;
  return [
    `Backend    ${environment}, answered in ${latencyMs} ms`,
    `Subject    ${subject ?? 'not said'}`,
    `Issuer     ${issuer ?? 'not said'}`,
    `Ends       ${expiresAt}${lifetimeSeconds === null ? '' : ` (${lifetimeSeconds} s after it was issued)`}`,
    `Clock      ${skewMs === null ? 'the backend does not say' : describeSkew(skewMs)}`,
  ];
}

function describeSkew(skewMs: number): string {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (seconds <= 1) return 'agrees with this computer’s';
  return `the backend’s is ${seconds} s ${skewMs > 0 ? 'ahead of' : 'behind'} this computer’s`;
}
