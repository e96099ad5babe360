import type { EventPayload } from '../../../shared/contract.js';
import { fileOptions, type FileItem, type FileStatus, type FilesView } from '../../../shared/files.js';
import { describe, type Message } from '../../../shared/messages/index.js';
import { fillPlaceholders, isPlaceholder } from '../../../shared/namePattern.js';
import { endingOf, hasSoundEnding, wavEndings } from '../../../shared/soundEndings.js';
import type { AppState, EngineId } from '../../../shared/state.js';
import { byLanguage } from '../../../shared/language.js';
import { formatCount, formatDb, formatPercent } from './format.js';
import { hint, text, type TextCode } from './text.js';

const minuteSeconds = 60;
const hourSeconds = 60 * minuteSeconds;

const ratios = byLanguage((locale) =>
  [0, 1, 2].map(
    (digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  ),
);

/** A number of any size in about two digits. */
function formatRatio(value: number): string {
  const digits = value < 0.995 ? 2 : value < 9.95 ? 1 : 0;
  return ratios()[digits]?.format(value) ?? '';
}

/** Files as they come: what is known stays in its place, what is new follows. What did not change keeps its identity. */
export function mergeFiles(
  items: readonly FileItem[],
  { changed, removed }: EventPayload<'files.changed'>,
): readonly FileItem[] {
  const fresh = new Map(changed.map((item) => [item.id, item]));
  const gone = new Set(removed);
  const kept = items
    .filter(({ id }) => !gone.has(id))
    .map((item) => {
      const next = fresh.get(item.id) ?? item;
      fresh.delete(item.id);
      return next;
    });
  return [...kept, ...[...fresh.values()].filter(({ id }) => !gone.has(id))];
}

export const fileFilters = ['all', 'open', 'attention', 'done'] as const;
export type FileFilter = (typeof fileFilters)[number];

const filterOf: Record<FileStatus, FileFilter> = {
  waiting: 'open',
  running: 'open',
  asks: 'attention',
  failed: 'attention',
  cancelled: 'attention',
  done: 'done',
};

export const filterFiles = (items: readonly FileItem[], filter: FileFilter): readonly FileItem[] =>
  filter === 'all' ? items : items.filter(({ status }) => filterOf[status] === filter);

/** What a person can do about a file first of all; the others follow it. */
export type FileAction = 'cancel' | 'retry' | 'listen';

const firstActions: Record<FileStatus, FileAction> = {
  waiting: 'cancel',
  running: 'cancel',
  asks: 'cancel',
  failed: 'retry',
  cancelled: 'retry',
  done: 'listen',
};

export interface FileFigure {
  id: 'input' | 'reduction' | 'factor' | 'length';
  label: string;
  /** Null before it is known. */
  value: string | null;
}

export interface FileRowView {
  status: string;
  /** Percent of what runs; null when it does not. */
  percent: string | null;
  /** How fast it goes and how long it still takes. */
  pace: string[];
  figures: FileFigure[];
  /** The name of its result. */
  output: string | null;
  /** Why it failed, or what to know about the result. */
  message: Message | null;
  action: FileAction;
  canRemove: boolean;
  canOpenFolder: boolean;
}

/** One row of the queue in words. */
export function fileRow({ status, progress, speed, secondsLeft, result, notice }: FileItem): FileRowView {
  const isRunning = status === 'running';
  const isOver = status === 'done' || status === 'failed' || status === 'cancelled';
  const pace = [
    ...(speed === null ? [] : [text('window.files.speed', { times: formatRatio(speed) })]),
    ...(secondsLeft === null ? [] : [formatTimeLeft(secondsLeft)]),
  ];
  return {
    status: text(`window.files.status.${status}`),
    percent: isRunning ? text('window.files.percent', { percent: formatPercent(progress) }) : null,
    pace: isRunning ? pace : [],
    figures: figuresOf(result),
    output: result && nameOfPath(result.path),
    message: notice && status !== 'asks' ? describe(notice) : null,
    action: firstActions[status],
    canRemove: isOver,
    canOpenFolder: status === 'done' && result !== null,
  };
}

function figuresOf(result: FileItem['result']): FileFigure[] {
  const reduction = result?.noiseReductionDb ?? null;
  const inDb = (db: number) => text('window.files.db', { db: formatDb(db) });
  return [
    { id: 'input', label: text('window.files.column.input'), value: result && inDb(result.inputDb) },
    {
      id: 'reduction',
      label: text('window.files.column.reduction'),
      value: reduction === null ? null : inDb(reduction),
    },
    { id: 'factor', label: text('window.files.column.factor'), value: result && formatRatio(result.realTimeFactor) },
    { id: 'length', label: text('window.files.column.length'), value: result && formatLength(result.seconds) },
  ];
}

/** What a file asks, in the words of main where it gave them. */
export const fileQuestion = ({ name, notice }: FileItem): Message =>
  notice ? describe(notice) : { message: text('window.files.ask', { name }), hint: '' };

/** The last part of a path of any system. */
export const nameOfPath = (path: string): string => path.split(/[\\/]/).findLast((part) => part !== '') ?? path;

/** `m:ss`, from an hour on `h:mm:ss`; rounded. */
export function formatLength(seconds: number): string {
  const all = Math.round(Math.max(0, seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(all / minuteSeconds) % 60;
  const rest = two(all % minuteSeconds);
  return all < hourSeconds ? `${minutes}:${rest}` : `${Math.floor(all / hourSeconds)}:${two(minutes)}:${rest}`;
}

/** Time left as nobody would watch it by the second: rounded up to five seconds, a minute, or with its hours. */
export function formatTimeLeft(seconds: number): string {
  const whole = Math.ceil(Math.max(0, seconds) / 5) * 5;
  if (whole < minuteSeconds) return text('window.files.left.seconds', { seconds: Math.max(5, whole) });
  const minutes = Math.ceil(whole / minuteSeconds);
  if (minutes < 60) return text('window.files.left.minutes', { minutes });
  return text('window.files.left.hours', { hours: formatCount(Math.floor(minutes / 60)), minutes: minutes % 60 });
}

export interface QueueSummary {
  total: number;
  /** Whole sentences: how many are done, failed, ask, and what is left. */
  sentences: string[];
  /** Nothing waits, runs or asks. */
  isOver: boolean;
  /** Changes when something must not wait to be said: the first question came, or all is over. */
  urgency: string;
}

/** How the queue fares as a whole. */
export function queueSummary({ counts, secondsLeft }: FilesView): QueueSummary {
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const isOver = counts.waiting + counts.running + counts.asks === 0;
  const done = total === 1 ? 'window.files.done-single' : 'window.files.done';
  const sentences = [text(done, { count: counts.done, total: formatCount(total) })];
  if (counts.failed > 0) sentences.push(text('window.files.failed', { count: counts.failed }));
  if (counts.cancelled > 0) sentences.push(text('window.files.cancelled', { count: counts.cancelled }));
  if (counts.asks > 0) sentences.push(text('window.files.asking', { count: counts.asks }));
  if (!isOver && secondsLeft !== null) sentences.push(text('window.files.left', { left: formatTimeLeft(secondsLeft) }));
  return {
    total,
    sentences: total === 0 ? [] : sentences,
    isOver,
    urgency: `${isOver && total > 0} ${counts.asks > 0}`,
  };
}

/** Which engine is used for files, and how strongly; a warning where that changes nothing. */
export function enginePlan({ engine, level }: Pick<AppState, 'engine' | 'level'>): {
  message: string;
  isIdle: boolean;
} {
  if (engine === 'bypass') return { message: text('window.files.engine.bypass'), isIdle: true };
  if (level === 0) return { message: text('window.files.engine.zero'), isIdle: true };
  const params = { engine: text(`window.engine.${engine}`), percent: formatPercent(level) };
  return { message: text('window.files.engine', params), isIdle: false };
}

/** What can be opened, with or without ffmpeg. */
export function formatsLine(ffmpegVersion: string | null): Message {
  const code = ffmpegVersion === null ? 'window.files.wav-only' : 'window.files.ffmpeg';
  const params = { version: ffmpegVersion ?? '' };
  return { message: text(code, params), hint: hint(code, params) };
}

const forbidden = /[\\/:*?"<>|\p{Cc}]/u;

/** What is wrong with a naming pattern; null when nothing is. */
export function patternProblem(pattern: string): string | null {
  const trimmed = pattern.trim();
  if (trimmed === '') return text('window.files.pattern.empty');
  if (!fileOptions.shape.pattern.safeParse(trimmed).success) return text('window.files.pattern.long');
  const bare = trimmed.replaceAll(/\{(\w+)\}/g, '');
  const unknown = [...trimmed.matchAll(/\{(\w+)\}/g)].find(([, name = '']) => !isPlaceholder(name));
  if (unknown) return text('window.files.pattern.unknown', { placeholder: unknown[0] });
  if (/[{}]/.test(bare)) return text('window.files.pattern.brace');
  const character = forbidden.exec(bare)?.[0];
  if (character !== undefined) return text('window.files.pattern.character', { character });
  if (!trimmed.includes('{name}')) return text('window.files.pattern.name');
  return null;
}

/** What a pattern makes of `interview.wav`, at `nowMs` by this computer's clock. */
export function exampleName(pattern: string, engine: EngineId, nowMs: number): string {
  const facts = { name: text('window.files.example'), engine, at: new Date(nowMs) };
  return `${fillPlaceholders(pattern, facts, (placeholder) => placeholder)}.wav`;
}

/** A path as it was pasted: file managers put it in quotation marks. */
export const pastedPath = (typed: string): string => typed.trim().replace(/^(["'])(.+)\1$/, '$2');

/** Whether a file of a folder is one to add. Names with a dot in front are the system's own. */
export function isSoundName(name: string, hasFfmpeg: boolean): boolean {
  if (name.startsWith('.')) return false;
  return hasFfmpeg ? hasSoundEnding(name) : wavEndings.includes(endingOf(name));
}

export interface UploadView {
  message: string;
  amount: string;
  /** 0..1. */
  share: number;
}

/** How far the sending of files to the computer that runs Limpid is. */
export function uploadView({
  count,
  sentBytes,
  totalBytes,
}: {
  count: number;
  sentBytes: number;
  totalBytes: number;
}): UploadView {
  const params = { sent: formatRatio(sentBytes / 1_000_000), total: formatRatio(totalBytes / 1_000_000) };
  return {
    message: text('window.files.sending', { count }),
    amount: text('window.files.sending.amount', params),
    share: totalBytes === 0 ? 0 : Math.min(1, sentBytes / totalBytes),
  };
}

export const filterLabel = (filter: FileFilter): TextCode => `window.files.filter.${filter}`;
