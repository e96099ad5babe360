import { useId, type ReactNode } from 'react';
import { MutedIcon, WarningIcon } from './icons.js';

interface NoticeProps {
  tone: 'problem' | 'warning' | 'muted';
  message: string;
  hint: string;
  /** Buttons that do something about it. */
  children?: ReactNode;
}

/** A banner: what happened, what to do next, and the buttons for it. Read out at once. */
export function Notice({ tone, message, hint, children }: NoticeProps) {
  const messageId = useId();
  return (
    <section className={`notice notice-${tone}`} role="alert" aria-labelledby={messageId}>
      <span className="notice-sign">{tone === 'muted' ? <MutedIcon /> : <WarningIcon />}</span>
      <div className="notice-words">
        <p className="notice-message" id={messageId}>
          {message}
        </p>
        {hint && <p className="notice-hint">{hint}</p>}
      </div>
      {children && <div className="notice-actions">{children}</div>}
    </section>
  );
}
