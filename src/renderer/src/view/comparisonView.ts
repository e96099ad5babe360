import { describe, type Message } from '../../../shared/messages/index.js';
import type { AppState } from '../../../shared/state.js';
import { text } from './text.js';

export interface ComparisonPanel {
  phase: AppState['comparison']['phase'];
  /** Why it cannot begin now; null when it can. */
  obstacle: string | null;
  /** What is to be done while it is recorded, with the time that is left. */
  countdown: string;
  /** 0..1 */
  progress: number;
  isKept: boolean;
  /** Where it was kept; read out calmly. */
  kept: Message | null;
  /** What is wrong with it, or to know about it; read out at once. */
  problem: Message | null;
}

/** What the comparison shows. */
export function comparisonPanel(state: AppState): ComparisonPanel {
  const { comparison } = state;
  const { notice, seconds, totalSeconds } = comparison;
  const isKept = notice?.code === 'comparison.kept';
  return {
    phase: comparison.phase,
    obstacle: findObstacle(state),
    countdown: text('window.compare.left', { count: Math.max(0, Math.ceil(totalSeconds - seconds)) }),
    progress: totalSeconds > 0 ? Math.min(1, seconds / totalSeconds) : 0,
    isKept,
    kept: notice && isKept ? describe(notice) : null,
    problem: notice && !isKept ? describe(notice) : null,
  };
}

function findObstacle({ phase, recording, microphonePermission }: AppState): string | null {
  if (microphonePermission === 'denied') return text('window.compare.denied');
  if (recording) return text('window.compare.while-recording');
  return ['off', 'failed', 'running'].includes(phase) ? null : text('window.compare.while-starting');
}
