export type SystemName = 'naudiodon' | 'limpid-bypass' | 'limpid-gtcrn';

/** What a path says of itself at the end; null where it says nothing. */
export interface PathNumbers {
  underruns: number | null;
  restarts: number | null;
  state: string | null;
  mutedByFeedback: boolean | null;
}

export const noPathNumbers: PathNumbers = { underruns: null, restarts: null, state: null, mutedByFeedback: null };

/** What the process of a live path tells. */
export type SystemMessage = { kind: 'ready' } | { kind: 'ended'; numbers: PathNumbers };
