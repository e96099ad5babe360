import type { EngineId } from './state.js';

/** What a pattern for names may hold in braces. */
export const placeholders = ['name', 'engine', 'date', 'time'] as const;
type Placeholder = (typeof placeholders)[number];

export const isPlaceholder = (name: string): name is Placeholder => placeholders.some((known) => known === name);

const two = (value: number): string => String(value).padStart(2, '0');

/** By the local clock: `2026-11-21`. */
export const formatDate = (at: Date): string => `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;

/** By the local clock, without what no name may hold: `15-04-05`. */
export const formatTime = (at: Date): string => `${two(at.getHours())}-${two(at.getMinutes())}-${two(at.getSeconds())}`;

/** What the placeholders stand for. */
export interface NameFacts {
  /** The original's name without its ending. */
  name: string;
  engine: EngineId;
  at: Date;
}

/** The pattern with its placeholders filled in. `unknown`: what becomes of those that nobody knows, by default nothing. */
export function fillPlaceholders(
  pattern: string,
  { name, engine, at }: NameFacts,
  unknown: (placeholder: string) => string = () => '',
): string {
  const values: Record<Placeholder, string> = { name, engine, date: formatDate(at), time: formatTime(at) };
  const valueOf = (placeholder: string, key: string) => (isPlaceholder(key) ? values[key] : unknown(placeholder));
  return pattern.replaceAll(/\{(\w+)\}/g, valueOf).trim();
}

/** What the placeholders become. */
const shapes: Readonly<Record<string, string>> = {
  engine: '(?:gtcrn|aic|bypass)',
  date: '\\d{4}-\\d\\d-\\d\\d',
  time: '\\d\\d-\\d\\d-\\d\\d',
};

/**
 * Whether the pattern makes this name, with its ending and perhaps a number, of another one of these. A pattern that does not change
 * the name, or does not hold it, says nothing.
 */
export function isNameOfResult(name: string, pattern: string, names: ReadonlySet<string>): boolean {
  const parts = pattern.trim().split(/\{(\w+)\}/);
  const isTelling = parts.some((part, at) => (at % 2 === 0 ? part.trim() !== '' : part !== 'name'));
  if (!parts.includes('name') || !isTelling) return false;
  let isNamed = false;
  const source = parts.map((part, at) => {
    if (at % 2 === 0) return part.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
    if (part !== 'name') return shapes[part] ?? '';
    if (isNamed) return '\\k<name>';
    isNamed = true;
    return '(?<name>.+)';
  });
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 ? name.slice(dot) : '';
  const match = new RegExp(`^${source.join('')}(?: \\(\\d+\\))?$`).exec(name.slice(0, name.length - ending.length));
  const original = match?.groups?.['name'];
  return original !== undefined && names.has(original + ending);
}
