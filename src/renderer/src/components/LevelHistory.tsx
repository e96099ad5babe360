import { useCallback, useEffect, useRef } from 'react';
import type { LiveNumbers } from '../../../shared/state.js';
import { onThemeChange } from '../bridge/followPreferences.js';
import { useEveryNumber } from '../bridge/hooks.js';
import { useWantsCalm } from '../bridge/useIsSeen.js';
import { emptyHistory, historyColumns, historySeconds, pushLevels } from '../view/levelHistory.js';
import { text } from '../view/text.js';
import { HistoryPainter } from './drawHistory.js';

/** The last seconds at a glance: the microphone above the line, what people hear below it. */
export function LevelHistory() {
  const canvas = useRef<HTMLCanvasElement>(null);
  const history = useRef(emptyHistory);

  const painter = useRef<HistoryPainter>(null);

  // Where little motion is asked for, the picture moves once a second.
  const columnsAtOnce = useWantsCalm() ? historyColumns / historySeconds : 1;

  const draw = useCallback(
    (numbers: LiveNumbers | null) => {
      const shown = history.current.newest;
      history.current = numbers ? pushLevels(history.current, numbers) : emptyHistory;
      const isDue = Math.floor(history.current.newest / columnsAtOnce) !== Math.floor(shown / columnsAtOnce);
      // The newest column is drawn when its time begins, not each time that it grows.
      if (isDue) painter.current?.draw(history.current);
    },
    [columnsAtOnce],
  );
  useEveryNumber(draw);

  useEffect(() => {
    if (!canvas.current) return undefined;
    const owned = new HistoryPainter(canvas.current);
    painter.current = owned;
    const redraw = () => {
      owned.fit();
      owned.draw(history.current);
    };
    const resize = new ResizeObserver(redraw);
    resize.observe(canvas.current);
    const stopFollowing = onThemeChange(redraw);
    return () => {
      resize.disconnect();
      stopFollowing();
    };
  }, []);

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
