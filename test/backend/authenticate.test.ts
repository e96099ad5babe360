import { createHash, createHmac, sign } from 'node:crypto';
import { exportJWK } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAuthenticator, type Authenticator } from '../../src/backend/authenticate.js';
import { createClientKey } from '../../src/backend/configuration/clientKeys.js';
import type { CallerConfiguration } from '../../src/backend/configuration/configuration.js';
import { ApiError, toErrorBody } from '../../src/backend/errors.js';
import { providerIds } from '../../src/backend/providers/provider.js';
import { makeCertificates } from '../fakes/faultyBackend.js';
import {
  createSigningKey,
  IdentityProvider,
  signToken,
  type KeySetFault,
  type SigningKey,
} from './identityProvider.js';

const { key: deskKey, client: desk } = createClientKey('Front desk');
const nobody: CallerConfiguration = { isAnonymousAllowed: false, clients: [], identityProvider: null };
const withDesk: CallerConfiguration = {
  ...nobody,
  clients: [{ ...desk, access: { aiola: {} }, limit: 3 }],
};

let ec: SigningKey;
let rsa: SigningKey;
let foreign: SigningKey;
let provider: IdentityProvider;
/** The clock that the keys' age is measured by. */
let nowMs = 0;
let authenticator: Authenticator;

const authenticatorOf = (configuration: CallerConfiguration) =>
  createAuthenticator(configuration, { nowMs: () => nowMs });
const callerOf = (authorization: string, by = authenticator) => by.authenticate({ authorization });
const bearer = (token: string, by = authenticator) => callerOf(`Bearer ${token}`, by);

/** The code that it is refused with, after a look for the credential in all that the caller and the log would see. */
async function refusalOf(attempt: Promise<unknown>, credential = ''): Promise<string> {
  const error: unknown = await attempt.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error('not refused', { cause: error });
  const seen = JSON.stringify([toErrorBody(error, 'id'), error.stack, error.details, error.cause]);
  expect(seen).not.toMatch(/\{\w+\}/);
  if (credential.length > 8) expect(seen).not.toContain(credential);
  return error.code;
}
const refusalOfToken = (token: string, by = authenticator) => refusalOf(bearer(token, by), token);

beforeAll(async () => {
  [ec, rsa, foreign] = await Promise.all([
    createSigningKey('ec-1'),
    createSigningKey('rsa-1', 'RS256'),
    createSigningKey('ec-1'),
  ]);
  provider = await IdentityProvider.start([ec, rsa]);
});

beforeEach(() => {
  provider.fault = 'none';
  provider.keys = [ec.jwk, rsa.jwk];
  provider.requests = 0;
  authenticator = authenticatorOf({ ...withDesk, identityProvider: provider.configuration() });
});

afterAll(() => provider.close());

describe('client keys', () => {
  test('a key lets its client in, with what it may have', async () => {
    expect(await bearer(deskKey)).toEqual({ id: `client:${desk.id}`, access: { aiola: {} }, limit: 3 });
  });

  test('a wrong secret and an unknown client look the same', async () => {
    const { key: unknown } = createClientKey('Nobody');
    const [, secret] = unknown.split('.');
    expect(await refusalOfToken(`lk_${desk.id}.${secret}`)).toBe('credential_unknown');
    expect(await refusalOfToken(unknown)).toBe('credential_unknown');
  });

  test('the hash that is stored is no key', async () => {
    expect(await refusalOfToken(`lk_${desk.id}.${desk.secretSha256}`)).toBe('credential_malformed');
    expect(await refusalOfToken(`lk_${desk.id}.${desk.secretSha256.slice(0, 43)}`)).toBe('credential_unknown');
  });

  test.each(['lk_', 'lk_a', 'lk_a.', 'lk_.b', 'lk_a.b', 'lk_a.b.c', 'lk___proto__.x'])('%s is no key', async (text) => {
    expect(await refusalOfToken(text)).toBe('credential_malformed');
  });

  test('the names of what every object has are no clients', async () => {
    const secret = 'A'.repeat(43);
    expect(await refusalOfToken(`lk___proto__.${secret}`)).toBe('credential_unknown');
    expect(await refusalOfToken(`lk_constructor.${secret}`)).toBe('credential_unknown');
  });

  test('a key that was withdrawn is refused from then on, and a new one accepted', async () => {
    const next = createClientKey('Back office');
    authenticator.reconfigure({ ...nobody, clients: [{ ...next.client, access: {}, limit: null }] });
    expect(await refusalOfToken(deskKey)).toBe('credential_unknown');
    expect(await bearer(next.key)).toEqual({ id: `client:${next.client.id}`, access: {}, limit: null });
  });
});

describe('the header', () => {
  test('none is a request for one', async () => {
    expect(await refusalOf(authenticator.authenticate({}))).toBe('credential_missing');
  });

  test.each(['', 'Basic Zm9vOmJhcg==', 'Bearertoken', 'Bearer\u00a0a', 'Token x', deskKey])(
    '“%s” is no bearer credential',
    async (text) => {
      expect(await refusalOf(callerOf(text), text)).toBe('credential_missing');
    },
  );

  test.each([
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer ä',
    'Bearer a,b',
    'Bearer "a"',
    'Bearer \u00a0a',
    'Bearer a\u0000',
  ])('“%s” is malformed', async (text) => {
    expect(await refusalOf(callerOf(text))).toBe('credential_malformed');
  });

  test.each(['bearer', 'BEARER', 'Bearer  '])('“%s” in front of it serves', async (scheme) => {
    expect(await callerOf(`${scheme} ${deskKey}`)).toMatchObject({ id: `client:${desk.id}` });
  });

  test('two credentials that a proxy joined are refused, not chosen from', async () => {
    expect(await refusalOf(callerOf(`Bearer ${deskKey}, Bearer ${deskKey}`), deskKey)).toBe('credential_malformed');
  });

  test('a very long one is refused without being parsed', async () => {
    const token = await signToken(ec, { padding: 'x'.repeat(20_000) });
    expect(await refusalOfToken(token)).toBe('credential_malformed');
    expect(await refusalOf(callerOf(`Bearer ${' '.repeat(1_000_000)}`))).toBe('credential_malformed');
    expect(provider.requests).toBe(0);
  });
});

describe('tokens of the identity provider', () => {
  test.each([
    ['ES256', () => ec],
    ['RS256', () => rsa],
  ])('one that is signed with %s lets its caller in', async (_, key) => {
    expect(await bearer(await signToken(key()))).toEqual({
      id: 'user:agent-17',
      access: { soniox: { expires_in_seconds: 600 } },
      limit: 7,
    });
  });

  const nowSeconds = () => Math.floor(Date.now() / 1000);
  test.each<[what: string, claims: () => Record<string, unknown>, code: string]>([
    ['expired', () => ({ exp: nowSeconds() - 30 }), 'credential_expired'],
    ['not valid yet', () => ({ nbf: nowSeconds() + 60 }), 'credential_not_yet_valid'],
    ['of another issuer', () => ({ iss: 'https://identity.example' }), 'credential_wrong_issuer'],
    ['for another audience', () => ({ aud: ['other', 'limpid-token'] }), 'credential_wrong_audience'],
    ['without issuer', () => ({ iss: undefined }), 'credential_incomplete'],
    ['without audience', () => ({ aud: undefined }), 'credential_incomplete'],
    ['that never expires', () => ({ exp: undefined }), 'credential_incomplete'],
    ['whose end is a text', () => ({ exp: `${nowSeconds() + 300}` }), 'credential_incomplete'],
    ['that names nobody', () => ({ sub: undefined }), 'credential_incomplete'],
    ['whose caller is empty', () => ({ sub: '' }), 'credential_incomplete'],
    ['whose caller is a number', () => ({ sub: 17 }), 'credential_incomplete'],
    ['without any scope', () => ({ scope: undefined }), 'scope_missing'],
    ['with another scope', () => ({ scope: 'tokens:mint:none xtokens:mint' }), 'scope_missing'],
    ['whose scope is an object', () => ({ scope: { 'tokens:mint': true } }), 'scope_missing'],
  ])('one %s is refused', async (_, claims, code) => {
    expect(await refusalOfToken(await signToken(ec, claims()))).toBe(code);
  });

  test('clocks may differ by a few seconds', async () => {
    const token = await signToken(ec, { exp: nowSeconds() - 2, nbf: nowSeconds() + 3 });
    expect(await bearer(token)).toMatchObject({ id: 'user:agent-17' });
  });

  test.each([
    { scope: 'tokens:mint' },
    { scope: undefined, scp: 'a tokens:mint' },
    { scope: 'openid', scp: ['a', 'tokens:mint'] },
  ])('the scope is found in %j', async (claims) => {
    expect(await bearer(await signToken(ec, claims))).toMatchObject({ id: 'user:agent-17' });
  });

  test('the caller is named by the claim that is configured', async () => {
    const identityProvider = provider.configuration({ callerClaim: 'client_id' });
    const byClient = authenticatorOf({ ...nobody, identityProvider });
    expect(await bearer(await signToken(ec, { client_id: 'crm' }), byClient)).toMatchObject({ id: 'user:crm' });
    expect(await refusalOfToken(await signToken(ec), byClient)).toBe('credential_incomplete');
  });

  test('a name that is too long is told by its hash', async () => {
    const hash = (name: string) => createHash('sha256').update(name).digest('hex');
    const [fits, tooLong] = ['x'.repeat(251), 'x'.repeat(252)];
    expect(await bearer(await signToken(ec, { sub: fits }))).toMatchObject({ id: `user:${fits}` });
    expect(await bearer(await signToken(ec, { sub: tooLong }))).toMatchObject({ id: `user:${hash(tooLong)}` });
  });

  test('where no identity provider is configured, nobody issued it', async () => {
    expect(await refusalOfToken(await signToken(ec), authenticatorOf(withDesk))).toBe('credential_wrong_issuer');
    expect(provider.requests).toBe(0);
  });
});

describe('forged tokens', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = () => {
    const exp = Math.floor(Date.now() / 1000) + 300;
    return { iss: 'https://identity.example/', aud: 'limpid-tokens', sub: 'eve', scope: 'tokens:mint', exp };
  };

  test.each(['none', 'None', 'HS256', 'PS256', 'EdDSA', ''])('algorithm “%s” is refused unseen', async (alg) => {
    const token = `${part({ alg, kid: 'rsa-1' })}.${part(claims())}.c2ln`;
    expect(await refusalOfToken(token)).toMatch(alg ? /^credential_wrong_algorithm$/ : /^credential_malformed$/);
    expect(provider.requests).toBe(0);
  });

  test('one without a signature is refused', async () => {
    const unsigned = `${part({ alg: 'none' })}.${part(claims())}.`;
    expect(await refusalOfToken(unsigned)).toBe('credential_wrong_algorithm');
    const [header, payload] = (await signToken(ec)).split('.');
    expect(await refusalOfToken(`${header}.${payload}.`)).toBe('credential_bad_signature');
  });

  test.each(['spki', 'pkcs1'] as const)('the public key (%s) is no secret to sign with', async (type) => {
    const secret = rsa.publicKey.export({ type, format: 'pem' });
    const signed = `${part({ alg: 'HS256', kid: 'rsa-1' })}.${part(claims())}`;
    const token = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
    expect(await refusalOfToken(token)).toBe('credential_wrong_algorithm');
    // Also where it was configured by mistake.
    const identityProvider = provider.configuration({ algorithms: ['HS256', 'RS256'] });
    expect(await refusalOf(bearer(token, authenticatorOf({ ...nobody, identityProvider })))).toBe(
      'credential_malformed',
    );
  });

  test('a key of one algorithm verifies no other', async () => {
    const signed = `${part({ alg: 'RS256', kid: 'ec-1' })}.${part(claims())}`;
    const token = `${signed}.${sign('sha256', Buffer.from(signed), ec.privateKey).toString('base64url')}`;
    expect(await refusalOfToken(token)).toBe('credential_bad_signature');
  });

  test('a foreign key of the same name does not serve, whatever the header brings along', async () => {
    const evil = await IdentityProvider.start([foreign]);
    const chain = [Buffer.from('certificate').toString('base64')];
    for (const header of [{}, { jwk: foreign.jwk }, { jku: evil.url.href }, { x5u: evil.url.href }, { x5c: chain }]) {
      expect(await refusalOfToken(await signToken(foreign, {}, header))).toBe('credential_bad_signature');
    }
    expect(evil.requests).toBe(0);
    await evil.close();
  });

  test('changed claims break the signature', async () => {
    const [header, , signature] = (await signToken(ec)).split('.');
    expect(await refusalOfToken(`${header}.${part(claims())}.${signature}`)).toBe('credential_bad_signature');
  });

  test.each<[string, Record<string, unknown>]>([
    ['an unknown extension', { crit: ['exp'], exp: 1 }],
    ['one that is not there', { crit: ['x'] }],
  ])('%s that is critical is refused', async (_, header) => {
    const token = `${part({ alg: 'ES256', kid: 'ec-1', ...header })}.${part(claims())}.c2ln`;
    expect(await refusalOfToken(token)).toBe('credential_malformed');
  });

  test.each(['x', 'a.b', 'a.b.c', '..', 'a.b.c.d', 'a.b.c.d.e', `${part([])}.${part({})}.c2ln`, '-._.-'])(
    '%s is no token',
    async (text) => {
      expect(await refusalOfToken(text)).toBe('credential_malformed');
    },
  );

  test('a signed payload that is no object is no token', async () => {
    const signed = `${part({ alg: 'ES256', kid: 'ec-1' })}.${part('claims')}`;
    const key = { key: ec.privateKey, dsaEncoding: 'ieee-p1363' as const };
    const token = `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
    expect(await refusalOfToken(token)).toBe('credential_malformed');
  });
});

describe('the keys of the identity provider', () => {
  const unavailable: KeySetFault[] = ['drop', 'silent', 'garbage', 'no-set', '500', 'redirect', 'huge', 'trickle'];
  test.concurrent.each(unavailable)(
    'when the first request ends in “%s”, it is unavailable; later it is not',
    async (fault) => {
      const own = await IdentityProvider.start([ec]);
      let ownNowMs = 0;
      const configuration = { ...nobody, identityProvider: own.configuration() };
      const by = createAuthenticator(configuration, { nowMs: () => ownNowMs });
      own.fault = fault;
      expect(await refusalOf(bearer(await signToken(ec), by))).toBe('identity_provider_unavailable');
      own.fault = 'none';
      expect(await refusalOf(bearer(await signToken(ec), by))).toBe('identity_provider_unavailable');
      expect(own.requests).toBe(1);
      ownNowMs = 1000;
      expect(await bearer(await signToken(ec), by)).toMatchObject({ id: 'user:agent-17' });
      await own.close();
    },
  );

  test('are fetched once for many callers at once', async () => {
    const token = await signToken(ec);
    await Promise.all(Array.from({ length: 50 }, () => bearer(token)));
    expect(provider.requests).toBe(1);
  });

  test('stay in use for an hour while it is gone, and no longer', async () => {
    const token = await signToken(ec, { exp: Math.floor(Date.now() / 1000) + 7200 });
    await bearer(token);
    provider.fault = '500';
    nowMs += 59 * 60_000;
    expect(await bearer(token)).toMatchObject({ id: 'user:agent-17' });
    expect(provider.requests).toBe(2);
    // Not asked with each request.
    await bearer(token);
    expect(provider.requests).toBe(2);
    nowMs += 60_000;
    expect(await refusalOfToken(token)).toBe('identity_provider_unavailable');
    provider.fault = 'none';
    nowMs += 10_000;
    expect(await bearer(token)).toMatchObject({ id: 'user:agent-17' });
  });

  test.concurrent(
    'are fetched in the background: whoever has a known key waits for nothing, even while it hangs',
    async () => {
      const own = await IdentityProvider.start([ec]);
      let ownNowMs = 0;
      const configuration = { ...nobody, identityProvider: own.configuration() };
      const by = createAuthenticator(configuration, { nowMs: () => ownNowMs });
      const token = await signToken(ec, { exp: Math.floor(Date.now() / 1000) + 7200 });
      await bearer(token, by);
      own.fault = 'silent';
      for (const [minutes, requests] of [
        [5, 2],
        [30, 3],
      ] as const) {
        ownNowMs = minutes * 60_000;
        let isOver = false;
        // Waits for the keys, which may have the one that it names.
        const unknown = refusalOf(bearer(await signToken(foreign, {}, { kid: 'new' }), by)).finally(
          () => (isOver = true),
        );
        expect(await bearer(token, by)).toMatchObject({ id: 'user:agent-17' });
        expect(isOver).toBe(false);
        expect(await unknown).toBe('identity_provider_unavailable');
        expect(own.requests).toBe(requests);
      }
      own.fault = 'none';
      own.keys = [rsa.jwk];
      ownNowMs += 10_000;
      await bearer(token, by);
      await expect.poll(() => bearer(token, by).catch(() => 'withdrawn'), { timeout: 5000 }).toBe('withdrawn');
      await own.close();
    },
  );

  test('come from the holder of a certificate, whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const certificates = makeCertificates();
    const impostor = await IdentityProvider.start([ec], certificates);
    const by = authenticatorOf({ ...nobody, identityProvider: impostor.configuration() });
    expect(await refusalOfToken(await signToken(ec), by)).toBe('identity_provider_unavailable');
    expect(impostor.requests).toBe(0);
    vi.unstubAllEnvs();
    await impostor.close();
    certificates.remove();
  });

  test('are fetched again after ten minutes, so that one that was withdrawn is refused', async () => {
    const token = await signToken(ec);
    await bearer(token);
    provider.keys = [rsa.jwk];
    nowMs += 10 * 60_000;
    expect(await refusalOfToken(token)).toBe('credential_bad_signature');
  });

  test('a new one is found at once, but not by everybody who makes up a name', async () => {
    await bearer(await signToken(ec));
    const next = await createSigningKey('ec-2');
    provider.keys = [next.jwk];
    expect(await refusalOfToken(await signToken(next))).toBe('credential_bad_signature');
    expect(provider.requests).toBe(1);
    nowMs += 10_000;
    expect(await bearer(await signToken(next))).toMatchObject({ id: 'user:agent-17' });
    for (let attempt = 0; attempt < 20; attempt++) {
      expect(await refusalOfToken(await signToken(ec, {}, { kid: `made-up-${attempt}` }))).toBe(
        'credential_bad_signature',
      );
    }
    expect(provider.requests).toBe(2);
  });

  test('while it is gone, an unknown name may be a new key', async () => {
    await bearer(await signToken(ec));
    provider.fault = 'drop';
    nowMs += 10_000;
    const next = await createSigningKey('ec-2');
    expect(await refusalOfToken(await signToken(next))).toBe('identity_provider_unavailable');
    expect(await bearer(await signToken(ec))).toMatchObject({ id: 'user:agent-17' });
  });

  test('where a token does not name its key, any may be it', async () => {
    const next = await createSigningKey('ec-2');
    provider.keys = [ec.jwk, next.jwk];
    expect(await bearer(await signToken(next, {}, { kid: undefined }))).toMatchObject({ id: 'user:agent-17' });
    expect(await refusalOfToken(await signToken(foreign, {}, { kid: undefined }))).toBe('credential_bad_signature');
    const late = await signToken(next, { exp: 1 }, { kid: undefined });
    expect(await refusalOfToken(late)).toBe('credential_expired');
  });

  test('secret and private ones in the set verify nothing', async () => {
    const secret = Buffer.alloc(32, 1);
    provider.keys = [{ kty: 'oct', kid: 'ec-1', k: secret.toString('base64url'), alg: 'ES256' }];
    expect(await refusalOfToken(await signToken(ec))).toBe('credential_bad_signature');
    const { d } = await exportJWK(ec.privateKey);
    authenticator = authenticatorOf({ ...nobody, identityProvider: provider.configuration() });
    provider.keys = [{ ...ec.jwk, ...(d !== undefined && { d }) }];
    expect(await refusalOfToken(await signToken(ec))).toBe('credential_bad_signature');
    expect(provider.requests).toBe(2);
  });

  test('are kept when the configuration changes but not their address', async () => {
    const token = await signToken(ec);
    await bearer(token);
    authenticator.reconfigure({ ...nobody, identityProvider: provider.configuration({ limit: 1 }) });
    expect(await bearer(token)).toMatchObject({ limit: 1 });
    expect(provider.requests).toBe(1);

    const other = await IdentityProvider.start([foreign]);
    authenticator.reconfigure({ ...nobody, identityProvider: other.configuration() });
    expect(await refusalOfToken(token)).toBe('credential_bad_signature');
    expect(await bearer(await signToken(foreign))).toMatchObject({ id: 'user:agent-17' });
    await other.close();
  });
});

describe('without authentication', () => {
  const open: CallerConfiguration = { ...nobody, isAnonymousAllowed: true };
  const host = '127.0.0.1:8787';

  test('whoever is on this computer may have everything, if that is configured', async () => {
    const { id, access, limit } = await authenticatorOf(open).authenticate({ host });
    expect({ id, limit }).toEqual({ id: 'anonymous', limit: null });
    expect(access).toEqual(Object.fromEntries(providerIds.map((each) => [each, {}])));
    expect(await refusalOf(authenticatorOf(nobody).authenticate({ host }))).toBe('credential_missing');
  });

  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1', '127.1.2.3:80', '[::1]', '[::1]:8787'])(
    '%s is here',
    async (name) => {
      expect(await authenticatorOf(open).authenticate({ host: name })).toMatchObject({ id: 'anonymous' });
    },
  );

  test.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example:127',
    '192.168.0.1',
    '0.0.0.0',
    'localhost@evil.example',
    'localhost:1\nx',
  ])('%s is not', async (name) => {
    const headers = name === undefined ? {} : { host: name };
    expect(await refusalOf(authenticatorOf(open).authenticate(headers))).toBe('browser_refused');
  });

  test.each(['https://evil.example', 'http://127.0.0.1:8787', 'null', ''])(
    'web pages (%s) are refused',
    async (origin) => {
      expect(await refusalOf(authenticatorOf(open).authenticate({ host, origin }))).toBe('browser_refused');
    },
  );

  test.each(['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host'])(
    'what a proxy passes on (%s) is refused, also by its own name',
    async (header) => {
      for (const name of [host, 'tokens.example']) {
        expect(await refusalOf(authenticatorOf(open).authenticate({ host: name, [header]: '' }))).toBe('proxy_refused');
      }
      const behindBalancer = { host: 'tokens.example', [header]: 'x', authorization: `Bearer ${deskKey}` };
      expect(await authenticator.authenticate(behindBalancer)).toMatchObject({ id: `client:${desk.id}` });
    },
  );

  test('a credential that is sent is checked all the same', async () => {
    const by = authenticatorOf({ ...withDesk, isAnonymousAllowed: true });
    const { key: unknown } = createClientKey('Nobody');
    const send = (authorization: string) => by.authenticate({ host, authorization });
    expect(await refusalOf(send(`Bearer ${unknown}`))).toBe('credential_unknown');
    expect(await send(`Bearer ${deskKey}`)).toMatchObject({ id: `client:${desk.id}` });
  });

  test('web pages may send credentials where everybody needs one', async () => {
    const headers = { host: 'tokens.example', origin: 'https://app.example', authorization: `Bearer ${deskKey}` };
    expect(await authenticator.authenticate(headers)).toMatchObject({ id: `client:${desk.id}` });
  });
});
