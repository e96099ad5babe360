import { describe, type Message } from '../../../shared/messages/index.js';
import type { AppState } from '../../../shared/state.js';
import { formatCount } from './format.js';
import { text } from './text.js';
import type { Tone } from './viewModel.js';

const minuteSeconds = 60;
const hourSeconds = 60 * minuteSeconds;
const dayHours = 24;
/** From here on days say enough. */
const fewDays = 3;

export interface RecordingPanel {
  isRecording: boolean;
  /** Nothing can be recorded while Limpid is off. */
  canStart: boolean;
  /** How much more fits on the disk, which take runs, or that sound is waited for. */
  facts: string[];
  /** Where this or the next recording goes. */
  folder: string;
  /** How the last one ended well; read out calmly. */
  saved: Message | null;
  /** What is wrong; read out at once. */
  problem: (Message & { tone: Extract<Tone, 'warning' | 'problem'> }) | null;
}

/** What the recording card shows. */
export function recordingPanel({ phase, recording, recordings }: AppState): RecordingPanel {
  const { notice } = recordings;
  const isSaved = notice?.code === 'recording.saved';
  const isWarning = ['recording.disk-low', 'recording.saved-gaps', 'recording.nothing'].includes(notice?.code ?? '');
  return {
    isRecording: recording !== null,
    canStart: phase !== 'off' && phase !== 'failed',
    facts: recording ? factsOf(recording) : [],
    folder: recording?.folder ?? recordings.folder,
    saved: notice && isSaved ? describe(notice) : null,
    problem: notice && !isSaved ? { ...describe(notice), tone: isWarning ? 'warning' : 'problem' } : null,
  };
}

function factsOf({ takes, freeBytes, bytesPerSecond }: NonNullable<AppState['recording']>): string[] {
  if (takes === 0) return [text('window.record.waiting')];
  const facts = takes > 1 ? [text('window.record.takes', { number: formatCount(takes) })] : [];
  return freeBytes === null || bytesPerSecond === 0 ? facts : [formatSpace(freeBytes / bytesPerSecond), ...facts];
}

/** How long one can still record, rounded down. */
export function formatSpace(seconds: number): string {
  const hours = Math.floor(seconds / hourSeconds);
  if (hours >= fewDays * dayHours)
    return text('window.record.space.days', { days: formatCount(Math.floor(hours / dayHours)) });
  if (hours >= 1) return text('window.record.space.hours', { hours: formatCount(hours) });
  return text('window.record.space.minutes', { minutes: formatCount(Math.floor(seconds / minuteSeconds)) });
}

/** `hh:mm:ss`, rounded down; hours grow beyond two digits. */
export function formatRecorded(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds));
  const parts = [Math.floor(whole / hourSeconds), Math.floor(whole / minuteSeconds) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
