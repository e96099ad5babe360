import { useEffect, useId, useRef } from 'react';
import type { Notice } from '../../../shared/errors.js';
import { describe } from '../../../shared/messages/index.js';
import { useConnection } from '../bridge/hooks.js';
import { text } from '../view/text.js';

/** A question main waits for. Escape and the first focus are "No": nothing becomes loud by accident. */
export function QuestionDialog({ question }: { question: Notice }) {
  const { command } = useConnection();
  const dialog = useRef<HTMLDialogElement>(null);
  const [messageId, hintId] = [useId(), useId()];
  const { message, hint } = describe(question);
  const answer = (yes: boolean) => void command('live.answer', { yes });

  useEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);

  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={messageId}
      aria-describedby={hintId}
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2 className="dialog-message" id={messageId}>
        {message}
      </h2>
      <p className="dialog-hint" id={hintId}>
        {hint}
      </p>
      <div className="dialog-actions">
        <button className="button" type="button" autoFocus onClick={() => answer(false)}>
          {text('window.no')}
        </button>
        <button className="button button-strong" type="button" onClick={() => answer(true)}>
          {text('window.yes')}
        </button>
      </div>
    </dialog>
  );
}
