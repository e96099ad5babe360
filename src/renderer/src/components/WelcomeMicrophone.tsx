import { useId } from 'react';
import type { StateProps } from '../bridge/hooks.js';
import { text } from '../view/text.js';
import { MicrophoneIcon } from './icons.js';
import { MicrophoneCheck } from './MicrophoneCheck.js';
import { MicrophonePicker } from './MicrophonePicker.js';

/** First step: a microphone that is seen to hear. */
export function WelcomeMicrophone({ state }: StateProps) {
  const labelId = useId();
  return (
    <div className="welcome-part">
      <div className="panel">
        <p className="panel-heading" id={labelId}>
          <MicrophoneIcon />
          {text('window.input')}
        </p>
        <MicrophonePicker state={state} labelledBy={labelId} />
      </div>
      {state.microphonePermission === 'undetermined' && <p>{text('window.welcome.ask-permission')}</p>}
      {state.microphonePermission !== 'denied' && (
        // Another microphone is another check.
        <MicrophoneCheck key={state.input.chosen ?? ''} state={state} />
      )}
    </div>
  );
}
