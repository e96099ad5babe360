import { Option, type Command } from 'commander';
import type { Configuration } from '../../backend/configuration/configuration.js';
import {
  ConfigurationError,
  inspectConfiguration,
  loadConfiguration,
  type ConfigurationProblem,
  type ConfigurationSummary,
  type LoadOptions,
} from '../../backend/configuration/load.js';
import { variableEntries } from '../../backend/configuration/variables.js';
import type { BackendServer } from '../../backend/server.js';
import { isLoopbackHost } from '../../main/auth/backendRules.js';
import { LimpidError } from '../../shared/errors.js';
import { waitForInterrupt } from '../interrupt.js';
import { jsonOption, numberParser } from '../options.js';
import { log, printJson, printLine } from '../output.js';
import { registerAddClient } from './backendClient.js';

interface BackendOptions {
  config?: string;
  host?: string;
  port?: number;
  check?: boolean;
  json?: boolean;
}

/** Adds `limpid backend`. */
export const registerBackend = (program: Command): void => setUpBackend(program.command('backend'));

/** Makes a command the token backend: `limpid backend`, or a program of its own. */
export function setUpBackend(command: Command): void {
  command
    .description('Run the token backend: it holds the vendors’ keys and gives callers short-lived tokens.')
    // `add-client` has options of the same names.
    .enablePositionalOptions()
    .helpCommand(false)
    .addOption(new Option('--config <file>', 'configuration file (also LIMPID_TOKENS_CONFIG)'))
    .addOption(new Option('--host <host>', 'address to listen on (also LIMPID_TOKENS_HOST)'))
    .addOption(
      new Option('--port <port>', 'port to listen on; 0 takes a free one (also LIMPID_TOKENS_PORT)').argParser(
        numberParser('--port', { min: 0, max: 65_535, integer: true }),
      ),
    )
    .option('--check', 'look at the configuration, say what is set up and what is wrong, and end')
    .addOption(jsonOption())
    .addHelpText('after', helpText)
    .action(runBackend);
  registerAddClient(command);
}

const helpText = (): string => `
Variables, which win over the file; secrets only by these, or by a file that <NAME>_FILE names:
${variableEntries
  .map(([name, { description, isSecret }]) => `  ${(isSecret ? `${name}[_FILE]` : name).padEnd(26)}  ${description}`)
  .join('\n')}

SIGHUP reads file and variables’ files again and drops no request; SIGTERM and Ctrl-C let requests end. The log goes to
standard output, with --json to standard error.

Examples:
  limpid backend add-client front-desk --config backend.json
  limpid backend --check --config backend.json
  limpid backend --config backend.json

JSON: { "url" }; with --check: { "ok", "configured", "problems": [{ "where", "problem" }] }`;

async function runBackend(options: BackendOptions): Promise<void> {
  const source: LoadOptions = {
    path: options.config ?? null,
    variables: process.env,
    listen: { host: options.host, port: options.port },
  };
  await (options.check ? check(source, options.json ?? false) : serve(source, options.json ?? false));
}

async function check(source: LoadOptions, isJson: boolean): Promise<void> {
  const { summary, problems } = await inspectConfiguration(source);
  if (problems.length > 0) process.exitCode = 1;
  if (isJson) return printJson({ ok: problems.length === 0, configured: summary, problems });
  for (const line of formatSummary(summary)) printLine(line);
  printLine();
  if (problems.length === 0) return printLine('Nothing is wrong.');
  printLine(
    problems.length === 1 ? 'One thing is wrong or missing:' : `${problems.length} things are wrong or missing:`,
  );
  for (const problem of problems) printLine(`  ${formatProblem(problem)}`);
}

async function serve(source: LoadOptions, isJson: boolean): Promise<void> {
  const ended = waitForInterrupt(['SIGINT', 'SIGTERM']);
  const reloads = new Reloads(source);
  // From here on, for without a listener the signal would end the process.
  process.on('SIGHUP', () => void reloads.request());
  const configuration = await loadConfiguration(source).catch(refuse);
  const server = await start(configuration, isJson);
  reloads.follow(server, configuration.listen.host);
  if (isJson) printJson({ url: server.url });
  else log(`The token backend listens on ${server.url}`);
  await ended;
  reloads.end();
  await server.close();
}

async function start(configuration: Configuration, isJson: boolean): Promise<BackendServer> {
  const { startBackendServer } = await import('../../backend/server.js');
  try {
    return await startBackendServer(configuration, { logTo: isJson ? 'stderr' : 'stdout' });
  } catch (error) {
    throw explainListening(error, configuration.listen);
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof ConfigurationError)) throw error;
  for (const problem of error.problems) log(formatProblem(problem));
  throw new LimpidError('server.configuration', { count: error.problems.length });
}

function explainListening(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  const options = { cause: error };
  if (code === undefined || !['listen', 'bind', 'getaddrinfo'].includes(syscall ?? '')) return error;
  switch (code) {
    case 'EADDRINUSE':
      return new LimpidError('server.port-in-use', { host, port }, options);
    case 'EACCES':
      return new LimpidError('server.port-privileged', { port }, options);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new LimpidError('server.host-unknown', { host }, options);
    default:
      return new LimpidError('server.not-listening', { host, port, detail: code }, options);
  }
}

/** Reloads one after the other; requests that come while one waits for its turn are answered by that one. */
class Reloads {
  readonly #source: LoadOptions;
  #follow: (running: { server: BackendServer; host: string }) => void = () => undefined;
  readonly #started = new Promise<{ server: BackendServer; host: string }>((resolve) => (this.#follow = resolve));
  #isWaiting = false;
  #isEnding = false;
  #last: Promise<void> = Promise.resolve();

  constructor(source: LoadOptions) {
    this.#source = source;
  }

  /** What was asked for before waits until now. `host`: the one that the server listens on, which stays the same for good. */
  follow(server: BackendServer, host: string): void {
    this.#follow({ server, host });
  }

  /** The server ends, and takes no other configuration any more. */
  end(): void {
    this.#isEnding = true;
  }

  request(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    this.#last = this.#last.then(() => this.#reload());
  }

  async #reload(): Promise<void> {
    const { server, host } = await this.#started;
    this.#isWaiting = false;
    try {
      const configuration = await loadConfiguration(this.#source);
      if (configuration.callers.isAnonymousAllowed && !isLoopbackHost(host)) {
        const problem = `cannot become true while the server listens on ${host}: start it anew`;
        throw new ConfigurationError([{ where: 'callers.allowAnonymous', problem }]);
      }
      if (this.#isEnding) return server.report('reload_refused', { reason: 'the server is ending' });
      await server.reload(configuration);
    } catch (error) {
      // The text of another error may hold an address with its password.
      const problems = error instanceof ConfigurationError ? error.problems : [];
      for (const { where, problem } of problems) server.report('configuration_problem', { where, problem });
      const reason = problems.length > 0 ? 'the configuration has problems' : nameOf(error);
      server.report('reload_refused', { reason });
    }
  }
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

const formatProblem = ({ where, problem }: ConfigurationProblem): string => `${where} ${problem}`;

function formatSummary({ path, listen, providers, callers, limits, storeHost }: ConfigurationSummary): string[] {
  const { clients, identityProvider, isAnonymousAllowed } = callers;
  const counted = storeHost === null ? 'in each process' : `in the store at ${storeHost}`;
  return [
    `File               ${path ?? 'none'}`,
    `Listens on         ${listen ? `${listen.host}, port ${listen.port}` : 'unclear'}`,
    `Providers          ${providers.map(({ id, host }) => `${id} (${host})`).join(', ') || 'none'}`,
    `Client keys        ${clients ?? 'unclear'}`,
    `Identity provider  ${
      identityProvider
        ? `${identityProvider.issuer}, audience ${identityProvider.audience}, scope ${identityProvider.requiredScope}`
        : 'none'
    }`,
    ...(isAnonymousAllowed ? ['Anonymous          allowed, from this computer'] : []),
    `Limits             ${
      limits
        ? `${limits.perClient} a client and ${limits.perProvider} a provider in ${limits.windowSeconds} s, counted ${counted}`
        : 'unclear'
    }`,
  ];
}
