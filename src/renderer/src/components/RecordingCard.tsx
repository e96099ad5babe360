import { useId, useState } from 'react';
import type { AppState } from '../../../shared/state.js';
import { useConnection, useNumbers, type StateProps } from '../bridge/hooks.js';
import { formatRecorded, recordingPanel } from '../view/recordingView.js';
import { singleKeys } from '../view/shortcuts.js';
import { hint, text } from '../view/text.js';
import { RecordIcon, StopIcon } from './icons.js';
import { Notice } from './Notice.js';
import { RecordingFolder } from './RecordingFolder.js';
import { Words } from './Words.js';

/** Records the voice before and after, says for how long, and where it is kept. */
export function RecordingCard({ state }: StateProps) {
  const { command } = useConnection();
  const [headingId, helpId] = [useId(), useId()];
  const [isBusy, setIsBusy] = useState(false);
  const { isRecording, canStart, facts, folder, saved, problem } = recordingPanel(state);
  const startHelp = startHelpOf(state, canStart);
  const isBlocked = isBusy || (!isRecording && !canStart);

  const toggle = async () => {
    if (isBlocked) return;
    setIsBusy(true);
    await command(isRecording ? 'recording.stop' : 'recording.start');
    setIsBusy(false);
  };

  return (
    <section className="card recording" aria-labelledby={headingId}>
      <h2 className="for-readers" id={headingId}>
        {text('window.record')}
      </h2>
      <div className="recording-row">
        <button
          className={isRecording ? 'button record record-on' : 'button record'}
          type="button"
          aria-disabled={isBlocked}
          aria-keyshortcuts={state.preferences.singleKeyShortcuts ? singleKeys.record.toUpperCase() : undefined}
          aria-describedby={isRecording ? undefined : helpId}
          onClick={() => void toggle()}
        >
          {isRecording ? <StopIcon /> : <RecordIcon />}
          {text(isRecording ? 'window.record.stop' : 'window.record.start')}
        </button>
        {isRecording ? (
          <div className="recording-facts">
            <RecordedTime seconds={state.recording?.seconds ?? 0} />
            {facts.map((fact) => (
              <span key={fact} className="help value">
                {fact}
              </span>
            ))}
          </div>
        ) : (
          <p className="help recording-help" id={helpId}>
            {startHelp}
          </p>
        )}
        <button className="link" type="button" onClick={() => void command('recording.openFolder')}>
          {text('window.record.open')}
        </button>
      </div>
      <div role="status">
        {isRecording && <p className="for-readers">{text('window.record.started')}</p>}
        {saved && (
          <p className="recording-saved">
            <span className="for-readers">{text('window.record.stopped')} </span>
            <Words>{saved.message}</Words>
          </p>
        )}
      </div>
      {problem && <Notice tone={problem.tone} message={problem.message} hint={problem.hint} />}
      {!saved && (
        <p className="help recording-path">
          <Words>{folder}</Words>
        </p>
      )}
      <RecordingFolder state={state} />
    </section>
  );
}

function startHelpOf({ phase, microphonePermission }: AppState, canStart: boolean): string {
  if (!canStart) return text(microphonePermission === 'denied' ? 'window.record.denied' : 'window.record.off');
  if (phase === 'starting') return text('window.record.when-on');
  const isWaiting = phase === 'stalled' || phase === 'restarting';
  return isWaiting ? text('window.record.when-back') : hint('window.record');
}

/** Renders by itself while it runs, so that the card does not. */
function RecordedTime({ seconds }: { seconds: number }) {
  const now = useNumbers(250)?.recordedSeconds ?? seconds;
  return (
    <span className="recording-time" role="timer" aria-label={text('window.record.time')}>
      {formatRecorded(now)}
    </span>
  );
}
