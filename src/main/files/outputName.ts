import { LimpidError } from '../../shared/errors.js';
import type { FileOptions } from '../../shared/files.js';
import { fillPlaceholders, isPlaceholder, type NameFacts } from '../../shared/namePattern.js';

/** Of a file's name without its ending, in bytes: file systems take 255, and a file being written has a longer name. */
const maxNameBytes = 180;

/** Names that mean a device on Windows, whatever their ending. */
const deviceName = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * Whether names can be made of the pattern. Throws `files.pattern-empty`, `files.pattern-placeholder`, `files.pattern-character` or,
 * where outputs go beside their originals and would have their names, `files.pattern-same`.
 */
export function checkPattern({ pattern, folder }: FileOptions): void {
  const [unknown] = [...pattern.matchAll(/\{([^{}]*)\}/g)].filter(([, name = '']) => !isPlaceholder(name));
  if (unknown) throw new LimpidError('files.pattern-placeholder', { placeholder: unknown[0] });
  const text = pattern.replaceAll(/\{\w+\}/g, '');
  const [character] = /[\p{Cc}/\\<>:"|?*{}]/u.exec(text) ?? [];
  if (character !== undefined) throw new LimpidError('files.pattern-character', { character });
  if (text === pattern && /^[\s.]*$/.test(pattern)) throw new LimpidError('files.pattern-empty', { name: '{name}' });
  if (folder === null && pattern.trim() === '{name}') throw new LimpidError('files.pattern-same');
}

/** The output's name without its ending: never empty, never too long for a file system, no device of Windows. */
export function fillPattern(pattern: string, facts: NameFacts): string {
  const { name } = facts;
  const fill = (original: string): string => fillPlaceholders(pattern, { ...facts, name: original });
  const spare = maxNameBytes - (bytesOf(fill(name)) - bytesOf(name));
  const whole = fill(shorten(name, Math.max(spare, 1)));
  const filled = shorten(whole, maxNameBytes) || name;
  return deviceName.test(filled) ? `_${filled}` : filled;
}

const bytesOf = (text: string): number => Buffer.byteLength(text);

/** As many whole characters as fit. */
function shorten(text: string, maxBytes: number): string {
  let kept = '';
  for (const character of text) {
    if (bytesOf(kept) + bytesOf(character) > maxBytes) break;
    kept += character;
  }
  return kept;
}

/** The name of a file that came through a browser: no folder, nothing that a file system refuses, its ending kept. */
export function sanitizeName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  const plain = base.replaceAll(/[\p{Cc}<>:"|?*]/gu, '_').replace(/^[.\s]+/, '');
  const dot = plain.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [plain.slice(0, dot), plain.slice(dot)] : [plain, ''];
  const safe = shorten(stem.replace(/[.\s]+$/, ''), maxNameBytes) || 'sound';
  return `${deviceName.test(safe) ? '_' : ''}${safe}${shorten(ending, 16)}`;
}
