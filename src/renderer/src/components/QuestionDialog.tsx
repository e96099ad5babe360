import type { Notice } from '../../../shared/errors.js';
import { describe } from '../../../shared/messages/index.js';
import { useConnection } from '../bridge/hooks.js';
import { text } from '../view/text.js';
import { ConfirmDialog } from './ConfirmDialog.js';

/** A question main waits for. Refusal is what happens by accident: nothing becomes loud. */
export function QuestionDialog({ question }: { question: Notice }) {
  const { command } = useConnection();
  return (
    <ConfirmDialog
      {...describe(question)}
      yes={text('window.question.yes')}
      no={text('window.question.no')}
      onAnswer={(yes) => void command('live.answer', { yes })}
    />
  );
}
