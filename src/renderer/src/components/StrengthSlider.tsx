import { useId, type CSSProperties } from 'react';
import { useLevel } from '../bridge/useLevel.js';
import { formatPercent } from '../view/format.js';
import { hint, text } from '../view/text.js';
import { LockLine } from './LockLine.js';

interface StrengthSliderProps {
  level: number;
  /** Why it cannot be moved; null: it can. */
  lock: string | null;
}

/** How much of the engine's effect is heard, 0–100 %. */
export function StrengthSlider({ level, lock }: StrengthSliderProps) {
  const [shown, move] = useLevel(level);
  const [sliderId, hintId] = [useId(), useId()];
  const percent = formatPercent(shown);
  return (
    <div className="strength">
      <div className="row">
        <label htmlFor={sliderId}>{text('window.level')}</label>
        <output className="value" htmlFor={sliderId}>
          {text('window.level.value', { percent })}
        </output>
      </div>
      <input
        id={sliderId}
        className="slider"
        type="range"
        min={0}
        max={100}
        step={1}
        value={Math.round(shown * 100)}
        aria-valuetext={text('window.level.spoken', { percent })}
        aria-describedby={hintId}
        disabled={lock !== null}
        style={{ '--level': shown } as CSSProperties}
        onChange={(event) => move(Number(event.target.value) / 100)}
        onDoubleClick={() => move(1)}
        onKeyDown={(event) => event.key === 'Delete' && move(1)}
      />
      {lock === null ? (
        <p className="help" id={hintId}>
          {hint('window.level')}
        </p>
      ) : (
        <LockLine id={hintId} words={lock} />
      )}
    </div>
  );
}
