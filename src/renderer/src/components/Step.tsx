import type { ReactElement, ReactNode } from 'react';
import { CheckIcon, ClockIcon, CrossIcon, DashIcon, DotIcon, WarningIcon } from './icons.js';
import { Words } from './Words.js';

const signs = {
  ok: CheckIcon,
  warning: WarningIcon,
  impaired: WarningIcon,
  failed: CrossIcon,
  skipped: DashIcon,
  absent: DashIcon,
  running: ClockIcon,
  waiting: DotIcon,
} satisfies Record<string, () => ReactElement>;

interface StepProps {
  outcome: keyof typeof signs;
  name: ReactNode;
  /** The outcome in a word or two. */
  word: string;
  /** How long it took; nothing where that was not measured. */
  took?: string;
  /** What was found; may be empty. */
  message: string;
  /** What to do about it; may be empty. */
  advice: string;
}

/** One entry of a list of steps that are tried one after the other. */
export function Step({ outcome, name, word, took, message, advice }: StepProps) {
  const Sign = signs[outcome];
  return (
    <li className={`step step-${outcome}`}>
      <span className="step-sign">
        <Sign />
      </span>
      <div className="step-words">
        <p className="step-head">
          <span className="step-title">
            <span className="step-name">{name}</span>
            <span className="step-result">{word}</span>
          </span>
          {took && <span className="value step-took">{took}</span>}
        </p>
        {message && (
          <p className="help">
            <Words>{message}</Words>
          </p>
        )}
        {advice && (
          <p className="step-advice">
            <Words>{advice}</Words>
          </p>
        )}
      </div>
    </li>
  );
}
