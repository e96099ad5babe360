import { homedir, hostname, userInfo } from 'node:os';

/** JSON in base64 begins with these three letters; licences have two parts, JWTs three. */
const tokenShape = /eyJ[\w+/-]{6,}={0,2}(\.[\w+/-]+={0,2}){1,2}\.?/g;
/** `user:password@` of a URL, up to the last `@` before the path. */
const urlCredentials = /\b([a-z][a-z\d+.-]*:\/\/)[^\s/?#"'<>]*@/gi;
/** Values of a query that are named like a secret. */
const queryShape = /([?&][\w.-]*(?:token|key|secret|passw|auth|signature|credential)[\w.-]*=)[^&#\s"'<>,;)]+/gi;
/** What stands after the name of an HTTP scheme; a word of a sentence is shorter. */
const schemeShape = /\b(Bearer|Basic)\s+(?=[^\s"',]*[\d=])[\w.~+/=-]{12,}/gi;
const shortestSecret = 4;
const secrets = new Set<string>();

/** Keeps a credential out of everything that `redact` sees from now on. */
export function hideSecret(secret: string): void {
  if (secret.length >= shortestSecret) secrets.add(secret);
}

/**
 * What may be printed of a text: tokens, licences, user and password of URLs, and every hidden secret (also as part of a URL, of
 * JSON or of Basic) become `[hidden]`.
 */
export function redact(text: string): string {
  let safe = text
    .replaceAll(tokenShape, '[hidden]')
    .replaceAll(urlCredentials, '$1[hidden]@')
    .replaceAll(queryShape, '$1[hidden]')
    .replaceAll(schemeShape, '$1 [hidden]');
  for (const secret of secrets) {
    const json = JSON.stringify(secret).slice(1, -1);
    const base64 = Buffer.from(secret).toString('base64');
    for (const shape of new Set([secret, json, encodeURIComponent(secret), base64])) {
      safe = safe.replaceAll(shape, '[hidden]');
    }
  }
  return safe;
}

/** Who uses this computer, and what it is called. */
export interface Identity {
  home: string;
  user: string;
  host: string;
}

const eMail = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
/** Of a network or Bluetooth device, as it stands in the names of devices. */
const hardwareAddress = /(?<![\da-f])(?:[\da-f]{2}[:_-]){5}[\da-f]{2}(?![\da-f])/gi;
/** Names that tell of nobody, and would spoil other words. */
const commonNames = new Set([
  'root',
  'user',
  'admin',
  'limpid',
  'localhost',
  'linux',
  'debian',
  'ubuntu',
  'windows',
  'default',
]);
const shortestName = 3;

/** This computer's. A system without a name for the user has none to hide. */
export function ownIdentity(): Identity {
  const readUser = (): string => {
    try {
      return userInfo().username;
    } catch {
      return '';
    }
  };
  return { home: homedir(), user: readUser(), host: hostname() };
}

/**
 * What may be handed to other people of a text: as `redact`, and the home folder becomes `~`, the names of user and computer, e-mail
 * addresses and those of network devices become words in brackets.
 */
export function anonymise(text: string, { home, user, host }: Identity = ownIdentity()): string {
  let safe = redact(text);
  if (home.length > 1) safe = safe.replaceAll(home, '~').replaceAll(home.replaceAll('\\', '/'), '~');
  safe = safe.replaceAll(eMail, '[e-mail]').replaceAll(hardwareAddress, '[address]');
  safe = withoutName(safe, user, '[user]');
  for (const name of new Set([host, host.split('.')[0] ?? ''])) safe = withoutName(safe, name, '[computer]');
  return safe;
}

/** As a word of its own, in any case. */
function withoutName(text: string, name: string, word: string): string {
  if (name.length < shortestName || commonNames.has(name.toLowerCase())) return text;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(name)}(?![\\p{L}\\p{N}])`, 'giu');
  return text.replaceAll(pattern, word);
}

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The same value with every text in it changed by `change`, but for names of fields and the codes of notices, which are ours. */
export function mapTexts<Value>(value: Value, change: (text: string) => string): Value;
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts<unknown>(each, change));
  if (typeof value !== 'object' || value === null) return value;
  const changed = Object.entries(value).map(([name, each]: [string, unknown]) => [
    name,
    name === 'code' ? each : mapTexts(each, change),
  ]);
  return Object.fromEntries(changed);
}
