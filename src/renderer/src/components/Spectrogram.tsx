import { useCallback, useEffect, useId, useRef, useState, type CSSProperties } from 'react';
import { onThemeChange } from '../bridge/followPreferences.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { pollSpectra } from '../bridge/pollSpectra.js';
import { useIsSeen, useWantsCalm } from '../bridge/useIsSeen.js';
import { formatDb } from '../view/format.js';
import {
  describeSpectra,
  heightOf,
  pictureSeconds,
  scaleDbs,
  stillReason,
  tickHz,
  toneText,
  type Spectra,
} from '../view/spectrogram.js';
import { hint, text } from '../view/text.js';
import { SpectrogramPainter } from './drawSpectrogram.js';

/** 30 pictures a second at most; one where little motion is asked for. */
const everyMs = 34;
const calmEveryMs = 1000;
/** Words are read, not watched. */
const wordsEveryMs = 3000;

/** The tones of the last seconds, before and after. Main computes them only while somebody sees them move. */
export function Spectrogram({ state }: StateProps) {
  const { ask } = useConnection();
  const [headingId, wordsId] = [useId(), useId()];
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<SpectrogramPainter>(null);
  const [isOpen, setIsOpen] = useState(true);
  const [words, setWords] = useState<Spectra | null>(null);
  const isSeen = useIsSeen(canvas);
  const isCalm = useWantsCalm();
  const [chosen, setChosen] = useState<boolean | null>(null);
  const isPlaying = chosen ?? !isCalm;
  const isOn = state.phase === 'running';
  const isMoving = isPlaying && isOn && isOpen && isSeen;

  useEffect(() => {
    if (!canvas.current) return undefined;
    const owned = new SpectrogramPainter(canvas.current);
    painter.current = owned;
    return onThemeChange(() => owned.repaint());
  }, []);

  const request = useCallback(async () => {
    const answer = await ask('live.spectra');
    return answer?.ok ? answer.value : null;
  }, [ask]);

  useEffect(() => {
    if (!isMoving) return undefined;
    let writtenMs = Number.NEGATIVE_INFINITY;
    const stop = pollSpectra(request, isCalm ? calmEveryMs : everyMs, (spectra) => {
      const nowMs = performance.now();
      painter.current?.add(nowMs, spectra);
      if (nowMs - writtenMs < wordsEveryMs) return;
      writtenMs = nowMs;
      setWords(spectra);
    });
    return () => {
      stop();
      // What stands still is no news.
      setWords(null);
    };
  }, [isMoving, isCalm, request]);

  return (
    <section className="card spectrum" aria-labelledby={headingId}>
      <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary className="spectrum-summary">
          <h2 className="panel-heading" id={headingId}>
            {text('window.spectrum')}
          </h2>
        </summary>
        <div className="spectrum-picture">
          <div className="history-names" aria-hidden="true">
            <span>{text('window.history.before')}</span>
            <span>{text('window.history.after')}</span>
          </div>
          <div className="spectrum-ticks" aria-hidden="true">
            <Ticks />
            <Ticks />
          </div>
          <canvas
            className="spectrum-canvas"
            ref={canvas}
            role="img"
            aria-label={text('window.spectrum.picture', { seconds: pictureSeconds })}
            aria-describedby={wordsId}
          />
        </div>
        <div className="spectrum-foot">
          <button
            className="button"
            type="button"
            aria-disabled={!isOn}
            onClick={() => {
              if (isOn) setChosen(!isPlaying);
            }}
          >
            {text(isPlaying ? 'window.spectrum.pause' : 'window.spectrum.play')}
          </button>
          <div className="spectrum-words" id={wordsId}>
            {isMoving && words ? (
              describeSpectra(words).map((line) => <p key={line}>{line}</p>)
            ) : (
              <p>{text(stillReason({ phase: state.phase, isPlaying, isCalm: isCalm && chosen === null, isSeen }))}</p>
            )}
          </div>
          <Scale />
        </div>
        <p className="help">{hint('window.spectrum')}</p>
      </details>
    </section>
  );
}

function Ticks() {
  return (
    <div className="spectrum-half">
      {tickHz.map((hz) => (
        <span key={hz} style={{ '--height': heightOf(hz) } as CSSProperties}>
          {toneText(hz)}
        </span>
      ))}
    </div>
  );
}

/** What the shades mean, in dB. */
function Scale() {
  return (
    <div className="spectrum-scale" role="group" aria-label={text('window.spectrum.scale')}>
      <span className="spectrum-shades" aria-hidden="true" />
      <ul className="spectrum-levels">
        {scaleDbs.map((db) => (
          <li key={db}>{text('window.meter.value', { rms: formatDb(db) })}</li>
        ))}
      </ul>
    </div>
  );
}
