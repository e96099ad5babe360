import { useId, useLayoutEffect, useRef } from 'react';

interface ConfirmDialogProps {
  message: string;
  hint: string;
  yes: string;
  no: string;
  onAnswer(yes: boolean): void;
}

/** A question that must be answered. Escape and the first focus are “no”; afterwards the focus is where it was. */
export function ConfirmDialog({ message, hint, yes, no, onAnswer }: ConfirmDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [messageId, hintId] = [useId(), useId()];

  // Closed while it is still in the document, it gives the focus back.
  useLayoutEffect(() => {
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
        onAnswer(false);
      }}
    >
      <h2 className="dialog-message" id={messageId}>
        {message}
      </h2>
      <p className="dialog-hint" id={hintId}>
        {hint}
      </p>
      <div className="dialog-actions">
        <button className="button" type="button" autoFocus onClick={() => onAnswer(false)}>
          {no}
        </button>
        <button className="button button-strong" type="button" onClick={() => onAnswer(true)}>
          {yes}
        </button>
      </div>
    </dialog>
  );
}
