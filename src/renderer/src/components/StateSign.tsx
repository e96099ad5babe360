import type { Tone } from '../view/viewModel.js';
import { CheckIcon, ClockIcon, DashIcon, WarningIcon } from './icons.js';

const signs = { on: CheckIcon, off: DashIcon, busy: ClockIcon, warning: WarningIcon, problem: WarningIcon };

/** A sign for how things stand, in a shape of its own; the words beside it say the same. */
export function StateSign({ tone }: { tone: Tone }) {
  const Sign = signs[tone];
  return (
    <span className={`sign sign-${tone}`}>
      <Sign />
    </span>
  );
}
