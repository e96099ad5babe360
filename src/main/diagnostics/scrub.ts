import type { BackendEnvironment } from '../../shared/backend.js';
import { anonymise, mapTexts, ownIdentity, type Identity } from '../redact.js';

/** Shorter values are words such as `true`, which would spoil every other text. */
const shortestLiteral = 6;
/** A path such as `/token` is no secret, and stands in other texts. */
const shortestPlace = 12;

/** Takes out of a text what nobody else shall read. */
export type Scrub = (text: string) => string;

/**
 * For what is handed to other people: besides what `anonymise` finds by its shape, every header value, body and address of these
 * environments, wherever it stands, also as part of JSON or of a URL. Of addresses the origin stays.
 */
export function makeScrub(environments: readonly BackendEnvironment[], identity: Identity = ownIdentity()): Scrub {
  const replacements = new Map<string, string>();
  const hide = (secret: string, word = '[hidden]'): void => {
    if (secret.length < shortestLiteral) return;
    const shapes = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
    for (const shape of shapes) replacements.set(shape, word);
  };
  for (const { url, headers, body, proxy } of environments) {
    for (const { value } of headers) hide(value);
    hide(body);
    for (const text of textsIn(body)) hide(text);
    for (const address of [url, proxy ?? '']) hideAddress(address, hide);
  }
  // The longest first: a secret may be part of another.
  const ordered = [...replacements].toSorted(([one], [other]) => other.length - one.length);
  return (text) => {
    const known = ordered.reduce((safe, [secret, word]) => safe.replaceAll(secret, word), text);
    return anonymise(known, identity);
  };
}

function hideAddress(address: string, hide: (secret: string, word?: string) => void): void {
  if (!URL.canParse(address)) return;
  const { username, password, pathname, search, hash } = new URL(address);
  for (const part of [username, password]) {
    hide(part);
    hide(decode(part));
  }
  const place = `${pathname}${search}${hash}`;
  if (place.length >= shortestPlace) hide(place, '/[hidden]');
  for (const part of [search.slice(1), hash.slice(1)]) hide(part);
  hide(address, originOf(address));
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The texts in a JSON body; empty when it is none. */
function textsIn(body: string): string[] {
  const texts: string[] = [];
  try {
    mapTexts<unknown>(JSON.parse(body), (text) => {
      texts.push(text);
      return text;
    });
  } catch {
    return [];
  }
  return texts;
}

/** An environment as it may be handed on. */
export const withoutSecrets = (environment: BackendEnvironment): BackendEnvironment => ({
  ...environment,
  url: originOf(environment.url),
  headers: environment.headers.map(({ name }) => ({ name, value: '[hidden]' })),
  body: environment.body === '' ? '' : '[hidden]',
  proxy: environment.proxy === null ? null : originOf(environment.proxy),
});

/** Scheme, host and port; what is no URL is not handed on at all. */
export function originOf(address: string): string {
  if (address === '') return '';
  if (!URL.canParse(address)) return '[hidden]';
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}`;
}
