import { useId, type ReactNode } from 'react';
import { LockIcon, MutedIcon, WarningIcon } from './icons.js';
import { Words } from './Words.js';

interface NoticeProps {
  /** `note` explains, and is not read out by itself. */
  tone: 'problem' | 'warning' | 'muted' | 'note';
  message: string;
  hint: string;
  /** Buttons that do something about it. */
  children?: ReactNode;
}

const signs = { problem: WarningIcon, warning: WarningIcon, muted: MutedIcon, note: LockIcon };

/** A banner: what happened, what to do next, and the buttons for it. Read out at once, but for a note. */
export function Notice({ tone, message, hint, children }: NoticeProps) {
  const messageId = useId();
  const Sign = signs[tone];
  return (
    <section className={`notice notice-${tone}`} role={tone === 'note' ? 'note' : 'alert'} aria-labelledby={messageId}>
      <span className="notice-sign">
        <Sign />
      </span>
      <div className="notice-words">
        <p className="notice-message" id={messageId}>
          <Words>{message}</Words>
        </p>
        {hint && (
          <p className="notice-hint">
            <Words>{hint}</Words>
          </p>
        )}
      </div>
      {children && <div className="notice-actions">{children}</div>}
    </section>
  );
}
