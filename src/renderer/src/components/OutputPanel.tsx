import { useId } from 'react';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { outputOptions } from '../view/deviceOptions.js';
import { lockWordsOf } from '../view/locks.js';
import { text } from '../view/text.js';
import { needsCableHelp, outputHint } from '../view/viewModel.js';
import { DevicePicker } from './DevicePicker.js';
import { HeadphonesIcon } from './icons.js';
import { LevelMeter } from './LevelMeter.js';

/** Where the voice goes. */
export function OutputPanel({ state }: StateProps) {
  const { command } = useConnection();
  const headingId = useId();
  return (
    <section className="card panel" aria-labelledby={headingId}>
      <h2 className="panel-heading" id={headingId}>
        <HeadphonesIcon />
        {text('window.output')}
      </h2>
      <DevicePicker
        labelledBy={headingId}
        options={outputOptions(state)}
        help={outputHint(state)}
        lock={lockWordsOf(state, 'output')}
        onChoose={(id) => void command('devices.choose', { direction: 'output', id })}
      />
      {needsCableHelp(state) && (
        <div>
          <p className="help">{text('window.output.no-cable')}</p>
          <button className="link" type="button" onClick={() => void command('help.open', { topic: 'virtual-cable' })}>
            {text('window.output.cable-help')}
          </button>
        </div>
      )}
      <LevelMeter side="output" clipping={state.clipped.output} />
    </section>
  );
}
