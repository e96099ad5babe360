import { useConnection, type StateProps } from '../bridge/hooks.js';
import { inputOptions } from '../view/deviceOptions.js';
import { lockWordsOf } from '../view/locks.js';
import { text } from '../view/text.js';
import { inputHint, offersRescan } from '../view/viewModel.js';
import { DevicePicker } from './DevicePicker.js';

/** The list of microphones, and another look for them where the system does not say by itself when it changes. */
export function MicrophonePicker({ state, labelledBy }: StateProps & { labelledBy: string }) {
  const { command } = useConnection();
  return (
    <>
      <DevicePicker
        labelledBy={labelledBy}
        options={inputOptions(state)}
        help={inputHint(state)}
        lock={lockWordsOf(state, 'input')}
        onChoose={(id) => void command('devices.choose', { direction: 'input', id })}
      />
      {offersRescan(state) && (
        <button className="link" type="button" onClick={() => void command('devices.rescan')}>
          {text('window.device.rescan')}
        </button>
      )}
    </>
  );
}
