import { useId } from 'react';
import { useConnection, type StateProps } from '../bridge/hooks.js';
import { outputOptions } from '../view/deviceOptions.js';
import { lockWordsOf } from '../view/locks.js';
import { text } from '../view/text.js';
import { needsCableHelp, outputHint } from '../view/viewModel.js';
import { Comparison } from './ComparisonCard.js';
import { DevicePicker } from './DevicePicker.js';
import { HeadphonesIcon } from './icons.js';

/** Second step: where the voice goes, and how it sounds before and after. */
export function WelcomeHear({ state }: StateProps) {
  const { command } = useConnection();
  const labelId = useId();
  const { supported } = state.virtualMicrophone;
  return (
    <div className="welcome-part">
      <div className="panel">
        <p className="panel-heading" id={labelId}>
          <HeadphonesIcon />
          {text('window.welcome.output')}
        </p>
        <DevicePicker
          labelledBy={labelId}
          options={outputOptions(state)}
          help={state.output.chosen === null ? text('window.welcome.output.later') : outputHint(state)}
          lock={lockWordsOf(state, 'output')}
          onChoose={(id) => void command('devices.choose', { direction: 'output', id })}
        />
        <ul className="welcome-points">
          <li>{text('window.welcome.output.headphones')}</li>
          <li>{text(supported ? 'window.welcome.output.virtual-linux' : 'window.welcome.output.virtual-cable')}</li>
        </ul>
        {needsCableHelp(state) && (
          <button className="link" type="button" onClick={() => void command('help.open', { topic: 'virtual-cable' })}>
            {text('window.output.cable-help')}
          </button>
        )}
      </div>
      <section className="welcome-hear" aria-label={text('window.compare')}>
        <Comparison state={state} />
      </section>
    </div>
  );
}
