import { useId, useLayoutEffect, useRef, type ReactNode } from 'react';
import { Words } from './Words.js';

interface ModalDialogProps {
  message: string;
  hint: string;
  className?: string;
  /** Its heading is read first; else whatever is marked to take the focus. */
  focusesHeading?: boolean;
  /** Escape was pressed. */
  onCancel(): void;
  children: ReactNode;
}

/** A dialog over everything else, with the words at its head. When it goes, the focus is where it was. */
export function ModalDialog({
  message,
  hint,
  className = 'dialog',
  focusesHeading = false,
  onCancel,
  children,
}: ModalDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const [messageId, hintId] = [useId(), useId()];

  // Closed while it is still in the document, it gives the focus back.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    if (focusesHeading) heading.current?.focus();
    return () => element?.close();
  }, [focusesHeading]);

  return (
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={messageId}
      aria-describedby={hintId}
      onCancel={(event) => {
        event.preventDefault();
        onCancel();
      }}
    >
      <h2 className="dialog-message" id={messageId} ref={heading} tabIndex={focusesHeading ? -1 : undefined}>
        <Words>{message}</Words>
      </h2>
      <p className="dialog-hint" id={hintId}>
        <Words>{hint}</Words>
      </p>
      {children}
    </dialog>
  );
}
