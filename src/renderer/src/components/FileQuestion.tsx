import { useId, useState } from 'react';
import type { FileItem } from '../../../shared/files.js';
import type { FileQueue } from '../bridge/useFiles.js';
import { fileQuestion } from '../view/filesView.js';
import { formatCount } from '../view/format.js';
import { text } from '../view/text.js';

interface FileQuestionProps {
  item: FileItem;
  queue: FileQueue;
  /** How many files ask. */
  asking: number;
  /** Whether files wait, or are on their way, that may ask, too. */
  isMoreToCome: boolean;
  onLeave(id: string, button: HTMLElement): void;
}

const answers = ['replace', 'keep-both', 'skip'] as const;

/** What to do with a result that exists already: for this file, or for all that ask. */
export function FileQuestion({ item, queue, asking, isMoreToCome, onLeave }: FileQuestionProps) {
  const questionId = useId();
  const [isForAll, setIsForAll] = useState(false);
  const { id, name } = item;
  const mayBeForAll = asking > 1 || isMoreToCome;
  const { message, hint } = fileQuestion(item);
  return (
    <div
      className="question"
      role="group"
      aria-label={text('window.files.ask.group', { name })}
      aria-describedby={questionId}
    >
      <p id={questionId}>
        {message} {hint}
      </p>
      <div className="question-answers">
        {answers.map((answer) => (
          <button
            key={answer}
            className="button"
            type="button"
            aria-label={text(`window.files.ask.${answer}.named`, { name })}
            onClick={(event) => {
              onLeave(id, event.currentTarget);
              void queue.act('files.answer', { id, answer, forAll: isForAll && mayBeForAll });
            }}
          >
            {text(`window.files.ask.${answer}`)}
          </button>
        ))}
        {mayBeForAll && (
          <label className="choice">
            <input type="checkbox" checked={isForAll} onChange={(event) => setIsForAll(event.target.checked)} />
            {text(isMoreToCome ? 'window.files.ask.for-all-to-come' : 'window.files.ask.for-all', {
              number: formatCount(asking),
            })}
          </label>
        )}
      </div>
    </div>
  );
}
