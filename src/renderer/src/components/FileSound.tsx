import { useEffect, useMemo } from 'react';
import { useConnection } from '../bridge/hooks.js';
import { isSameSound } from '../view/playerView.js';
import { text } from '../view/text.js';
import { SoundPlayer } from './SoundPlayer.js';

interface FileSoundProps {
  id: string;
  name: string;
  elementId: string;
}

/** A file before and after. What nobody can stop any more does not play on: it is closed with its row. */
export function FileSound({ id, name, elementId }: FileSoundProps) {
  const { ask, link } = useConnection();
  const source = useMemo(() => ({ kind: 'file' as const, id }), [id]);
  useEffect(
    () => () => {
      const player = link.get().state?.player;
      if (player && isSameSound(player.source, source)) void ask('player.close');
      void ask('files.leaveSound', { id });
    },
    [ask, link, source, id],
  );
  return (
    <div id={elementId} role="group" aria-label={text('window.files.sound', { name })}>
      <SoundPlayer source={source} />
    </div>
  );
}
