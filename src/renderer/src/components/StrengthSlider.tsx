import { useId, type CSSProperties } from 'react';
import { useLevel } from '../bridge/useLevel.js';
import { formatPercent } from '../view/format.js';
import { hint, text } from '../view/text.js';

/** How much of the engine's effect is heard, 0–100 %. */
export function StrengthSlider({ level }: { level: number }) {
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
        style={{ '--level': shown } as CSSProperties}
        onChange={(event) => move(Number(event.target.value) / 100)}
        onDoubleClick={() => move(1)}
        onKeyDown={(event) => event.key === 'Delete' && move(1)}
      />
      <p className="help" id={hintId}>
        {hint('window.level')}
      </p>
    </div>
  );
}
