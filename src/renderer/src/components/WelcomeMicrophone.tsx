import { useId } from 'react';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { inputOptions } from '../view/deviceOptions.js';
import { text } from '../view/text.js';
import { inputHint, offersRescan } from '../view/viewModel.js';
import { DevicePicker } from './DevicePicker.js';
import { MicrophoneIcon } from './icons.js';
import { MicrophoneCheck } from './MicrophoneCheck.js';

/** First step: a microphone that is seen to hear. */
export function WelcomeMicrophone({ state }: StateProps) {
  const { command } = useConnection();
  const labelId = useId();
  return (
    <div className="welcome-part">
      <div className="panel">
        <p className="panel-heading" id={labelId}>
          <MicrophoneIcon />
          {text('window.input')}
        </p>
        <DevicePicker
          labelledBy={labelId}
          options={inputOptions(state)}
          help={inputHint(state)}
          onChoose={(id) => void command('devices.choose', { direction: 'input', id })}
        />
        {offersRescan(state) && (
          <button className="link" type="button" onClick={() => void command('devices.rescan')}>
            {text('window.device.rescan')}
          </button>
        )}
      </div>
      {state.microphonePermission === 'undetermined' && <p>{text('window.welcome.ask-permission')}</p>}
      {state.microphonePermission !== 'denied' && (
        // Another microphone is another check.
        <MicrophoneCheck key={state.input.chosen ?? ''} state={state} />
      )}
    </div>
  );
}
