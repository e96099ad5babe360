import { useCallback, useEffect, useRef } from 'react';
import type { LiveNumbers } from '../../../shared/state.js';
import { onThemeChange } from '../bridge/followPreferences.js';
import { useEveryNumber } from '../bridge/hooks.js';
import { emptyHistory, historySeconds, pushLevels } from '../view/levelHistory.js';
import { text } from '../view/text.js';
import { drawHistory } from './drawHistory.js';

/** The last seconds at a glance: the microphone above the line, what people hear below it. */
export function LevelHistory() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const history = useRef(emptyHistory);

  const redraw = useCallback(() => {
    if (canvas.current) drawHistory(canvas.current, history.current);
  }, []);

  const draw = useCallback(
    (numbers: LiveNumbers | null) => {
      history.current = numbers ? pushLevels(history.current, numbers) : emptyHistory;
      redraw();
    },
    [redraw],
  );
  useEveryNumber(draw);

  useEffect(() => {
    const resize = new ResizeObserver(redraw);
    if (canvas.current) resize.observe(canvas.current);
    const stopFollowing = onThemeChange(redraw);
    return () => {
      resize.disconnect();
      stopFollowing();
    };
  }, [redraw]);

  return (
    <div className="history">
      <div className="history-names" aria-hidden="true">
        <span>{text('window.history.before')}</span>
        <span>{text('window.history.after')}</span>
      </div>
      <canvas
        className="history-canvas"
        ref={canvas}
        role="img"
        aria-label={text('window.history', { seconds: historySeconds })}
      />
    </div>
  );
}
