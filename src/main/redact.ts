/**
 * What is hidden, and why. Three steps, each hides what the one before does:
 *
 * 1. `redact`, for what this person reads: what opens a door. Tokens and licences, user and password in addresses, what follows
 *    `password=` or `Bearer`, and every credential that `hideSecret` was told.
 * 2. `anonymise`, for what others may read: also what stands beside a name such as `X-Api-Key:`, and who and where this person is.
 * 3. `makeScrub`, for reports and bundles: also what the environments of the token backend hold, which no shape tells.
 *
 * All of them take free text. Words that are ours (the codes of notices, the values of enumerations) are spared by `mapTexts`.
 */
import type { BackendEnvironment } from '../shared/backend.js';
import { parseProxyUrl } from './auth/backendRules.js';
import { ownIdentity, type Identity } from './identity.js';

interface Rule {
  pattern: RegExp;
  /** May refer to groups of the pattern. */
  word: string;
}

const tokenRules: readonly Rule[] = [
  // JSON in base64 begins with these three letters. A licence has two parts, a JWT three, a JWE five, some of which may be empty.
  { pattern: /eyJ[\w+/-]{6,}(?:=|%3D){0,2}(?:(?:\.|%2E)[\w+/-]*(?:=|%3D){0,2}){1,4}/gi, word: '[hidden]' },
  // One part alone; a word is shorter.
  { pattern: /eyJ[\w+/-]{13,}(?:=|%3D){0,2}/g, word: '[hidden]' },
];

const doorRules: readonly Rule[] = [
  ...tokenRules,
  // `user:password@` of an address, up to the last `@` before the path; also of a proxy that is written without a scheme.
  { pattern: /\b([a-z][a-z\d+.-]*:\/\/)[^\s/?#"'<>]*@/gi, word: '$1[hidden]@' },
  { pattern: /(?<![^\s"'=(,;])[^\s/:@"'<>=(,;]+:[^\s/@"'<>]+@(?=[\w[])/g, word: '[hidden]@' },
  // A value of a query or a form that is named like a secret.
  {
    pattern: /((?<![\w.-])[\w.-]*(?:token|key|secret|passw|auth|signature|credential)[\w.-]*=)[^&\s"'<>,;)]+/gi,
    word: '$1[hidden]',
  },
  // What stands after the name of an HTTP scheme, but for the words of a sentence.
  {
    pattern: /\b(Bearer|Basic)\s+(?!auth|token|scheme|realm|header|credential|require|challenge)[\w.~+/=-]{6,}/gi,
    word: '$1 [hidden]',
  },
];

const secretName = /auth(?![a-z])|token|secret|key(?!chain|board|ring|tar)|passw|pwd|authorization|cookie|credential/i;

const namedRules: readonly Rule[] = [
  // These have several words: to the closing quote, or to the end of the line.
  {
    pattern: /((?:authorization|cookie)[\w-]*\\*["']?\s*[:=]\s*)(?:(\\*["'])(?:(?!\2).)*\2|[^\r\n]+)/gi,
    word: '$1[hidden]',
  },
  // `X-Api-Key: abc`, `"access_token":"abc"`, also as JSON in JSON.
  {
    pattern: new RegExp(
      String.raw`((?:${secretName.source})[\w-]*\\*["']?\s*[:=]\s*)(?!\[hidden\])(?:(\\*["'])(?:(?!\2).)*\2|[^\s"'&,;(){}[\]\\]+)`,
      'gi',
    ),
    word: '$1[hidden]',
  },
];

const personRules: readonly Rule[] = [
  { pattern: /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, word: '[e-mail]' },
  // Of a network or Bluetooth device, as it stands in the names of devices.
  { pattern: /(?<![\da-f])(?:[\da-f]{2}[:_-]){5}[\da-f]{2}(?![\da-f])/gi, word: '[address]' },
];

const apply = (rules: readonly Rule[], text: string): string =>
  rules.reduce((safe, { pattern, word }) => safe.replaceAll(pattern, word), text);

const shortestSecret = 4;
/** With how many want it hidden. */
const secrets = new Map<string, number>();

/** Keeps a credential out of everything that `redact` sees from now on, or until all who asked for that have called what is returned. */
export function hideSecret(secret: string): () => void {
  if (secret.length < shortestSecret) return () => undefined;
  secrets.set(secret, (secrets.get(secret) ?? 0) + 1);
  let isHidden = true;
  return () => {
    if (!isHidden) return;
    isHidden = false;
    const left = (secrets.get(secret) ?? 0) - 1;
    if (left > 0) secrets.set(secret, left);
    else secrets.delete(secret);
  };
}

/** As it is, as part of JSON, of a URL, of a form, and of Basic. */
const shapesOf = (secret: string): Set<string> =>
  new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll('%20', '+'),
    Buffer.from(secret).toString('base64'),
  ]);

/** What this person may be shown of a text: what opens a door becomes `[hidden]`. */
export function redact(text: string): string {
  let safe = apply(doorRules, text);
  for (const secret of secrets.keys()) for (const shape of shapesOf(secret)) safe = safe.replaceAll(shape, '[hidden]');
  return safe;
}

/**
 * What may be handed to other people of a text: as `redact`, and what is named like a secret is hidden, the home folder becomes `~`, the
 * names of the person and the computer, e-mail addresses and those of network devices become words in brackets.
 */
export function anonymise(text: string, identity: Identity = ownIdentity()): string {
  const { home, user, displayName, host } = identity;
  const people = [displayName, user, ...displayName.split(/[\s._-]+/), ...user.split(/[\s._-]+/)];
  const computers = [host, host.split('.')[0] ?? ''];
  // The longest first: the computer may be called after the person.
  const names = [
    ...people.map((name) => [name, '[user]'] as const),
    ...computers.map((name) => [name, '[computer]'] as const),
  ];
  let safe = apply(personRules, withoutHome(apply(namedRules, redact(text)), home));
  for (const [name, word] of names.toSorted(([one], [other]) => other.length - one.length))
    safe = withoutName(safe, name, word);
  return safe;
}

/** However its path is written, but not as the beginning of a longer name. Windows does not tell small letters from capital ones. */
function withoutHome(text: string, home: string): string {
  if (home.length < 2) return text;
  const names = home.split(/[\\/]/).map((name) => {
    const shapes = new Set([name, encodeURIComponent(name), encodeURI(name)]);
    return `(?:${[...shapes].map(escapePattern).join('|')})`;
  });
  const separator = String.raw`(?:\\{1,2}|/|%5C|%2F)`;
  const flags = /^[a-z]:/i.test(home) ? 'giu' : 'gu';
  return text.replaceAll(new RegExp(String.raw`${names.join(separator)}(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])`, flags), '~');
}

/** Names that tell of nobody, and would spoil other words. */
const commonNames = new Set([
  'root',
  'user',
  'admin',
  'administrator',
  'system',
  'owner',
  'guest',
  'account',
  'home',
  'office',
  'limpid',
  'localhost',
  'linux',
  'debian',
  'ubuntu',
  'windows',
  'default',
  'audio',
  'sound',
  'the',
  'von',
  'van',
]);
const shortestName = 3;

/** As a word of its own, in any case, also in the genitive (“Annas Headset”). */
function withoutName(text: string, name: string, word: string): string {
  if (name.length < shortestName || commonNames.has(name.toLowerCase())) return text;
  const pattern = new RegExp(String.raw`(?<![\p{L}\p{N}])${escapePattern(name)}s?(?![\p{L}\p{N}])`, 'giu');
  return text.replaceAll(pattern, word);
}

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`);

/** Takes out of a text what nobody else shall read. */
export type Scrub = (text: string) => string;

/** As `anonymise`, and without header values, bodies and addresses of these environments; of addresses the origin stays. */
export function makeScrub(environments: readonly BackendEnvironment[], identity: Identity = ownIdentity()): Scrub {
  // These are shown anyway.
  const open = new Set(environments.flatMap(({ name, url }) => [name, hostOf(url)]).map((text) => text.toLowerCase()));
  const words = new Map<string, string>();
  for (const { text, name = '', word = '[hidden]' } of environments.flatMap(secretsOf)) {
    const isSecret = secretName.test(name) ? text.length >= shortestSecret && !schemes.test(text) : looksSecret(text);
    if (isSecret && !open.has(text.toLowerCase())) for (const shape of shapesOf(text)) words.set(shape, word);
  }
  // The longest first: a secret may be part of another.
  const rules = [...words]
    .toSorted(([one], [other]) => other.length - one.length)
    .map(([literal, word]) => ({ pattern: wordPattern(literal), word }));
  return (text) => anonymise(apply(rules, text), identity);
}

const schemes = /^(?:basic|bearer|digest|negotiate|token|api-?key)$/i;

/** `staging` or `application` may stand anywhere and mean nothing. */
const looksSecret = (text: string): boolean =>
  text.length >= 16 || (text.length >= 8 && !/^(?:\p{Lu}?\p{Ll}+|\p{Lu}+)$/u.test(text));

/** What is this long is hidden anywhere, what is shorter only where no letter or digit stands beside it; an escaped character is none. */
const longLiteral = 16;
function wordPattern(literal: string): RegExp {
  const escaped = escapePattern(literal);
  if (literal.length >= longLiteral) return new RegExp(escaped, 'gu');
  return new RegExp(
    String.raw`(?:(?<![\p{L}\p{N}])|(?<=\\[bfnrt])|(?<=%[\dA-Fa-f]{2}))${escaped}(?![\p{L}\p{N}])`,
    'gu',
  );
}

interface PossibleSecret {
  text: string;
  /** Of the header or the field that it stands in. */
  name?: string;
  /** What stands in its place; default `[hidden]`. */
  word?: string;
}

/** Everything in an environment that may be a secret, whole and in its parts. */
const secretsOf = ({ url, headers, body, proxy }: BackendEnvironment): PossibleSecret[] => [
  ...headers.filter(({ name }) => !/^(?:accept|content-|user-agent|cache-)/i.test(name)).flatMap(secretsOfHeader),
  ...secretsOfBody(body),
  ...secretsOfAddress(url, parseHttp(url), originOf(url)),
  ...secretsOfAddress(proxy ?? '', parseProxy(proxy ?? ''), originOfProxy(proxy ?? '')),
];

function secretsOfHeader({ name, value }: { name: string; value: string }): PossibleSecret[] {
  const [scheme = '', credential = ''] = value.split(/\s+/, 2);
  const pair = /^basic$/i.test(scheme) ? Buffer.from(credential, 'base64').toString() : '';
  const opens = [credential, pair, pair.slice(pair.indexOf(':') + 1)].map((text) => ({ text, name: 'credential' }));
  const texts = [value, ...value.split(/[\s;,=]+/)].map((text) => ({ text, name }));
  return schemes.test(scheme) ? [...texts, ...opens] : texts;
}

/** A body is JSON, a form, or some other text. */
function secretsOfBody(body: string): PossibleSecret[] {
  const fields = (): PossibleSecret[] => {
    try {
      return leavesOf(JSON.parse(body), '');
    } catch {
      return [...new URLSearchParams(body)].map(([name, text]) => ({ name, text }));
    }
  };
  return [{ text: body }, ...fields()];
}

/** All values in JSON, and the names of its fields. */
function leavesOf(value: unknown, name: string): PossibleSecret[] {
  if (typeof value !== 'object' || value === null) return [{ text: String(value), name }];
  if (Array.isArray(value)) return value.flatMap((each) => leavesOf(each, name));
  return Object.entries(value).flatMap(([field, each]) => [{ text: field }, ...leavesOf(each, field)]);
}

function secretsOfAddress(address: string, url: URL | null, origin: string): PossibleSecret[] {
  const whole = { text: address, name: 'key', word: origin };
  if (!url) return [whole];
  const { username, password, pathname, search, hash } = url;
  const login = [username, password]
    .flatMap((text) => [text, decode(text)])
    .map((text) => ({ text, name: 'password' }));
  const query = [...new URLSearchParams(search)].map(([name, text]) => ({ name, text }));
  const path = pathname.split('/').flatMap((text) => [{ text }, { text: decode(text) }]);
  const parts = [...path, { text: search.slice(1) }, { text: hash.slice(1) }];
  return [...(`${address}/` === `${origin}/` ? [] : [whole]), ...login, ...query, ...parts];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function parseHttp(address: string): URL | null {
  return /^https?:\/\//i.test(address) && URL.canParse(address) ? new URL(address) : null;
}

function parseProxy(address: string): URL | null {
  try {
    return address === '' ? null : parseProxyUrl(address);
  } catch {
    return null;
  }
}

const hostOf = (address: string): string => parseHttp(address)?.hostname ?? '';

const describeOrigin = (address: string, url: URL | null): string => {
  if (address === '') return '';
  return url ? `${url.protocol}//${url.host}` : '[hidden]';
};

/** Scheme, host and port; what is no address of the web is not handed on at all. */
export const originOf = (address: string): string => describeOrigin(address, parseHttp(address));

/** The same of a proxy, which may be written without its scheme. */
export const originOfProxy = (address: string): string => describeOrigin(address, parseProxy(address));

/** An environment as it may be handed on. */
export const withoutSecrets = (environment: BackendEnvironment): BackendEnvironment => ({
  ...environment,
  url: originOf(environment.url),
  headers: environment.headers.map(({ name }) => ({ name, value: '[hidden]' })),
  body: environment.body === '' ? '' : '[hidden]',
  signIn: {
    ...environment.signIn,
    issuer: originOf(environment.signIn.issuer),
    clientId: environment.signIn.clientId === '' ? '' : '[hidden]',
    resource: originOf(environment.signIn.resource),
    audience: environment.signIn.audience === '' ? '' : '[hidden]',
  },
  proxy: environment.proxy === null ? null : originOfProxy(environment.proxy),
});

/** Whether a text in the field of this name is a word of ours, such as a value of an enumeration. */
export type IsOurs = (field: string, text: string) => boolean;

/** The same value with every text in it changed by `change`, but for names of fields, the codes of notices, and what `isOurs` spares. */
export function mapTexts<Value>(value: Value, change: Scrub, isOurs?: IsOurs): Value;
export function mapTexts(value: unknown, change: Scrub, isOurs: IsOurs = () => false, field = ''): unknown {
  const each = mapTexts as (value: unknown, change: Scrub, isOurs: IsOurs, field: string) => unknown;
  if (typeof value === 'string') return field === 'code' || isOurs(field, value) ? value : change(value);
  if (Array.isArray(value)) return value.map((item) => each(item, change, isOurs, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]: [string, unknown]) => [name, each(part, change, isOurs, name)]),
  );
}
