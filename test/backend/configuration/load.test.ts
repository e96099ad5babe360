import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { checkStoreUrl } from '../../../src/backend/configuration/addresses.js';
import {
  ConfigurationError,
  inspectConfiguration,
  loadConfiguration,
  type ConfigurationProblem,
} from '../../../src/backend/configuration/load.js';
import { variableEntries } from '../../../src/backend/configuration/variables.js';

/** Stands in every secret of these tests. */
const mark = 'HUSH';
const secretSha256 = 'a'.repeat(64);
const licence = `${Buffer.from(JSON.stringify({ api_key: `aic-${mark}` })).toString('base64url')}.${mark}`;
const client = { id: 'desk', name: 'Desk', secretSha256, providers: { soniox: { expires_in_seconds: 300 } } };
const file = { callers: { clients: [client] } };
const variables = { SONIOX_API_KEY: `soniox-${mark}` };
const identityProvider = {
  issuer: 'https://login.example.com/',
  audience: 'limpid',
  jwksUrl: 'https://login.example.com/keys?p=1',
  requiredScope: 'tokens',
};
const oidcVariables = {
  OIDC_ISSUER: identityProvider.issuer,
  OIDC_AUDIENCE: identityProvider.audience,
  OIDC_JWKS_URL: identityProvider.jwksUrl,
  OIDC_REQUIRED_SCOPE: identityProvider.requiredScope,
};

let folder = '';
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-configuration-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function write(content: unknown): string {
  const path = join(folder, `${(count += 1)}`);
  writeFileSync(path, typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return path;
}

const load = (content: unknown, env: NodeJS.ProcessEnv = variables) =>
  loadConfiguration({ path: write(content), variables: env });

/** What is wrong with it. Whatever it is, no secret is in it, at any depth. */
async function problemsOf(
  content: unknown,
  env: NodeJS.ProcessEnv = variables,
  listen: { host?: string; port?: number } = {},
): Promise<ConfigurationProblem[]> {
  const path = content === null ? null : write(content);
  const error: unknown = await loadConfiguration({ path, variables: env, listen }).catch((thrown: unknown) => thrown);
  if (!(error instanceof ConfigurationError)) return [];
  const { summary } = await inspectConfiguration({ path, variables: env, listen });
  const seen = inspect(error, { depth: Infinity, showHidden: true }) + JSON.stringify(error) + JSON.stringify(summary);
  expect(seen).not.toContain(mark);
  expect(seen).not.toContain(Buffer.from(mark).toString('base64').slice(0, 4));
  return error.problems;
}

const wheres = async (...args: Parameters<typeof problemsOf>): Promise<string[]> =>
  (await problemsOf(...args)).map(({ where }) => where);

describe('what is right', () => {
  test('a file with one client and one key by variable; the rest has defaults', async () => {
    expect(await load(file)).toEqual({
      listen: { host: '127.0.0.1', port: 8787 },
      callers: {
        isAnonymousAllowed: false,
        clients: [{ id: 'desk', name: 'Desk', secretSha256, access: client.providers, limit: null }],
        identityProvider: null,
      },
      providers: {
        'ai-coustics': null,
        assemblyai: null,
        soniox: { baseUrl: new URL('https://api.soniox.com'), apiKey: `soniox-${mark}` },
        aiola: null,
      },
      limits: { windowMs: 60_000, perClient: 60, perProvider: 600, redisUrl: null },
      upstreamTimeoutMs: 10_000,
      logLevel: 'info',
      drainDelayMs: 0,
    });
  });

  test('variables alone: every one of them', async () => {
    const everything = {
      LIMPID_TOKENS_HOST: '0.0.0.0',
      LIMPID_TOKENS_PORT: '80',
      LOG_LEVEL: 'debug',
      DRAIN_DELAY_SECONDS: '2.5',
      REDIS_URL: `rediss://user:${mark}@store.example.com:6380/2`,
      AIC_SDK_LICENSE: licence,
      AIC_BASE_URL: 'https://aic.example.com/sub/',
      ASSEMBLYAI_API_KEY: `aai-${mark}`,
      ASSEMBLYAI_REGION: 'eu',
      SONIOX_API_KEY: `sox-${mark}`,
      SONIOX_BASE_URL: 'http://127.0.0.1:9',
      AIOLA_API_KEY: `aio-${mark}`,
      AIOLA_AUTH_BASE_URL: 'https://co.auth.aiola.ai',
      AIOLA_WORKFLOW_ID: 'wf-1',
      ...oidcVariables,
    };
    expect(await loadConfiguration({ path: null, variables: everything })).toEqual({
      listen: { host: '0.0.0.0', port: 80 },
      callers: {
        isAnonymousAllowed: false,
        clients: [],
        identityProvider: {
          ...identityProvider,
          jwksUrl: new URL(identityProvider.jwksUrl),
          algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
          callerClaim: 'sub',
          access: { 'ai-coustics': {}, assemblyai: {}, soniox: {}, aiola: {} },
          limit: null,
        },
      },
      providers: {
        'ai-coustics': { baseUrl: new URL('https://aic.example.com/sub/'), apiKey: `aic-${mark}` },
        assemblyai: { baseUrl: new URL('https://streaming.eu.assemblyai.com'), apiKey: `aai-${mark}` },
        soniox: { baseUrl: new URL('http://127.0.0.1:9'), apiKey: `sox-${mark}` },
        aiola: { baseUrl: new URL('https://co.auth.aiola.ai'), apiKey: `aio-${mark}`, workflowId: 'wf-1' },
      },
      limits: {
        windowMs: 60_000,
        perClient: 60,
        perProvider: 600,
        redisUrl: `rediss://user:${mark}@store.example.com:6380/2`,
      },
      upstreamTimeoutMs: 10_000,
      logLevel: 'debug',
      drainDelayMs: 2500,
    });
    const named = variableEntries.map(([name]) => name).filter((name) => !(name in everything));
    expect(named).toEqual(['LIMPID_TOKENS_CONFIG', 'ASSEMBLYAI_BASE_URL', 'SONIOX_REGION']);
  });

  test('the file alone, but for secrets: every field of it', async () => {
    const everything = {
      listen: { host: '::1', port: 0 },
      callers: {
        allowAnonymous: true,
        clients: [
          { ...client, limit: 5, providers: { aiola: {}, assemblyai: { max_session_duration_seconds: 10_800 } } },
        ],
        identityProvider: {
          ...identityProvider,
          algorithms: ['ES384'],
          callerClaim: 'client_id',
          providers: { 'ai-coustics': {} },
          limit: 7,
        },
      },
      providers: {
        'ai-coustics': { baseUrl: 'https://a.example.com' },
        assemblyai: { region: 'us' },
        soniox: { region: 'jp' },
        aiola: { baseUrl: 'https://b.example.com', workflowId: 'wf' },
      },
      limits: { windowSeconds: 1, perClient: 2, perProvider: 3 },
      upstreamTimeoutSeconds: 0.5,
      logLevel: 'error',
      drainDelaySeconds: 5,
    };
    const env = { ...variables, AIC_SDK_LICENSE: licence, ASSEMBLYAI_API_KEY: 'x', AIOLA_API_KEY: 'y' };
    expect(await load(everything, env)).toMatchObject({
      listen: { host: '::1', port: 0 },
      callers: {
        isAnonymousAllowed: true,
        clients: [{ limit: 5, access: { aiola: {}, assemblyai: { max_session_duration_seconds: 10_800 } } }],
        identityProvider: {
          algorithms: ['ES384'],
          callerClaim: 'client_id',
          access: { 'ai-coustics': {} },
          limit: 7,
        },
      },
      providers: {
        'ai-coustics': { baseUrl: new URL('https://a.example.com') },
        assemblyai: { baseUrl: new URL('https://streaming.assemblyai.com') },
        soniox: { baseUrl: new URL('https://api.jp.soniox.com') },
        aiola: { baseUrl: new URL('https://b.example.com'), workflowId: 'wf' },
      },
      limits: { windowMs: 1000, perClient: 2, perProvider: 3 },
      upstreamTimeoutMs: 500,
      logLevel: 'error',
      drainDelayMs: 5000,
    });
  });

  test('variables win over the file, the command line wins over both', async () => {
    const both = { ...file, listen: { host: '127.0.0.2', port: 1 }, providers: { soniox: { region: 'eu' } } };
    const env = { ...variables, LIMPID_TOKENS_PORT: '2', SONIOX_REGION: 'jp' };
    expect(await load(both, env)).toMatchObject({
      listen: { host: '127.0.0.2', port: 2 },
      providers: { soniox: { baseUrl: new URL('https://api.jp.soniox.com') } },
    });
    const listen = { host: 'localhost', port: 3 };
    expect(await loadConfiguration({ path: write(both), variables: env, listen })).toMatchObject({ listen });
  });

  test('HOST and PORT, which some shells set for purposes of their own, change nothing', async () => {
    const env = { ...variables, HOST: '0.0.0.0', PORT: '80' };
    expect(await load(file, env)).toMatchObject({ listen: { host: '127.0.0.1', port: 8787 } });
  });

  test.each([
    ['us', 'streaming.assemblyai.com'],
    ['us-only', 'streaming.us.assemblyai.com'],
    ['eu', 'streaming.eu.assemblyai.com'],
  ])('AssemblyAI in %s is at %s', async (region, host) => {
    const env = { ASSEMBLYAI_API_KEY: 'x', ASSEMBLYAI_REGION: region };
    expect((await load(file, env)).providers.assemblyai?.baseUrl.host).toBe(host);
  });

  test('LIMPID_TOKENS_CONFIG names the file, a path wins over it', async () => {
    const env = { ...variables, LIMPID_TOKENS_CONFIG: write({ ...file, logLevel: 'warn' }) };
    expect(await loadConfiguration({ path: null, variables: env })).toMatchObject({ logLevel: 'warn' });
    expect(await load(file, env)).toMatchObject({ logLevel: 'info' });
  });

  test.each(['\n', '\r\n', '', '\n\n'])('secrets by file, whose end %j does not belong to them', async (end) => {
    const env = { SONIOX_API_KEY_FILE: write(`sox-${mark}${end}`), AIC_SDK_LICENSE_FILE: write(licence + end) };
    expect((await load(file, env)).providers).toMatchObject({
      'ai-coustics': { apiKey: `aic-${mark}` },
      soniox: { apiKey: `sox-${mark}` },
    });
  });

  test('a file in YAML', async () => {
    const yaml = stringify({ ...file, limits: { perClient: 7 }, logLevel: 'warn' }).replace('limits', '# ours\nlimits');
    expect(await load(yaml)).toMatchObject({
      callers: { clients: [{ id: 'desk', secretSha256 }] },
      limits: { perClient: 7 },
      logLevel: 'warn',
    });
  });

  test('a file with a byte order mark', async () => {
    expect(await load(`\uFEFF${JSON.stringify(file)}`)).toMatchObject({ logLevel: 'info' });
  });

  test('anonymous callers on loopback need no other way in', async () => {
    for (const host of ['127.0.0.1', '127.1.2.3', '::1', 'localhost']) {
      const configuration = await load({ callers: { allowAnonymous: true }, listen: { host } });
      expect(configuration.callers.isAnonymousAllowed).toBe(true);
    }
  });
});

test('a store is taken only if the client of the server takes it', () => {
  const parts = ['', 'a', '%', '%zz', '%41', '%C3', '%25', ':', ':p', '::', 'é', '/', ' '];
  const hosts = [
    'store',
    '[::1]',
    '127.0.0.1:1',
    'store:',
    'store:99999',
    's%zz',
    'store/1',
    'store/99',
    'store/x',
    's t',
    '',
  ];
  const isTaken = (url: string): boolean => {
    try {
      // Never connected.
      new Redis(url, { lazyConnect: true }).disconnect();
      return true;
    } catch {
      return false;
    }
  };
  const urls = parts.flatMap((part) =>
    ['redis', 'rediss', 'REDIS'].flatMap((scheme) => hosts.map((host) => `${scheme}://${part}@${host}`)),
  );
  const taken = urls.flatMap((text) => {
    const checked = checkStoreUrl(text);
    return 'url' in checked ? [checked.url.href] : [];
  });
  expect(taken.length).toBeGreaterThan(50);
  expect(taken.filter((url) => !isTaken(url))).toEqual([]);
});

describe('what is missing', () => {
  test('on a machine where nothing is set up: everything', async () => {
    const problems = await problemsOf(null, {});
    expect(problems.map(({ where }) => where)).toEqual(['providers', 'callers']);
    for (const name of ['AIC_SDK_LICENSE', 'ASSEMBLYAI_API_KEY', 'SONIOX_API_KEY', 'AIOLA_API_KEY']) {
      expect(problems[0]?.problem).toContain(name);
    }
    expect(problems[1]?.problem).toContain('add-client');
    expect(problems[1]?.problem).toContain('OIDC_ISSUER');
  });

  test.each([
    ['the key of a provider that is set up in the file', { ...file, providers: { aiola: {} } }, {}, 'AIOLA_API_KEY'],
    ['the key of a provider with a region', file, { ASSEMBLYAI_REGION: 'eu' }, 'ASSEMBLYAI_API_KEY'],
    ['callers', {}, {}, 'callers'],
    ['callers, where the list is empty', { callers: { clients: [] } }, {}, 'callers'],
    ['callers, where there is explicitly none', { callers: { identityProvider: null } }, {}, 'callers'],
  ])('%s', async (_what, content, env, where) => {
    expect(await wheres(content, { ...variables, ...env })).toEqual([where]);
  });

  test('the other parts of an identity provider', async () => {
    const problems = await problemsOf({}, { ...variables, OIDC_ISSUER: identityProvider.issuer });
    expect(problems.map(({ where }) => where)).toEqual(
      ['audience', 'jwksUrl', 'requiredScope'].map((name) => `callers.identityProvider.${name}`),
    );
    expect(problems[0]?.problem).toContain('OIDC_AUDIENCE');
  });
});

describe('bad values in the file', () => {
  const withClient = (changes: object) => ({ callers: { clients: [{ ...client, ...changes }] } });
  const withIdentity = (changes: object) => ({ callers: { identityProvider: { ...identityProvider, ...changes } } });
  const withProvider = (id: string, settings: unknown) => ({ ...file, providers: { [id]: settings } });
  const at = (field: string) => `callers.clients[0]${field}`;
  const idp = (field: string) => `callers.identityProvider.${field}`;

  test.each<[string, unknown, string, RegExp]>([
    ['an unknown field', { ...file, colour: mark }, 'colour', /not a field/],
    ['a key in the file', withProvider('soniox', { apiKey: mark }), 'providers.soniox.apiKey', /never holds secrets/],
    [
      'a key as the name of a field',
      { ...file, [`sk-${mark}-123`]: 1 },
      'the configuration file',
      /has not a field|not a field/,
    ],
    ['a provider that does not exist', withProvider('whisper', {}), 'providers.whisper', /there are ai-coustics/],
    ['a section of the wrong type', { ...file, limits: mark }, 'limits', /an object/],
    ['null for a section', { ...file, limits: null }, 'limits', /an object/],
    ['an empty name of a host', { ...file, listen: { host: '' } }, 'listen.host', /IP address/],
    ['a host with a port', { ...file, listen: { host: '[::1]:80' } }, 'listen.host', /without port/],
    ['a port as a text', { ...file, listen: { port: '80' } }, 'listen.port', /a number/],
    ['a negative port', { ...file, listen: { port: -1 } }, 'listen.port', /at least 0/],
    ['a port that is too high', { ...file, listen: { port: 65_536 } }, 'listen.port', /at most 65535/],
    ['a fraction of a port', { ...file, listen: { port: 80.5 } }, 'listen.port', /whole number/],
    ['an unknown log level', { ...file, logLevel: mark }, 'logLevel', /one of debug, info, warn, error/],
    ['a negative delay', { ...file, drainDelaySeconds: -1 }, 'drainDelaySeconds', /at least 0/],
    ['an endless delay', { ...file, drainDelaySeconds: 301 }, 'drainDelaySeconds', /at most 300/],
    ['no time for vendors', { ...file, upstreamTimeoutSeconds: 0 }, 'upstreamTimeoutSeconds', /at least 0.1/],
    ['too much time for vendors', { ...file, upstreamTimeoutSeconds: 15.1 }, 'upstreamTimeoutSeconds', /at most 15/],
    ['a limit of 0', { ...file, limits: { perClient: 0 } }, 'limits.perClient', /at least 1/],
    ['a fractional limit', { ...file, limits: { perProvider: 1.5 } }, 'limits.perProvider', /whole number/],
    ['a window of a day', { ...file, limits: { windowSeconds: 86_400 } }, 'limits.windowSeconds', /at most 3600/],
    ['the store in the file', { ...file, limits: { redisUrl: mark } }, 'limits.redisUrl', /never holds secrets/],
    [
      'a region that does not exist',
      withProvider('assemblyai', { region: mark }),
      'providers.assemblyai.region',
      /us, us-only, eu$/,
    ],
    [
      'a region of the other vendor',
      withProvider('soniox', { region: 'au' }),
      'providers.soniox.region',
      /us, eu, jp$/,
    ],
    [
      'region and base URL',
      withProvider('soniox', { region: 'eu', baseUrl: 'https://x.example.com' }),
      'providers.soniox.region',
      /together with providers.soniox.baseUrl/,
    ],
    [
      'an http base URL',
      withProvider('soniox', { baseUrl: 'http://x.example.com' }),
      'providers.soniox.baseUrl',
      /https/,
    ],
    [
      'an ftp base URL',
      withProvider('soniox', { baseUrl: 'ftp://127.0.0.1' }),
      'providers.soniox.baseUrl',
      /web address/,
    ],
    ['no URL', withProvider('soniox', { baseUrl: mark }), 'providers.soniox.baseUrl', /web address in full/],
    [
      'a base URL with a password',
      withProvider('soniox', { baseUrl: `https://a:${mark}@x.example.com` }),
      'providers.soniox.baseUrl',
      /password/,
    ],
    [
      'a base URL with a name',
      withProvider('soniox', { baseUrl: `https://${mark}@x.example.com` }),
      'providers.soniox.baseUrl',
      /password/,
    ],
    [
      'a base URL with a query',
      withProvider('soniox', { baseUrl: `https://x.y/?k=${mark}` }),
      'providers.soniox.baseUrl',
      /“\?”/,
    ],
    [
      'a base URL with an empty query',
      withProvider('soniox', { baseUrl: 'https://x.y/?' }),
      'providers.soniox.baseUrl',
      /“\?”/,
    ],
    [
      'a base URL with a fragment',
      withProvider('soniox', { baseUrl: `https://x.y/#${mark}` }),
      'providers.soniox.baseUrl',
      /“#”/,
    ],
    ['a workflow with a slash', withProvider('aiola', { workflowId: '../x' }), 'providers.aiola.workflowId', /letters/],
    ['clients that are no list', { callers: { clients: {} } }, 'callers.clients', /a list/],
    ['a client that is no object', { callers: { clients: [mark] } }, 'callers.clients[0]', /an object/],
    ['an id with a dot', withClient({ id: 'a.b' }), at('.id'), /letters/],
    ['an id that is too long', withClient({ id: 'a'.repeat(65) }), at('.id'), /letters/],
    ['an empty name', withClient({ name: '' }), at('.name'), /text/],
    ['a name with a line break', withClient({ name: 'a\nb' }), at('.name'), /control characters/],
    ['a name that is too long', withClient({ name: 'a'.repeat(101) }), at('.name'), /at most 100 characters/],
    ['a hash of another length', withClient({ secretSha256: 'a'.repeat(63) }), at('.secretSha256'), /64/],
    ['the key instead of its hash', withClient({ secretSha256: `lk_a.${mark}` }), at('.secretSha256'), /64/],
    ['a client without hash', withClient({ secretSha256: undefined }), at('.secretSha256'), /missing/],
    ['a client without providers', withClient({ providers: undefined }), at('.providers'), /missing/],
    ['a client that may use nothing', withClient({ providers: {} }), at('.providers'), /at least one of/],
    [
      'an unknown provider of a client',
      withClient({ providers: { soniox: {}, x: {} } }),
      at('.providers.x'),
      /there are/,
    ],
    ['a limit of 0 for a client', withClient({ limit: 0 }), at('.limit'), /at least 1/],
    ['an unknown field of a client', withClient({ scope: mark }), at('.scope'), /not a field/],
    [
      'a ceiling that the provider does not have',
      withClient({ providers: { assemblyai: { ttl: 5 } } }),
      at('.providers.assemblyai.ttl'),
      /expires_in_seconds \(1 to 600\) and max_session_duration_seconds \(60 to 10800\)/,
    ],
    [
      'a ceiling for something that is no lifetime',
      withClient({ providers: { soniox: { single_use: 1 } } }),
      at('.providers.soniox.single_use'),
      /no ceiling/,
    ],
    [
      'a ceiling where there is none',
      withClient({ providers: { 'ai-coustics': { expires_in_seconds: 60 } } }),
      at('.providers.ai-coustics.expires_in_seconds'),
      /vendor’s/,
    ],
    [
      'a ceiling of aiOla',
      withClient({ providers: { aiola: { expires_in_seconds: 60 } } }),
      at('.providers.aiola.expires_in_seconds'),
      /vendor’s/,
    ],
    [
      'a ceiling above the vendor’s range',
      withClient({ providers: { assemblyai: { expires_in_seconds: 601 } } }),
      at('.providers.assemblyai.expires_in_seconds'),
      /at most 600/,
    ],
    [
      'a ceiling below the vendor’s range',
      withClient({ providers: { assemblyai: { max_session_duration_seconds: 59 } } }),
      at('.providers.assemblyai.max_session_duration_seconds'),
      /at least 60/,
    ],
    [
      'a fractional ceiling',
      withClient({ providers: { soniox: { expires_in_seconds: 1.5 } } }),
      at('.providers.soniox.expires_in_seconds'),
      /whole number/,
    ],
    [
      'a ceiling as a text',
      withClient({ providers: { soniox: { expires_in_seconds: '60' } } }),
      at('.providers.soniox.expires_in_seconds'),
      /a number/,
    ],
    ['an empty issuer', withIdentity({ issuer: '' }), idp('issuer'), /text/],
    ['no audience', withIdentity({ audience: undefined }), idp('audience'), /missing.*OIDC_AUDIENCE/],
    ['an http address of keys', withIdentity({ jwksUrl: 'http://x.example.com/keys' }), idp('jwksUrl'), /https/],
    ['a password in that address', withIdentity({ jwksUrl: `https://a:${mark}@x.y/k` }), idp('jwksUrl'), /password/],
    ['a file as that address', withIdentity({ jwksUrl: 'file:///etc/keys' }), idp('jwksUrl'), /web address/],
    ['two scopes', withIdentity({ requiredScope: 'a b' }), idp('requiredScope'), /one scope/],
    ['an empty scope', withIdentity({ requiredScope: '' }), idp('requiredScope'), /one scope/],
    [
      'a symmetric algorithm',
      withIdentity({ algorithms: ['RS256', 'HS256'] }),
      `${idp('algorithms')}[1]`,
      /one of RS256/,
    ],
    ['the algorithm none', withIdentity({ algorithms: ['none'] }), `${idp('algorithms')}[0]`, /one of RS256/],
    ['no algorithm', withIdentity({ algorithms: [] }), idp('algorithms'), /empty/],
    [
      'an unknown ceiling of it',
      withIdentity({ providers: { aiola: { x: 1 } } }),
      `${idp('providers')}.aiola.x`,
      /no ceiling/,
    ],
    ['an unknown field of it', withIdentity({ secret: mark }), idp('secret'), /never holds secrets/],
    [
      'anonymous as a text',
      { callers: { ...file.callers, allowAnonymous: 'yes' } },
      'callers.allowAnonymous',
      /true or false/,
    ],
  ])('%s', async (_what, content, where, problem) => {
    const problems = await problemsOf(content, { ...variables, ASSEMBLYAI_API_KEY: 'x', AIOLA_API_KEY: 'y' });
    expect(problems).toEqual([{ where, problem: expect.stringMatching(problem) }]);
  });

  test('the same id twice, and three times', async () => {
    const clients = [client, { ...client, id: 'other' }, client, { ...client, name: 'Third' }];
    expect(await problemsOf({ callers: { clients } })).toEqual(
      [2, 3].map((index) => ({
        where: `callers.clients[${index}].id`,
        problem: expect.stringContaining('callers.clients[0]'),
      })),
    );
  });

  test.each(['0.0.0.0', '::', '192.168.1.2', 'tokens.example.com', '128.0.0.1', 'localhost.example.com'])(
    'anonymous callers on %s',
    async (host) => {
      const content = { callers: { ...file.callers, allowAnonymous: true } };
      expect(await wheres({ ...content, listen: { host } })).toEqual(['listen.host']);
      expect(await wheres(content, { ...variables, LIMPID_TOKENS_HOST: host })).toEqual(['LIMPID_TOKENS_HOST']);
      expect(await wheres(content, variables, { host })).toEqual(['--host']);
    },
  );
});

describe('bad variables', () => {
  test.each<[string, NodeJS.ProcessEnv, string, RegExp]>([
    ['a port that is no number', { LIMPID_TOKENS_PORT: mark }, 'LIMPID_TOKENS_PORT', /a number/],
    ['a port in hexadecimal', { LIMPID_TOKENS_PORT: '0x50' }, 'LIMPID_TOKENS_PORT', /a number/],
    ['a negative port', { LIMPID_TOKENS_PORT: '-1' }, 'LIMPID_TOKENS_PORT', /a number/],
    ['a port that is too high', { LIMPID_TOKENS_PORT: '70000' }, 'LIMPID_TOKENS_PORT', /at most 65535/],
    ['a delay with a unit', { DRAIN_DELAY_SECONDS: '5s' }, 'DRAIN_DELAY_SECONDS', /a number/],
    ['an unknown log level', { LOG_LEVEL: 'INFO' }, 'LOG_LEVEL', /one of/],
    ['a key where the region belongs', { SONIOX_REGION: mark }, 'SONIOX_REGION', /us, eu, jp$/],
    ['a key where the address belongs', { SONIOX_BASE_URL: mark }, 'SONIOX_BASE_URL', /web address/],
    ['an empty host', { LIMPID_TOKENS_HOST: '' }, 'LIMPID_TOKENS_HOST', /empty/],
    ['an empty key', { ASSEMBLYAI_API_KEY: '' }, 'ASSEMBLYAI_API_KEY', /empty/],
    ['a key of spaces', { ASSEMBLYAI_API_KEY: '  ' }, 'ASSEMBLYAI_API_KEY', /empty/],
    ['a key with a line break', { ASSEMBLYAI_API_KEY: `${mark}\n${mark}` }, 'ASSEMBLYAI_API_KEY', /copy it again/],
    ['a key with a space', { ASSEMBLYAI_API_KEY: ` ${mark}` }, 'ASSEMBLYAI_API_KEY', /copy it again/],
    [
      'a key with a letter that no header takes',
      { ASSEMBLYAI_API_KEY: `${mark}é` },
      'ASSEMBLYAI_API_KEY',
      /copy it again/,
    ],
    ['an empty path of a key', { ASSEMBLYAI_API_KEY_FILE: '' }, 'ASSEMBLYAI_API_KEY_FILE', /empty/],
    ['a key instead of its path', { ASSEMBLYAI_API_KEY_FILE: mark }, 'ASSEMBLYAI_API_KEY_FILE', /does not exist/],
    ['a path with a zero byte', { ASSEMBLYAI_API_KEY_FILE: `${mark}\0` }, 'ASSEMBLYAI_API_KEY_FILE', /cannot be used/],
    ['a licence that is none', { AIC_SDK_LICENSE: mark }, 'AIC_SDK_LICENSE', /no SDK licence/],
    ['a token for a licence', { AIC_SDK_LICENSE: `${licence}.${mark}` }, 'AIC_SDK_LICENSE', /is a token/],
    ['a store that is none', { REDIS_URL: `http://:${mark}@store` }, 'REDIS_URL', /rediss/],
    ['a store without host', { REDIS_URL: `redis://${mark}@` }, 'REDIS_URL', /rediss/],
    ['a store with a query', { REDIS_URL: `redis://store/?password=${mark}` }, 'REDIS_URL', /“\?”/],
    ['a store with a path', { REDIS_URL: `redis://store/${mark}` }, 'REDIS_URL', /database/],
    ['a store with a “%” in its password', { REDIS_URL: `redis://:${mark}%zz@store` }, 'REDIS_URL', /%25/],
    ['a store with a “%” in its name', { REDIS_URL: `redis://${mark}%@store` }, 'REDIS_URL', /%25/],
    ['a store with half a character', { REDIS_URL: `redis://:%C3${mark}@store` }, 'REDIS_URL', /%25/],
    ['a store that is no URL', { REDIS_URL: mark }, 'REDIS_URL', /rediss/],
    [
      'a file of settings that is missing',
      { LIMPID_TOKENS_CONFIG: '/nowhere/x.json' },
      'LIMPID_TOKENS_CONFIG',
      /does not exist/,
    ],
    ['an empty name of the file of settings', { LIMPID_TOKENS_CONFIG: '' }, 'LIMPID_TOKENS_CONFIG', /empty/],
  ])('%s', async (_what, env, where, problem) => {
    const problems = await problemsOf(null, { ...variables, ...oidcVariables, ...env });
    expect(problems).toEqual([{ where, problem: expect.stringMatching(problem) }]);
  });

  test.each(variableEntries.filter(([, { isSecret }]) => isSecret).map(([name]) => name))(
    '%s both ways',
    async (name) => {
      const env = { ...variables, ...oidcVariables, [`${name}_FILE`]: write(mark), [name]: mark };
      expect(await problemsOf(null, env)).toEqual([
        { where: `${name}_FILE`, problem: `is set together with ${name}: remove one of them` },
      ]);
    },
  );

  test('files of secrets that cannot be used', async () => {
    const directory = join(folder, 'directory');
    mkdirSync(directory);
    const env = {
      ...oidcVariables,
      AIC_SDK_LICENSE_FILE: write(`${mark}\n`),
      ASSEMBLYAI_API_KEY_FILE: write('\n'),
      SONIOX_API_KEY_FILE: directory,
      AIOLA_API_KEY_FILE: write(Buffer.from(`\ufeff${mark}`, 'utf16le')),
      REDIS_URL_FILE: write(mark.repeat(20_000)),
    };
    const problems = new Map((await problemsOf(null, env)).map(({ where, problem }) => [where, problem]));
    expect(Object.fromEntries(problems)).toEqual({
      AIC_SDK_LICENSE_FILE: expect.stringContaining('no SDK licence'),
      ASSEMBLYAI_API_KEY_FILE: expect.stringContaining('empty file'),
      SONIOX_API_KEY_FILE: expect.stringContaining('folder'),
      AIOLA_API_KEY_FILE: expect.stringContaining('copy it again'),
      REDIS_URL_FILE: expect.stringContaining('ordinary size'),
    });
  });
});

describe('the file itself', () => {
  test.each([
    ['broken', `{\n  "callers": {"name": "${mark}"\n  "x" 1 }\n}`, /:3:\d+$/, /not valid JSON or YAML.*\([A-Z_]+\)/],
    ['with a text that does not end', `{"callers": "${mark}`, /:1:\d+$/, /quote/],
    ['with a name twice', `{"limits": {},\n "limits": "${mark}"}`, /:2:2$/, /second time/],
    ['with an alias', `limits: &${mark} {}\nlisten: *${mark}`, /:2:9$/, /write the value out/],
    ['empty', '', /\d$/, /one object/],
    ['with a list in it', `["${mark}"]`, /\d$/, /one object/],
    ['with nothing but a key', mark, /\d$/, /one object/],
    ['not in UTF-8', Buffer.from([0x22, 0xff, 0x22]), /^--config$/, /UTF-8/],
  ])('%s', async (_what, content, where, problem) => {
    expect(await problemsOf(content)).toEqual([
      { where: expect.stringMatching(where), problem: expect.stringMatching(problem) },
    ]);
  });

  test('broken, which hides no problem of the variables and invents none', async () => {
    expect(await wheres('{', { LIMPID_TOKENS_PORT: 'x', SONIOX_API_KEY: '' })).toEqual([
      expect.stringMatching(/:1:2$/),
      'SONIOX_API_KEY',
      'LIMPID_TOKENS_PORT',
    ]);
  });

  test('missing, or a folder', async () => {
    const problemOf = async (path: string) =>
      (await inspectConfiguration({ path, variables })).problems.map(({ where, problem }) => `${where} ${problem}`);
    expect(await problemOf(join(folder, 'missing.json'))).toEqual([
      expect.stringMatching(/^--config .*does not exist/),
    ]);
    expect(await problemOf(folder)).toEqual([expect.stringMatching(/^--config .*folder/)]);
  });
});

test('every problem is told at once, also across sections', async () => {
  const content = {
    colour: 1,
    listen: { host: '0.0.0.0', port: -1 },
    callers: {
      allowAnonymous: true,
      clients: [
        { ...client, id: 'a b' },
        { ...client, secretSha256: mark },
        { ...client, providers: { soniox: { expires_in_seconds: 0, x: 1 } } },
      ],
      identityProvider: { issuer: 'x', algorithms: ['HS512'] },
    },
    providers: { soniox: { baseUrl: 'http://x.example.com' }, aiola: {}, x: {} },
    limits: { perClient: 0 },
  };
  const found = await wheres(content, { SONIOX_API_KEY: '', REDIS_URL: mark, AIC_SDK_LICENSE: mark, LOG_LEVEL: 'x' });
  expect(found.toSorted()).toEqual(
    [
      'colour',
      'listen.port',
      'callers.clients[0].id',
      'callers.clients[1].secretSha256',
      'callers.clients[2].id',
      'callers.clients[2].providers.soniox.expires_in_seconds',
      'callers.clients[2].providers.soniox.x',
      'callers.identityProvider.audience',
      'callers.identityProvider.jwksUrl',
      'callers.identityProvider.requiredScope',
      'callers.identityProvider.algorithms[0]',
      'providers.soniox.baseUrl',
      'providers.x',
      'limits.perClient',
      'SONIOX_API_KEY',
      'AIOLA_API_KEY',
      'REDIS_URL',
      'AIC_SDK_LICENSE',
      'LOG_LEVEL',
    ].toSorted(),
  );
});

test('what is right is told beside what is wrong, without secrets', async () => {
  const env = {
    ...variables,
    AIC_SDK_LICENSE: licence,
    REDIS_URL: `redis://:${mark}@store:6379`,
    LIMPID_TOKENS_PORT: 'x',
  };
  const inspection = await inspectConfiguration({ path: write(file), variables: env });
  expect(inspection).toMatchObject({
    configuration: null,
    problems: [{ where: 'LIMPID_TOKENS_PORT' }],
    summary: {
      listen: null,
      providers: [
        { id: 'ai-coustics', host: 'api.ai-coustics.io' },
        { id: 'soniox', host: 'api.soniox.com' },
      ],
      callers: { clients: 1, identityProvider: null, isAnonymousAllowed: false },
      limits: { windowSeconds: 60, perClient: 60, perProvider: 600 },
      storeHost: 'store:6379',
    },
  });
  expect(inspect(inspection, { depth: Infinity })).not.toContain(mark);
});

test('each problem is the rest of a sentence that begins with its place, without a full stop', async () => {
  const problems = await problemsOf({ a: 1, callers: { clients: [{}] }, limits: 5 }, { LIMPID_TOKENS_PORT: 'x' });
  expect(problems.length).toBeGreaterThan(5);
  for (const { problem } of problems) expect(problem).toMatch(/^(is|has|must|names|holds|gives) .*[^.]$/);
});
