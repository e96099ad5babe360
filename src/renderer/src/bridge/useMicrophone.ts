import { useEffect, useState } from 'react';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import type { AppState } from '../../../shared/state.js';
import { useConnection } from './hooks.js';

/** Main closes the microphone ten seconds after it was asked last. */
const askAgainMs = 4000;

export interface MicrophoneLevel {
  peakDb: number;
  rmsDb: number;
}

/**
 * Hears the microphone for as long as the page is seen: what the live voice measures while it runs, else a microphone that main
 * opens for this alone. Returns why it cannot be heard, or null. `hear` gets each level in dBFS, and null where they end.
 */
export function useMicrophone(
  { phase }: Pick<AppState, 'phase'>,
  hear: (level: MicrophoneLevel | null) => void,
): LimpidErrorShape | null {
  const { ask, numbers, on } = useConnection();
  const [problem, setProblem] = useState<LimpidErrorShape | null>(null);
  const isLive = phase !== 'off' && phase !== 'failed';

  useEffect(() => {
    if (!isLive) return undefined;
    const read = () => {
      const measured = numbers.get();
      hear(measured && { peakDb: measured.inputPeakDb, rmsDb: measured.inputRmsDb });
    };
    read();
    return numbers.subscribe(read);
  }, [isLive, numbers, hear]);

  useEffect(() => {
    if (isLive) return undefined;
    let isOver = false;
    let isAsking = false;
    const listen = async () => {
      if (document.hidden || isAsking) return;
      isAsking = true;
      const answer = await ask('microphone.listen', { listening: true });
      isAsking = false;
      if (isOver) return;
      setProblem(answer && !answer.ok ? answer.error : null);
      if (!answer?.ok) hear(null);
    };
    const follow = () => {
      if (document.hidden) void ask('microphone.listen', { listening: false });
      else void listen();
    };
    void listen();
    const timer = setInterval(() => void listen(), askAgainMs);
    const stopHearing = on('microphone.heard', hear);
    document.addEventListener('visibilitychange', follow);
    return () => {
      isOver = true;
      clearInterval(timer);
      stopHearing();
      document.removeEventListener('visibilitychange', follow);
      hear(null);
      void ask('microphone.listen', { listening: false });
    };
  }, [isLive, ask, on, hear]);
  return isLive ? null : problem;
}
