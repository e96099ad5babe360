import { readFile } from 'node:fs/promises';
import { isLoopbackHost } from '../../main/auth/backendRules.js';
import { isRecord } from '../../shared/isRecord.js';
import { providerIds, type ProviderId } from '../providers/provider.js';
import { checkStoreUrl } from './addresses.js';
import type { Configuration } from './configuration.js';
import { sections, vendorUrls } from './fields.js';
import { FileTextError, parseFileText } from './fileText.js';
import { decodeSdkLicence } from './licence.js';
import { ConfigurationError, type ConfigurationProblem } from './problems.js';
import { describeUnreadable, readSecrets, type Secrets } from './secrets.js';
import { Sources } from './sources.js';
import { variableEntries, type SecretName } from './variables.js';

export { ConfigurationError, type ConfigurationProblem } from './problems.js';
export { variables } from './variables.js';

const maxFileBytes = 4_000_000;

export interface LoadOptions {
  /** The configuration file; null: the one that LIMPID_TOKENS_CONFIG names, or none. */
  path: string | null;
  variables: NodeJS.ProcessEnv;
  /** From the command line, which wins over both. */
  listen?: { host?: string | undefined; port?: number | undefined };
}

/** What is set up, as far as it can be told; nothing of it is secret. */
export interface ConfigurationSummary {
  /** Null: there is no file. */
  path: string | null;
  listen: { host: string; port: number } | null;
  /** Those with a key, and the hosts (with port) that they are asked at. */
  providers: { id: ProviderId; host: string }[];
  callers: {
    clients: number | null;
    identityProvider: { issuer: string; audience: string; requiredScope: string; keysHost: string } | null;
    isAnonymousAllowed: boolean;
  };
  limits: { windowSeconds: number; perClient: number; perProvider: number } | null;
  /** Host and port of the store that counts requests; null: counted in each process. */
  storeHost: string | null;
}

export interface Inspection {
  /** Null when there is a problem. */
  configuration: Configuration | null;
  summary: ConfigurationSummary;
  problems: ConfigurationProblem[];
}

/**
 * Reads the configuration from file and variables and checks all of it. Throws `ConfigurationError` with every problem at once;
 * neither it nor anything in it holds a value that was found.
 */
export async function loadConfiguration(options: LoadOptions): Promise<Configuration> {
  const { configuration, problems } = await inspectConfiguration(options);
  if (!configuration) throw new ConfigurationError(problems);
  return configuration;
}

/** The same for those who also want to know what is right. Never throws over what was found. */
export async function inspectConfiguration({ path, variables, listen = {} }: LoadOptions): Promise<Inspection> {
  const problems: ConfigurationProblem[] = [];
  const filePath = path ?? (variables['LIMPID_TOKENS_CONFIG'] || null);
  const file = filePath === null ? {} : await readConfigurationFile(filePath, path === null, problems);
  const sources = new Sources(file ?? {}, problems);
  for (const [name, { field, kind }] of variableEntries) {
    const value = variables[name];
    if (value === undefined) continue;
    if (value.trim() === '') problems.push({ where: name, problem: 'is empty: give it a value, or remove it' });
    else if (field) sources.set(field, kind === 'number' ? toNumber(value) : value, name);
  }
  if (listen.host !== undefined) sources.set(['listen', 'host'], listen.host, '--host');
  if (listen.port !== undefined) sources.set(['listen', 'port'], listen.port, '--port');

  const secrets = await readSecrets(variables, problems);
  const providers = readProviders(sources, secrets, problems);
  const callers = readCallers(sources);
  const storeUrl = readStoreUrl(secrets, problems);
  sources.read(sections.root, []);
  const address = sources.read(sections.listen, ['listen']);
  const limits = sources.read(sections.limits, ['limits']);
  const upstreamTimeoutSeconds = sources.read(sections.upstreamTimeoutSeconds, ['upstreamTimeoutSeconds']);
  const logLevel = sources.read(sections.logLevel, ['logLevel']);
  const drainDelaySeconds = sources.read(sections.drainDelaySeconds, ['drainDelaySeconds']);

  // What is missing may stand in a file that could not be read.
  if (file) problems.push(...findMissing(sources, secrets));
  if (address && callers.allowAnonymous && !isLoopbackHost(address.host)) {
    const where = sources.nameOf(['listen', 'host']);
    problems.push({ where, problem: 'must be 127.0.0.1, ::1 or localhost as long as callers.allowAnonymous is true' });
  }

  const isComplete =
    problems.length === 0 &&
    address &&
    limits &&
    upstreamTimeoutSeconds !== null &&
    logLevel !== null &&
    drainDelaySeconds !== null &&
    callers.clients;
  return {
    problems,
    summary: {
      path: filePath,
      listen: address,
      providers: providerIds.flatMap((id) => {
        const provider = providers[id];
        return provider ? [{ id, host: provider.baseUrl.host }] : [];
      }),
      callers: {
        clients: callers.clients?.length ?? null,
        identityProvider: callers.identityProvider && {
          issuer: callers.identityProvider.issuer,
          audience: callers.identityProvider.audience,
          requiredScope: callers.identityProvider.requiredScope,
          keysHost: callers.identityProvider.jwksUrl.host,
        },
        isAnonymousAllowed: callers.allowAnonymous,
      },
      limits,
      storeHost: storeUrl?.host ?? null,
    },
    configuration: isComplete
      ? {
          listen: address,
          callers: {
            isAnonymousAllowed: callers.allowAnonymous,
            clients: callers.clients ?? [],
            identityProvider: callers.identityProvider,
          },
          providers,
          limits: {
            windowMs: limits.windowSeconds * 1000,
            perClient: limits.perClient,
            perProvider: limits.perProvider,
            redisUrl: storeUrl?.href ?? null,
          },
          upstreamTimeoutMs: upstreamTimeoutSeconds * 1000,
          logLevel,
          drainDelayMs: drainDelaySeconds * 1000,
        }
      : null,
  };
}

async function readConfigurationFile(
  path: string,
  isByVariable: boolean,
  problems: ConfigurationProblem[],
): Promise<Record<string, unknown> | null> {
  const where = isByVariable ? 'LIMPID_TOKENS_CONFIG' : '--config';
  try {
    const bytes = await readFile(path);
    if (bytes.length > maxFileBytes) throw new Error('too large');
    const value: unknown = parseFileText(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toJS();
    if (isRecord(value)) return value;
    problems.push({ where: path, problem: 'must hold one object, in JSON or YAML: settings by their names' });
  } catch (error) {
    problems.push(error instanceof FileTextError ? describeTextError(path, error) : describeUnreadable(where, error));
  }
  return null;
}

/** What to do about a text that cannot be read, for an editor that jumps to `file:line:column`. */
function describeTextError(path: string, { code, line, column }: FileTextError): ConfigurationProblem {
  const where = `${path}:${line}:${column}`;
  switch (code) {
    case 'DUPLICATE_KEY':
      return { where, problem: 'gives a name a second time in the same object: remove one of them' };
    case 'ALIAS':
      return { where, problem: 'has an alias of YAML, which is not allowed here: write the value out' };
    default:
      return {
        where,
        problem: `is not valid JSON or YAML from here on (${code}): look for a comma, quote, bracket or indent that is missing or too much`,
      };
  }
}

/** Which secret each provider needs. */
const keyNames = {
  'ai-coustics': 'AIC_SDK_LICENSE',
  assemblyai: 'ASSEMBLYAI_API_KEY',
  soniox: 'SONIOX_API_KEY',
  aiola: 'AIOLA_API_KEY',
} as const satisfies Record<ProviderId, SecretName>;

function readProviders(
  sources: Sources,
  secrets: Secrets,
  problems: ConfigurationProblem[],
): Configuration['providers'] {
  sources.read(sections.providers, ['providers']);
  const aiCoustics = sources.read(sections['ai-coustics'], ['providers', 'ai-coustics']);
  const assemblyai = sources.read(sections.assemblyai, ['providers', 'assemblyai']);
  const soniox = sources.read(sections.soniox, ['providers', 'soniox']);
  const aiola = sources.read(sections.aiola, ['providers', 'aiola']);
  for (const id of ['assemblyai', 'soniox'] as const) {
    const region = ['providers', id, 'region'];
    const baseUrl = ['providers', id, 'baseUrl'];
    if (sources.get(region) === undefined || sources.get(baseUrl) === undefined) continue;
    problems.push({
      where: sources.nameOf(region),
      problem: `is given together with ${sources.nameOf(baseUrl)}: remove one of them`,
    });
  }
  const licence = secrets.AIC_SDK_LICENSE;
  const decoded = licence ? decodeSdkLicence(licence.text) : null;
  if (licence && decoded && 'problem' in decoded) problems.push({ where: licence.where, problem: decoded.problem });
  const keys = {
    aiCoustics: decoded && 'apiKey' in decoded ? decoded.apiKey : undefined,
    assemblyai: secrets.ASSEMBLYAI_API_KEY?.text,
    soniox: secrets.SONIOX_API_KEY?.text,
    aiola: secrets.AIOLA_API_KEY?.text,
  };
  return {
    'ai-coustics':
      aiCoustics && keys.aiCoustics !== undefined
        ? { baseUrl: aiCoustics.baseUrl ?? new URL(vendorUrls['ai-coustics']), apiKey: keys.aiCoustics }
        : null,
    assemblyai:
      assemblyai && keys.assemblyai !== undefined
        ? { baseUrl: assemblyai.baseUrl ?? new URL(vendorUrls.assemblyai[assemblyai.region]), apiKey: keys.assemblyai }
        : null,
    soniox:
      soniox && keys.soniox !== undefined
        ? { baseUrl: soniox.baseUrl ?? new URL(vendorUrls.soniox[soniox.region]), apiKey: keys.soniox }
        : null,
    aiola:
      aiola && keys.aiola !== undefined
        ? { baseUrl: aiola.baseUrl ?? new URL(vendorUrls.aiola), apiKey: keys.aiola, workflowId: aiola.workflowId }
        : null,
  };
}

function readCallers(sources: Sources) {
  sources.read(sections.callers, ['callers']);
  const clients = sources.read(sections.clients, ['callers', 'clients']);
  const stored = sources.get(['callers', 'clients']);
  const firstOf = new Map<string, number>();
  for (const [index, client] of (Array.isArray(stored) ? (stored as unknown[]) : []).entries()) {
    if (!isRecord(client) || typeof client['id'] !== 'string') continue;
    const first = firstOf.get(client['id']);
    if (first === undefined) firstOf.set(client['id'], index);
    else {
      const problem = `is the same as that of callers.clients[${first}]: give each client a key of its own`;
      sources.problems.push({ where: `callers.clients[${index}].id`, problem });
    }
  }
  return {
    clients,
    identityProvider: sources.read(sections.identityProvider, ['callers', 'identityProvider']),
    allowAnonymous: sources.read(sections.allowAnonymous, ['callers', 'allowAnonymous']) ?? false,
  };
}

function readStoreUrl({ REDIS_URL: stored }: Secrets, problems: ConfigurationProblem[]): URL | null {
  if (!stored) return null;
  const checked = checkStoreUrl(stored.text);
  if ('url' in checked) return checked.url;
  problems.push({ where: stored.where, problem: checked.problem });
  return null;
}

/** What the server cannot do without, and what was begun but not finished. */
function findMissing(sources: Sources, secrets: Secrets): ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const complained = new Set(sources.problems.map(({ where }) => where));
  const isNamed = (id: ProviderId): boolean =>
    secrets[keyNames[id]] !== undefined || complained.has(keyNames[id]) || complained.has(`${keyNames[id]}_FILE`);
  const isBegun = (id: ProviderId): boolean => sources.get(['providers', id]) !== undefined;
  for (const id of providerIds) {
    if (!isBegun(id) || isNamed(id)) continue;
    problems.push({
      where: keyNames[id],
      problem: `is missing, though providers.${id} is set up: ${tellSecret(keyNames[id])}`,
    });
  }
  if (!providerIds.some((id) => isNamed(id) || isBegun(id))) {
    const names = providerIds.map((id) => keyNames[id]).join(', ');
    problems.push({
      where: 'providers',
      problem: `has none with a key: set at least one of ${names} (or …_FILE, the path of a file that holds it)`,
    });
  }
  const clients = sources.get(['callers', 'clients']);
  const hasClients = clients !== undefined && !(Array.isArray(clients) && clients.length === 0);
  const hasIdentityProvider = (sources.get(['callers', 'identityProvider']) ?? null) !== null;
  const isAnonymousAllowed = sources.get(['callers', 'allowAnonymous']) === true;
  if (!hasClients && !hasIdentityProvider && !isAnonymousAllowed) {
    problems.push({
      where: 'callers',
      problem:
        'has nobody who may call: make a client key with “limpid backend add-client NAME”, or name your identity provider (OIDC_ISSUER, OIDC_AUDIENCE, OIDC_JWKS_URL, OIDC_REQUIRED_SCOPE)',
    });
  }
  return problems;
}

const tellSecret = (name: SecretName): string => `set it, or ${name}_FILE to the path of a file that holds it`;

/** A plain decimal number; anything else stays a text, which the field refuses. */
const toNumber = (text: string): number | string => (/^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : text);
