import { useEffect, useId, useRef, useState, type RefObject } from 'react';
import { describeError } from '../../../shared/messages/index.js';
import type { LimpidErrorShape } from '../../../shared/errors.js';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { comparisonPanel, type ComparisonPanel } from '../view/comparisonView.js';
import { hint, text } from '../view/text.js';
import { CompareIcon, StopIcon } from './icons.js';
import { Notice } from './Notice.js';
import { SoundPlayer } from './SoundPlayer.js';

const comparison = { kind: 'comparison' } as const;

/** The comparison as a card of the live screen. */
export function ComparisonCard({ state }: StateProps) {
  const headingId = useId();
  return (
    <section className="card" aria-labelledby={headingId}>
      <h2 className="for-readers" id={headingId}>
        {text('window.compare')}
      </h2>
      <Comparison state={state} />
    </section>
  );
}

/** Records ten seconds, and lets them be heard before and after. */
export function Comparison({ state }: StateProps) {
  const { ask } = useConnection();
  const [failure, setFailure] = useState<LimpidErrorShape | null>(null);
  const panel = comparisonPanel(state);
  const { phase, kept, problem } = panel;
  const main = useRef<HTMLButtonElement>(null);
  const refusal = failure && describeError(failure);

  const act: Act = async (name) => {
    setFailure(null);
    const answer = await ask(name);
    if (answer && !answer.ok) setFailure(answer.error);
  };

  // The button that was used goes with its phase: who used it goes on with the main one of the next.
  const shownPhase = useRef(phase);
  useEffect(() => {
    if (shownPhase.current === phase) return;
    shownPhase.current = phase;
    setFailure(null);
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, [phase]);

  return (
    <div className="compare">
      {phase === 'ready' && <SoundPlayer source={comparison} playButton={main} />}
      {phase === 'ready' ? (
        <Finished panel={panel} act={act} />
      ) : phase === 'none' ? (
        <div className="compare-row">
          <RecordButton panel={panel} act={act} totalSeconds={state.comparison.totalSeconds} button={main} />
        </div>
      ) : (
        <Underway panel={panel} act={act} button={main} />
      )}
      <div role="status" className={kept ? undefined : 'for-readers'}>
        {phase === 'preparing' && <p>{text('window.compare.preparing')}</p>}
        {phase === 'recording' && <p>{text('window.compare.started')}</p>}
        {phase === 'ready' && !kept && <p>{text('window.compare.ready')}</p>}
        {kept && <p className="recording-saved">{kept.message}</p>}
      </div>
      {refusal && <Notice tone="warning" message={refusal.message} hint={refusal.hint} />}
      {problem && !refusal && <Notice tone="warning" message={problem.message} hint={problem.hint} />}
    </div>
  );
}

type Act = (name: 'comparison.record' | 'comparison.stop' | 'comparison.keep' | 'comparison.discard') => Promise<void>;

interface PartProps {
  panel: ComparisonPanel;
  act: Act;
}

interface RecordButtonProps extends PartProps {
  totalSeconds: number;
  button: RefObject<HTMLButtonElement | null>;
}

function RecordButton({ panel, act, totalSeconds, button }: RecordButtonProps) {
  const helpId = useId();
  return (
    <>
      <button
        className="button compare-button"
        type="button"
        ref={button}
        aria-disabled={panel.obstacle !== null}
        aria-describedby={helpId}
        onClick={() => panel.obstacle === null && void act('comparison.record')}
      >
        <CompareIcon />
        {text('window.compare.record', { seconds: totalSeconds })}
      </button>
      <p className="help compare-help" id={helpId}>
        {panel.obstacle ?? hint('window.compare')}
      </p>
    </>
  );
}

function Underway({ panel, act, button }: PartProps & Pick<RecordButtonProps, 'button'>) {
  const { phase, countdown, progress } = panel;
  const isRecording = phase === 'recording';
  return (
    <div className="compare-row">
      <button
        className="button compare-button record-on"
        type="button"
        ref={button}
        onClick={() => void act(isRecording ? 'comparison.stop' : 'comparison.discard')}
      >
        <StopIcon />
        {text(isRecording ? 'window.compare.stop' : 'window.compare.cancel')}
      </button>
      <div className="compare-facts">
        <p className="compare-countdown">{isRecording ? countdown : text('window.compare.preparing')}</p>
        <progress
          className="compare-progress"
          aria-label={text('window.compare.progress')}
          value={isRecording ? progress : 0}
          max={1}
        />
      </div>
      {isRecording && (
        <button className="link" type="button" onClick={() => void act('comparison.discard')}>
          {text('window.compare.cancel')}
        </button>
      )}
    </div>
  );
}

function Finished({ panel: { isKept, obstacle }, act }: PartProps) {
  const helpId = useId();
  return (
    <div className="compare-row">
      <button
        className="button"
        type="button"
        aria-disabled={isKept}
        onClick={() => !isKept && void act('comparison.keep')}
      >
        {text(isKept ? 'window.compare.kept' : 'window.compare.keep')}
      </button>
      <button
        className="button"
        type="button"
        aria-disabled={obstacle !== null}
        aria-describedby={obstacle === null ? undefined : helpId}
        onClick={() => obstacle === null && void act('comparison.record')}
      >
        {text('window.compare.again')}
      </button>
      <button className="button" type="button" onClick={() => void act('comparison.discard')}>
        {text(isKept ? 'window.compare.close' : 'window.compare.discard')}
      </button>
      {obstacle !== null && (
        <p className="help compare-help" id={helpId}>
          {obstacle}
        </p>
      )}
    </div>
  );
}
