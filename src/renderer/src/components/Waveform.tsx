import { useCallback, useEffect, useId, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import type { SoundVersion, Waveforms } from '../../../shared/player.js';
import { onThemeChange } from '../bridge/followPreferences.js';
import { useEveryMove } from '../bridge/usePlayer.js';
import { describeHead, seekByKey, seekByPlace } from '../view/playerView.js';
import { text } from '../view/text.js';
import { drawWaveform } from './drawWaveform.js';

interface WaveformProps {
  drawn: Waveforms | null;
  heard: SoundVersion;
  isOpen: boolean;
  /** As main told it last; while the sound moves it is followed by itself. */
  positionSeconds: number;
  durationSeconds: number;
  /** Resolves when main has the last place of the hand. */
  onSeek(seconds: number): Promise<void>;
}

/** Both versions over time, and the one play head: it is moved by keys, a press or a drag. Draws by itself, so that the player does not. */
export function Waveform({ drawn, heard, isOpen, positionSeconds, durationSeconds, onSeek }: WaveformProps) {
  const pictureId = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const position = useRef(positionSeconds);
  const dragged = useRef<number | null>(null);
  // The hand is ahead of what main tells meanwhile: the next key counts from where the hand is.
  const isByHand = useRef(false);
  // Where it moved to since main told it; once a second only, which is as fine as the words are.
  const [moved, setMoved] = useState({ from: positionSeconds, to: positionSeconds });
  const told = moved.from === positionSeconds ? moved.to : positionSeconds;

  const redraw = useCallback(() => {
    if (!canvas.current) return;
    const at = dragged.current ?? position.current;
    const share = durationSeconds > 0 ? Math.min(1, at / durationSeconds) : 0;
    drawWaveform(canvas.current, {
      original: drawn?.original ?? null,
      enhanced: drawn?.enhanced ?? null,
      heard,
      share,
    });
  }, [drawn, heard, durationSeconds]);

  const move = useCallback(
    (seconds: number) => {
      position.current = seconds;
      setMoved((before) => {
        const isSame = before.from === positionSeconds && Math.floor(before.to) === Math.floor(seconds);
        return isSame ? before : { from: positionSeconds, to: seconds };
      });
      redraw();
    },
    [redraw, positionSeconds],
  );
  const follow = useCallback((seconds: number) => !isByHand.current && move(seconds), [move]);
  useEveryMove(isOpen, follow);

  useEffect(() => {
    if (!isByHand.current) position.current = positionSeconds;
    redraw();
  }, [redraw, positionSeconds]);
  useEffect(() => {
    const resize = new ResizeObserver(redraw);
    if (canvas.current) resize.observe(canvas.current);
    const stopFollowing = onThemeChange(redraw);
    return () => {
      resize.disconnect();
      stopFollowing();
    };
  }, [redraw]);

  const seek = async (seconds: number) => {
    move(seconds);
    isByHand.current = true;
    await onSeek(seconds);
    isByHand.current = false;
  };
  const seekTo = (event: PointerEvent<HTMLDivElement>) => {
    const picture = canvas.current ?? event.currentTarget;
    const { left, width } = picture.getBoundingClientRect();
    dragged.current = seekByPlace(event.clientX - left, width, durationSeconds);
    void seek(dragged.current);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const next = seekByKey(event.key, position.current, durationSeconds);
    if (next === null) return;
    event.preventDefault();
    void seek(next);
  };
  const endDrag = () => {
    dragged.current = null;
  };

  return (
    <div
      className="waveform"
      role="slider"
      tabIndex={0}
      aria-label={text('window.player.head')}
      aria-valuemin={0}
      aria-valuemax={Math.floor(durationSeconds)}
      aria-valuenow={Math.floor(told)}
      aria-valuetext={describeHead(told, durationSeconds)}
      aria-describedby={pictureId}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (dragged.current !== null) seekTo(event);
      }}
      onPointerUp={endDrag}
      onPointerCancel={endDrag}
    >
      <span className="waveform-names" aria-hidden="true">
        <span>{text('window.player.original')}</span>
        <span>{text('window.player.enhanced')}</span>
      </span>
      <canvas className="waveform-canvas" ref={canvas} aria-hidden="true" />
      <span hidden id={pictureId}>
        {text('window.player.waveform')}
      </span>
      <span className="waveform-time value" aria-hidden="true">
        {describeHead(told, durationSeconds)}
      </span>
    </div>
  );
}
