import { Option, type Command } from 'commander';
import type { Licensing } from '../../main/auth/licensing.js';
import { requireSignInPage } from '../../main/auth/signInAddress.js';
import { withLicensing } from '../../main/auth/withLicensing.js';
import { defaultSettingsPath } from '../../main/settings/settings.js';
import { LimpidError, type Notice } from '../../shared/errors.js';
import { describe } from '../../shared/messages/index.js';
import { waitForInterrupt } from '../interrupt.js';
import { openPrivately } from '../openPrivately.js';
import { configOption, jsonOption } from '../options.js';
import { log, printJson, printLine } from '../output.js';

interface SignInCommandOptions {
  environment?: string;
  browser?: boolean;
  config?: string;
  json?: boolean;
}

interface SignInReport {
  environment: string;
  /** What the provider calls the person; null: it does not say. */
  account: string | null;
  /** When the access token ends that came with it, ISO 8601; null: the provider does not say. Limpid renews it by itself. */
  expiresAt: string | null;
}

/** Adds `limpid sign-in`. */
export function registerSignIn(program: Command): void {
  program
    .command('sign-in')
    .description('Sign in at the identity provider of a backend, so that tokens are fetched in your name.')
    .addOption(new Option('--environment <name>', 'another backend than the one in use'))
    .option('--browser', 'in the browser of this computer, instead of with a code')
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Address and code are printed on stderr; enter the code in any browser, also on another device. The sign-in is kept in the
keychain, for the window and for every command of this user, until limpid sign-out. LIMPID_BACKEND_CREDENTIAL has no part
in it: it is for the backend of LIMPID_BACKEND_URL, and for environments whose credential is of another kind.

JSON: { "environment", "account", "expiresAt" }
  expiresAt: end of the first access token, which is renewed without you`,
    )
    .action(runSignIn);
}

async function runSignIn({ environment, browser = false, config, json = false }: SignInCommandOptions): Promise<void> {
  const pagePath = `${config ?? defaultSettingsPath()}.sign-in.html`;
  const report = await withLicensing(config, null, (licensing) => signInAt(licensing, environment, browser), {
    openSignInPage: (url) => openPage(requireSignInPage(url), pagePath),
  });
  if (json) return printJson(report);
  printLine(`Signed in${report.account === null ? '' : ` as ${report.account}`} for ${report.environment}.`);
}

/** Rejects when the sign-in would not outlive this process; the provider is told then, where it has a place for that. */
async function signInAt(
  { backend, credentials, signIn }: Licensing,
  wanted: string | undefined,
  browser: boolean,
): Promise<SignInReport> {
  const { name } = wanted === undefined ? backend.requireActive() : backend.require(wanted);
  void waitForInterrupt().then(() => signIn.cancel());
  // What waits for the provider does not keep the process.
  const stayAlive = setInterval(() => undefined, 60_000);
  try {
    await signIn.start(name, browser ? 'browser' : 'device');
    const { userCode: code, verificationUrl: url } = signIn.view ?? {};
    if (code && url) tell({ code: 'signIn.enter-code', params: { url, code } });
    else tell({ code: 'signIn.in-browser', params: {} });
    await signIn.finished();

    const environment = backend.require(name);
    const isKept = signIn.kindOf(environment) === 'saved';
    const expiresAtMs = signIn.expiresAtMs(name);
    const report: SignInReport = {
      environment: name,
      account: signIn.accountOf(environment),
      expiresAt: expiresAtMs === null ? null : new Date(expiresAtMs).toISOString(),
    };
    if (isKept) return report;
    const { notice: reason } = credentials.keychain;
    const { wasTold } = await signIn.end(name).catch(() => ({ wasTold: false }));
    if (reason) throw new LimpidError(wasTold ? 'signIn.not-kept' : 'signIn.not-kept-untold', { reason });
    throw new LimpidError('signIn.no-refresh-token', { environment: name });
  } finally {
    clearInterval(stayAlive);
  }
}

function tell(notice: Notice): void {
  const { message, hint } = describe(notice);
  log(`${message}\n${hint}`);
}

async function openPage(url: string, pagePath: string): Promise<void> {
  await openPrivately(url, pagePath).catch((cause: unknown) => {
    throw new LimpidError('signIn.not-opened', {}, { cause });
  });
}
