import { describe, expect, test } from 'vitest';
import {
  firstProblem,
  isAdvanced,
  isSameDraft,
  newDraft,
  readDraft,
  toDraft,
  type EnvironmentDraft,
} from '../../src/renderer/src/view/environmentForm.js';
import { backendEnvironment, type BackendEnvironment } from '../../src/shared/backend.js';

const full: BackendEnvironment = backendEnvironment.parse({
  name: 'production',
  url: 'https://tokens.example/token',
  method: 'POST',
  headers: [{ name: 'X-Tenant', value: 'a b' }],
  body: '{"seat": 1}',
  credentialKind: 'header',
  credentialHeader: 'X-Key',
  reply: { token: 'data.token', expiresAt: '', expiresIn: 'data.ttl' },
  signIn: {
    issuer: 'https://login.example',
    clientId: 'limpid',
    scope: 'openid',
    resource: 'https://r',
    audience: 'a',
  },
  timeoutMs: 2500,
  caFile: '/etc/ca.pem',
  proxy: 'http://proxy:8080',
});
const draft = toDraft(full);
const problemsOf = (part: Partial<EnvironmentDraft>, others: string[] = []) =>
  readDraft({ ...draft, ...part }, others).problems;

describe('an environment as it is typed', () => {
  test('comes back as it was', () => {
    expect(readDraft(draft, [])).toEqual({ values: full, problems: {} });
    const usual = backendEnvironment.parse({ name: 'a', url: 'https://a.example' });
    expect(readDraft(toDraft(usual), []).values).toEqual(usual);
  });

  test('white space around it is dropped, and so are empty rows', () => {
    const headers = [{ key: 7, name: '', value: '' }, ...draft.headers];
    const typed = { ...draft, name: ' production ', url: ' https://tokens.example/token ', caFile: '  ', headers };
    expect(readDraft(typed, []).values).toEqual({ ...full, caFile: null });
    expect(isSameDraft({ ...draft, headers }, draft)).toBe(true);
    expect(isSameDraft({ ...draft, url: '' }, draft)).toBe(false);
  });

  test('a new one takes the first usual name that is free', () => {
    expect(newDraft([]).name).toBe('production');
    expect(newDraft(['production', 'development']).name).toBe('staging');
    expect(newDraft(['production', 'staging', 'development']).name).toBe('');
    expect(newDraft([])).toMatchObject({ url: '', token: 'token', expiresAt: 'expires_at', timeout: '10' });
  });
});

describe('what is wrong', () => {
  test.each([
    ['', 'url-missing'],
    ['tokens.example', 'url'],
    ['ftp://tokens.example', 'url'],
    ['http://tokens.example', 'url-https'],
    ['http://127.0.0.1.example', 'url-https'],
    ['https://me:secret@tokens.example', 'url-user'],
  ])('the address “%s”: %s', (url, code) => {
    expect(problemsOf({ url })).toEqual({ url: `window.problem.${code}` });
  });

  test.each(['https://tokens.example', 'http://localhost:1', 'http://127.0.0.1:8787/t', 'http://[::1]:1/'])(
    'the address “%s” is fine',
    (url) => {
      expect(problemsOf({ url })).toEqual({});
    },
  );

  test.each<[string, Partial<EnvironmentDraft>, string]>([
    ['name', { name: '-x' }, 'name'],
    ['name', { name: '' }, 'name'],
    ['credentialHeader', { credentialHeader: 'X Key' }, 'header-name'],
    ['token', { token: ' ' }, 'token'],
    ['expiresAt', { expiresAt: 'x'.repeat(201) }, 'reply'],
    ['timeout', { timeout: '0' }, 'timeout'],
    ['timeout', { timeout: '1e1' }, 'timeout'],
    ['timeout', { timeout: '' }, 'timeout'],
    ['proxy', { proxy: 'proxy' }, 'proxy'],
    ['proxy', { proxy: 'socks5://proxy:1' }, 'proxy'],
    ['body', { body: 'x'.repeat(10_001) }, 'body'],
    ['caFile', { caFile: `/${'x'.repeat(4000)}` }, 'path'],
  ])('%s: %j', (field, part, code) => {
    expect(problemsOf(part)).toEqual({ [field]: `window.problem.${code}` });
  });

  test('a header is marked in its own row, whatever rows are empty before it', () => {
    const headers = [
      { key: 0, name: '', value: '' },
      { key: 1, name: 'good', value: 'ü' },
      { key: 2, name: 'b d', value: '' },
    ];
    expect(problemsOf({ headers })).toEqual({
      'headers.1.value': 'window.problem.header-value',
      'headers.2.name': 'window.problem.header-name',
    });
  });

  test('two environments never share a name, not even in another case', () => {
    expect(problemsOf({}, ['Production'])).toEqual({ name: 'window.problem.name-taken' });
    expect(problemsOf({}, ['staging'])).toEqual({});
  });

  test('a header that is not used cannot be wrong', () => {
    const hidden = { credentialKind: 'bearer', credentialHeader: '' } as const;
    expect(problemsOf(hidden)).toEqual({});
  });

  test.each<[string, Partial<EnvironmentDraft>, string]>([
    ['issuer', { issuer: ' ' }, 'issuer-missing'],
    ['issuer', { issuer: 'login.example' }, 'issuer'],
    ['issuer', { issuer: 'https://login.example/?tenant=1' }, 'issuer'],
    ['issuer', { issuer: 'https://me:secret@login.example' }, 'issuer'],
    ['issuer', { issuer: 'http://login.example' }, 'url-https'],
    ['clientId', { clientId: ' ' }, 'client-id'],
    ['scope', { scope: 'x'.repeat(1001) }, 'sign-in'],
    ['audience', { audience: 'x'.repeat(2001) }, 'sign-in'],
  ])('of a sign-in: %s: %j', (field, part, code) => {
    expect(problemsOf({ ...part, credentialKind: 'sign-in' })).toEqual({ [field]: `window.problem.${code}` });
    // Nobody sees it with another kind.
    expect(problemsOf(part)).toEqual({});
  });

  test('a sign-in on this computer may do without https, and needs little', () => {
    const part = { issuer: 'http://127.0.0.1:3000', scope: '', resource: '', audience: '' };
    expect(problemsOf({ ...part, credentialKind: 'sign-in' })).toEqual({});
  });

  test('the first one from the top is shown first', () => {
    expect(firstProblem(problemsOf({ proxy: 'x', url: 'x', token: '' }))).toBe('url');
    expect(firstProblem(problemsOf({ proxy: 'x', headers: [{ key: 0, name: ' x x', value: '' }] }))).toBe(
      'headers.0.name',
    );
    expect(firstProblem({})).toBeNull();
    expect(['url', 'issuer', 'scope'].some(isAdvanced)).toBe(false);
    expect(['headers.0.name', 'proxy', 'resource', 'audience'].every(isAdvanced)).toBe(true);
  });
});
