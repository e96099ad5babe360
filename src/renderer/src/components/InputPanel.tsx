import { useId } from 'react';
import type { StateProps } from '../bridge/hooks.js';
import { text } from '../view/text.js';
import { MicrophoneIcon } from './icons.js';
import { LevelMeter } from './LevelMeter.js';
import { MicrophonePicker } from './MicrophonePicker.js';

/** Where the voice comes from. */
export function InputPanel({ state }: StateProps) {
  const headingId = useId();
  return (
    <section className="card panel" aria-labelledby={headingId}>
      <h2 className="panel-heading" id={headingId}>
        <MicrophoneIcon />
        {text('window.input')}
      </h2>
      <MicrophonePicker state={state} labelledBy={headingId} />
      <LevelMeter side="input" clipping={state.clipped.input} />
    </section>
  );
}
