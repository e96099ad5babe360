import { useCallback, useId, useRef } from 'react';
import type { AppState, LiveNumbers } from '../../../shared/state.js';
import { useConnection, useEveryNumber, useNumbers } from '../bridge/hooks.js';
import { formatDb } from '../view/format.js';
import { advanceMeter, emptyMeter, meterFloorDb, meterFraction, silenceDb } from '../view/meterScale.js';
import { hint, text } from '../view/text.js';

/** Value text changes no faster than a screen reader can speak it. */
const spokenEveryMs = 3000;
const writtenEveryMs = 250;
const tickDbs = [-48, -36, -24, -12];

interface LevelMeterProps {
  side: keyof AppState['clipped'];
}

const levels = (side: LevelMeterProps['side'], numbers: LiveNumbers) =>
  side === 'input'
    ? { rmsDb: numbers.inputRmsDb, peakDb: numbers.inputPeakDb }
    : { rmsDb: numbers.outputRmsDb, peakDb: numbers.outputPeakDb };

/** RMS as a bar, the held peak as a line, clipping as a lamp with a word that stays until it is pressed. */
export function LevelMeter({ side, clipping }: LevelMeterProps & { clipping: boolean }) {
  const { command } = useConnection();
  const [labelId, clipHelpId] = [useId(), useId()];
  const meter = useRef<HTMLDivElement>(null);
  const cover = useRef<HTMLDivElement>(null);
  const peak = useRef<HTMLDivElement>(null);
  const memory = useRef(emptyMeter);

  const draw = useCallback(
    (numbers: LiveNumbers | null) => {
      if (!cover.current || !peak.current) return;
      const now = performance.now();
      const { rmsDb, peakDb } = numbers ? levels(side, numbers) : { rmsDb: meterFloorDb, peakDb: meterFloorDb };
      memory.current = numbers ? advanceMeter(memory.current, peakDb, now) : emptyMeter;
      cover.current.style.transform = `scaleX(${1 - meterFraction(rmsDb)})`;
      peak.current.style.transform = `translateX(${meterFraction(memory.current.heldPeakDb) * 100}%)`;
    },
    [side],
  );
  useEveryNumber(draw);

  const putOut = () => {
    // The lamp goes; who pressed it stays here.
    meter.current?.focus();
    void command('live.clearClip', { side });
  };

  return (
    <div className="meter" ref={meter} role="group" aria-labelledby={labelId} tabIndex={-1}>
      <div className="row">
        <span id={labelId}>{text(side === 'input' ? 'window.meter.input' : 'window.meter.output')}</span>
        {clipping && (
          <button className="clip" type="button" aria-describedby={clipHelpId} onClick={putOut}>
            {text('window.meter.clip')}
          </button>
        )}
        <MeterValue side={side} />
      </div>
      {clipping && (
        <p className="help" id={clipHelpId}>
          {hint('window.meter.clip')}
        </p>
      )}
      <MeterForReaders side={side} labelId={labelId} clipping={clipping} />
      <div className="meter-track" aria-hidden="true">
        <div className="meter-cover" ref={cover} />
        <div className="meter-peak" ref={peak} />
      </div>
      <div className="meter-scale" aria-hidden="true">
        {tickDbs.map((db) => (
          <span key={db} style={{ left: `${meterFraction(db) * 100}%` }}>
            {formatDb(db)}
          </span>
        ))}
      </div>
    </div>
  );
}

const levelText = (rmsDb: number) =>
  rmsDb <= silenceDb ? text('window.meter.silent') : text('window.meter.value', { rms: formatDb(rmsDb) });

function MeterValue({ side }: LevelMeterProps) {
  const numbers = useNumbers(writtenEveryMs);
  const value = numbers ? levelText(levels(side, numbers).rmsDb) : text('window.figures.none');
  return (
    <span className="value" aria-hidden="true">
      {value}
    </span>
  );
}

function MeterForReaders({ side, labelId, clipping }: LevelMeterProps & { labelId: string; clipping: boolean }) {
  const numbers = useNumbers(spokenEveryMs);
  const { rmsDb, peakDb } = numbers ? levels(side, numbers) : { rmsDb: meterFloorDb, peakDb: meterFloorDb };
  const spoken = text(clipping ? 'window.meter.spoken-clip' : 'window.meter.spoken', {
    rms: formatDb(rmsDb),
    peak: formatDb(peakDb),
  });
  return (
    <div
      className="for-readers"
      role="meter"
      aria-labelledby={labelId}
      aria-valuemin={meterFloorDb}
      aria-valuemax={0}
      aria-valuenow={Math.round(Math.min(0, Math.max(meterFloorDb, rmsDb)))}
      aria-valuetext={numbers && rmsDb > silenceDb ? spoken : text('window.meter.spoken-off')}
    />
  );
}
