import { ModalDialog } from './ModalDialog.js';

interface ConfirmDialogProps {
  message: string;
  hint: string;
  yes: string;
  no: string;
  onAnswer(yes: boolean): void;
}

/** A question that must be answered. Escape and the first focus are “no”. */
export function ConfirmDialog({ message, hint, yes, no, onAnswer }: ConfirmDialogProps) {
  return (
    <ModalDialog message={message} hint={hint} onCancel={() => onAnswer(false)}>
      <div className="dialog-actions">
        <button className="button" type="button" autoFocus onClick={() => onAnswer(false)}>
          {no}
        </button>
        <button className="button button-strong" type="button" onClick={() => onAnswer(true)}>
          {yes}
        </button>
      </div>
    </ModalDialog>
  );
}
