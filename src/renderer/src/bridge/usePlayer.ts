import { useCallback, useEffect, useRef, useState } from 'react';
import type { CallArgument } from '../../../shared/contract.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import type { PlayerView, SoundSource, Waveforms } from '../../../shared/player.js';
import type { AppState } from '../../../shared/state.js';
import { isSameSound } from '../view/playerView.js';
import { useConnection } from './hooks.js';

/** More than any picture has bars. */
const buckets = 500;

type PlayerCommand = 'player.play' | 'player.pause' | 'player.seek' | 'player.hear' | 'player.chooseOutput';

export interface Player {
  /** Null while another sound, or none, is open in the one player there is. */
  view: PlayerView | null;
  /** What the last call was refused with. */
  failure: LimpidErrorShape | null;
  /** Opens the sound where it is not open yet, and does this. */
  act<Name extends PlayerCommand>(name: Name, argument?: CallArgument<Name>): Promise<void>;
  /** Moves the play head: the hand's last place counts, one call at a time. Resolves when main has the last. */
  seek(seconds: number): Promise<void>;
}

/** The player for one sound. */
export function usePlayer({ player }: Pick<AppState, 'player'>, source: SoundSource): Player {
  const { ask, link } = useConnection();
  const [failure, setFailure] = useState<LimpidErrorShape | null>(null);
  const view = player && isSameSound(source, player.source) ? player : null;
  const isOpen = useRef(view !== null);
  const wanted = useRef<number | null>(null);
  const seeking = useRef<Promise<void>>(null);
  const sound = useRef(source);
  const isPlaying = view?.playing ?? false;
  /** It plays because this window asked for it. */
  const isOurs = useRef(false);
  useEffect(() => {
    if (!isPlaying) isOurs.current = false;
  }, [isPlaying]);
  useEffect(() => {
    isOpen.current = view !== null;
    sound.current = source;
  });

  const act = useCallback<Player['act']>(
    async (name, argument) => {
      setFailure(null);
      if (!isOpen.current && name !== 'player.chooseOutput') {
        const opened = await ask('player.open', { source: sound.current });
        // Another sound was asked for meanwhile, or none: that is no failure.
        if (!opened?.ok) return setFailure(opened && opened.error.code !== 'cancelled' ? opened.error : null);
        isOpen.current = true;
      }
      if (name === 'player.play') isOurs.current = true;
      const answer = await ask(name, argument);
      if (!answer || answer.ok) return;
      if (name === 'player.play') isOurs.current = false;
      setFailure(answer.error);
    },
    [ask],
  );

  // What nobody can stop any more does not play on; what another window plays does.
  useEffect(
    () => () => {
      const last = link.get().state?.player;
      const isHeard = last?.playing && isSameSound(sound.current, last.source);
      if (isHeard && isOurs.current) void ask('player.pause');
    },
    [ask, link],
  );

  const follow = useCallback(async () => {
    while (wanted.current !== null) {
      const next = wanted.current;
      wanted.current = null;
      await act('player.seek', { seconds: next });
    }
    seeking.current = null;
  }, [act]);
  const seek = useCallback(
    (seconds: number) => {
      wanted.current = seconds;
      if (!seeking.current) seeking.current = follow();
      return seeking.current;
    },
    [follow],
  );
  return { view, failure, act, seek };
}

/** Calls `move` with the play head of the open sound whenever it moves, outside React. */
export function useEveryMove(isOpen: boolean, move: (positionSeconds: number) => void): void {
  const { on } = useConnection();
  useEffect(
    () => (isOpen ? on('player.moved', ({ positionSeconds }) => move(positionSeconds)) : undefined),
    [on, isOpen, move],
  );
}

/** How loud both versions are over time; null until main has looked, or when it could not. */
export function useWaveforms(source: SoundSource): { drawn: Waveforms | null; failure: LimpidErrorShape | null } {
  const { ask } = useConnection();
  const [answer, setAnswer] = useState<{ drawn: Waveforms | null; failure: LimpidErrorShape | null }>({
    drawn: null,
    failure: null,
  });
  const { kind } = source;
  const id = source.kind === 'file' ? source.id : null;
  useEffect(() => {
    let isOver = false;
    const read = async () => {
      const sound: SoundSource = kind === 'file' && id !== null ? { kind, id } : { kind: 'comparison' };
      const told = await ask('sound.waveforms', { source: sound, buckets });
      if (isOver || !told) return;
      setAnswer(told.ok ? { drawn: told.value, failure: null } : { drawn: null, failure: told.error });
    };
    void read();
    return () => {
      isOver = true;
    };
  }, [ask, kind, id]);
  return answer;
}
