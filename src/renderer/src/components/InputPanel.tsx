import { useId } from 'react';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { inputOptions } from '../view/deviceOptions.js';
import { text } from '../view/text.js';
import { inputHint, offersRescan } from '../view/viewModel.js';
import { DevicePicker } from './DevicePicker.js';
import { MicrophoneIcon } from './icons.js';
import { LevelMeter } from './LevelMeter.js';

/** Where the voice comes from. */
export function InputPanel({ state }: StateProps) {
  const { command } = useConnection();
  const headingId = useId();
  return (
    <section className="card panel" aria-labelledby={headingId}>
      <h2 className="panel-heading" id={headingId}>
        <MicrophoneIcon />
        {text('window.input')}
      </h2>
      <DevicePicker
        labelledBy={headingId}
        options={inputOptions(state)}
        help={inputHint(state)}
        onChoose={(id) => void command('devices.choose', { direction: 'input', id })}
      />
      {offersRescan(state) && (
        <button className="link" type="button" onClick={() => void command('devices.rescan')}>
          {text('window.device.rescan')}
        </button>
      )}
      <LevelMeter side="input" clipping={state.clipped.input} />
    </section>
  );
}
