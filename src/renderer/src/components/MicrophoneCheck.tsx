import { useCallback, useId, useRef, useState } from 'react';
import { describe, describeError } from '../../../shared/messages/index.js';
import type { StateProps } from '../bridge/hooks.js';
import { useMicrophone, type MicrophoneLevel } from '../bridge/useMicrophone.js';
import { addPeak, hearingOf, type Hearing, type HeardPeaks } from '../view/hearing.js';
import { meterFloorDb, meterFraction, silenceDb } from '../view/meterScale.js';
import { formatDb } from '../view/format.js';
import { hint, text } from '../view/text.js';
import type { Tone } from '../view/viewModel.js';
import { Notice } from './Notice.js';
import { StateSign } from './StateSign.js';
import { Words } from './Words.js';

const tones = {
  waiting: 'busy',
  silent: 'problem',
  quiet: 'off',
  good: 'on',
  loud: 'warning',
} as const satisfies Record<Hearing, Tone>;
/** A screen reader that reads the value must not be overtaken by the next. */
const spokenEveryMs = 3000;

/** The level of the microphone as it moves, and in words how well it is heard. */
export function MicrophoneCheck({ state }: StateProps) {
  const labelId = useId();
  const cover = useRef<HTMLDivElement>(null);
  const peaks = useRef<HeardPeaks>([]);
  const spokenAtMs = useRef(Number.NEGATIVE_INFINITY);
  const [hearing, setHearing] = useState<Hearing>('waiting');
  const [spokenDb, setSpokenDb] = useState<number | null>(null);

  const hear = useCallback((level: MicrophoneLevel | null) => {
    const nowMs = performance.now();
    peaks.current = level ? addPeak(peaks.current, level.peakDb, nowMs) : [];
    if (cover.current) cover.current.style.transform = `scaleX(${1 - meterFraction(level?.rmsDb ?? meterFloorDb)})`;
    setHearing(hearingOf(peaks.current));
    if (level && nowMs - spokenAtMs.current < spokenEveryMs) return;
    spokenAtMs.current = level ? nowMs : Number.NEGATIVE_INFINITY;
    setSpokenDb(level && level.rmsDb > silenceDb ? level.rmsDb : null);
  }, []);
  const problem = useMicrophone(state, hear);
  // The sound is on, but waits for a device: nothing is measured until then, and the status line says for what.
  const isHeldUp = hearing === 'waiting' && (state.phase === 'starting' || state.phase === 'restarting');
  const words = isHeldUp
    ? describe(state.status)
    : { message: text(`window.welcome.hearing.${hearing}`), hint: hint(`window.welcome.hearing.${hearing}`) };
  const shownDb = Math.min(0, Math.max(meterFloorDb, spokenDb ?? meterFloorDb));

  return (
    <div className="hearing">
      <div className="meter">
        <p id={labelId}>{text('window.welcome.level')}</p>
        <div
          className="for-readers"
          role="meter"
          aria-labelledby={labelId}
          aria-valuemin={meterFloorDb}
          aria-valuemax={0}
          aria-valuenow={Math.round(shownDb)}
          aria-valuetext={
            spokenDb === null
              ? text('window.meter.spoken-off')
              : text('window.welcome.level.spoken', { level: formatDb(shownDb) })
          }
        />
        <div className="meter-track" aria-hidden="true">
          <div className="meter-cover" ref={cover} />
        </div>
      </div>
      {problem ? (
        <Notice tone="problem" {...describeError(problem)}>
          <span className="help">{text('window.welcome.hearing.again')}</span>
        </Notice>
      ) : (
        <div className={`hearing-words tone-${tones[hearing]}`} role="status">
          <StateSign tone={tones[hearing]} />
          <div>
            <p className="hearing-message">
              <Words>{words.message}</Words>
            </p>
            <p className="help">
              <Words>{words.hint}</Words>
            </p>
          </div>
        </div>
      )}
    </div>
  );
}
