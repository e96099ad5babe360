import { LimpidError, noticeOf, retryableNativeCodes, type LimpidErrorShape, type Notice } from '../errors.js';
import { byLanguage, currentLanguage } from '../language.js';
import type { Language } from '../preferences.js';
import { areas as de } from './de/index.js';
import { areas as en } from './en/index.js';

/** What happened, and what to do next: whole sentences with `{placeholders}`. */
export interface Message {
  message: string;
  hint: string;
}

type Catalogue = ReadonlyMap<string, Message>;

const readCatalogue = (areas: Record<string, Record<string, Message>>): Catalogue =>
  new Map(Object.values(areas).flatMap((area) => Object.entries(area)));

const english = readCatalogue(en);
const catalogues: Record<Language, Catalogue> = { en: english, de: readCatalogue(de) };

const plural = byLanguage((locale) => new Intl.PluralRules(locale));
const number = byLanguage((locale) => new Intl.NumberFormat(locale));

/**
 * The sentences of a notice in the current language, with its values filled in. A sentence that changes with a number stands
 * under `code.one` and `code.other`; that number is the value `count`. A code without sentences reads as an internal error.
 */
export function describe(notice: Notice): Message {
  const entry = find(catalogues[currentLanguage()], notice) ?? find(english, notice) ?? internal();
  return { message: fill(entry.message, notice.params), hint: fill(entry.hint, notice.params) };
}

const internal = (): Message => catalogues[currentLanguage()].get('internal') ?? en.live.internal;

/** What went wrong elsewhere, in the language of this side; in its own words where this side does not know it. */
export function describeError({ code, message, hint, params }: Omit<LimpidErrorShape, 'retryable'>): Message {
  return params && find(english, { code, params }) ? describe({ code, params }) : { message, hint };
}

/**
 * Turns anything that was thrown into what may cross a boundary. Errors of the native core are known by their code;
 * everything else becomes `internal`, without its text or stack, which may name files or carry secrets.
 */
export function toErrorShape(error: unknown): LimpidErrorShape {
  if (error instanceof LimpidError) return shapeOf(noticeOf(error), error.retryable);
  if (isNativeError(error)) {
    const { code } = error;
    const detail = error.detail || error.message;
    return shapeOf({ code, params: { detail } }, retryableNativeCodes.has(code));
  }
  return shapeOf({ code: 'internal', params: {} }, false);
}

function shapeOf(notice: Notice, retryable: boolean): LimpidErrorShape {
  return { code: notice.code, ...describe(notice), retryable, params: toldOf(notice) };
}

/** Of the values only those that the sentences tell anyway; of a notice within too. */
function toldOf({ code, params }: Notice): Notice['params'] {
  const entry = find(english, { code, params });
  const told = entry ? Object.entries(params).filter(([name]) => isTold(entry, name)) : [];
  return Object.fromEntries(
    told.map(([name, value]) => [
      name,
      typeof value === 'object' ? { code: value.code, params: toldOf(value) } : value,
    ]),
  );
}

const isTold = ({ message, hint }: Message, name: string): boolean =>
  name === 'count' || `${message} ${hint}`.includes(`{${name}}`);

function find(catalogue: Catalogue, { code, params }: Notice): Message | undefined {
  const { count } = params;
  if (typeof count !== 'number') return catalogue.get(code);
  return catalogue.get(`${code}.${plural().select(count)}`) ?? catalogue.get(`${code}.other`) ?? catalogue.get(code);
}

/** Puts values in place; one that ends with a full stop before a full stop gives up its own. */
function fill(sentence: string, params: Notice['params']): string {
  return sentence.replaceAll(/\{(\w+)\}(\.?)/g, (placeholder, name: string, stop: string) => {
    const value = params[name];
    if (value === undefined) return placeholder;
    const words = inWords(name, value);
    return `${stop ? words.replace(/\.$/, '') : words}${stop}`;
  });
}

/** Values that are quantities, written as the language writes numbers; other numbers are names, such as a port or a status. */
const quantities: ReadonlySet<string> = new Set(['count', 'seconds', 'minutes']);

function inWords(name: string, value: Notice['params'][string]): string {
  if (typeof value === 'object') return describe(value).message;
  return quantities.has(name) && typeof value === 'number' ? number().format(value) : String(value);
}

function isNativeError(error: unknown): error is Error & { code: string; detail?: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && english.has(error.code);
}
