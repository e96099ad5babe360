import { memo, useId, type ComponentType, type ReactNode } from 'react';
import type { FileItem, FileStatus } from '../../../shared/files.js';
import type { FileQueue } from '../bridge/useFiles.js';
import { fileRow, type FileRowView } from '../view/filesView.js';
import { text } from '../view/text.js';
import { FileQuestion } from './FileQuestion.js';
import { FileSound } from './FileSound.js';
import { CheckIcon, ClockIcon, DashIcon, QuestionIcon, WarningIcon, WaveIcon } from './icons.js';
import { NotMeasured } from './NotMeasured.js';
import { Words } from './Words.js';

interface FileRowProps {
  item: FileItem;
  queue: FileQueue;
  /** How many files ask; 0 where this one does not. */
  asking: number;
  /** Whether files wait that may ask, too. */
  isMoreToCome: boolean;
  /** Its sound is shown. */
  isOpen: boolean;
  onToggle(id: string): void;
  /** A button was pressed that may be gone with what it does. */
  onLeave(id: string, button: HTMLElement): void;
}

const signs: Record<FileStatus, { Sign: ComponentType; tone: string }> = {
  waiting: { Sign: ClockIcon, tone: 'off' },
  running: { Sign: WaveIcon, tone: 'on' },
  asks: { Sign: QuestionIcon, tone: 'warning' },
  done: { Sign: CheckIcon, tone: 'on' },
  failed: { Sign: WarningIcon, tone: 'problem' },
  cancelled: { Sign: DashIcon, tone: 'off' },
};
const columnCount = 7;

/** One file: how it fares, what came of it, what can be done; below it what it asks, why it failed, or its sound. */
export const FileRow = memo(function FileRow({
  item,
  queue,
  asking,
  isMoreToCome,
  isOpen,
  onToggle,
  onLeave,
}: FileRowProps) {
  const { id, name, folder, status, progress } = item;
  const view = fileRow(item);
  const soundId = useId();
  const { Sign, tone } = signs[status];
  const extra = (className: string, content: ReactNode) => (
    <tr role="row" className="file-extra">
      <td role="cell" className={className} colSpan={columnCount} aria-colspan={columnCount}>
        {content}
      </td>
    </tr>
  );
  return (
    <tbody role="rowgroup" className={`file file-is-${status}`} data-file={id}>
      <tr role="row" className="file-row">
        <th role="rowheader" scope="row" className="file-file">
          <span className="file-title">{name}</span>
          <span className="help">
            <Words>{folder ?? text('window.files.uploaded')}</Words>
          </span>
          {view.output && <span className="help">{text('window.files.output', { name: view.output })}</span>}
        </th>
        <td role="cell" className="file-status">
          <span className="file-state">
            <span className={`sign sign-${tone}`}>
              <Sign />
            </span>
            <span>
              {view.status}
              {view.percent && <span className="value">{` ${view.percent}`}</span>}
            </span>
          </span>
          {view.percent && (
            <progress
              className="bar"
              max={1}
              value={progress}
              aria-label={text('window.files.progress.of', { name })}
            />
          )}
          {view.pace.map((each) => (
            <span key={each} className="help">
              {each}
            </span>
          ))}
        </td>
        {view.figures.map(({ id: figure, label, value }) => (
          <td
            key={figure}
            role="cell"
            className={item.result ? `file-${figure}` : `file-${figure} file-none`}
            data-label={label}
          >
            {value === null ? item.result && <NotMeasured /> : <span className="value">{value}</span>}
          </td>
        ))}
        <td role="cell" className="file-actions">
          <Actions {...{ item, view, queue, isOpen, soundId, onToggle, onLeave }} />
        </td>
      </tr>
      {view.message &&
        extra(
          'file-message',
          <p>
            <Words>{`${view.message.message} ${view.message.hint}`}</Words>
          </p>,
        )}
      {status === 'asks' &&
        extra('file-question', <FileQuestion {...{ item, queue, asking, isMoreToCome, onLeave }} />)}
      {isOpen && extra('file-sound', <FileSound {...{ id, name }} elementId={soundId} />)}
    </tbody>
  );
});

interface ActionsProps extends Omit<FileRowProps, 'asking' | 'isMoreToCome'> {
  view: FileRowView;
  soundId: string;
}

/** The first button stays the same one whatever it does, so that it keeps the focus when the file moves on. */
function Actions({ item: { id, name }, view, queue, isOpen, soundId, onToggle, onLeave }: ActionsProps) {
  const { action, canOpenFolder, canRemove } = view;
  const first = (button: HTMLElement) => {
    if (action === 'listen') return onToggle(id);
    // Where only some are shown, the file may be none of them then.
    onLeave(id, button);
    void queue.act(`files.${action}`, { id });
  };
  return (
    <>
      <button
        className="link"
        type="button"
        aria-label={text(`window.files.${action}.named`, { name })}
        aria-expanded={action === 'listen' ? isOpen : undefined}
        aria-controls={isOpen ? soundId : undefined}
        onClick={(event) => first(event.currentTarget)}
      >
        {text(`window.files.${action}`)}
      </button>
      {canOpenFolder && (
        <button
          className="link"
          type="button"
          aria-label={text('window.files.open.named', { name })}
          onClick={() => void queue.act('files.openFolder', { id })}
        >
          {text('window.files.open')}
        </button>
      )}
      {canRemove && (
        <button
          className="link"
          type="button"
          aria-label={text('window.files.remove.named', { name })}
          onClick={(event) => {
            onLeave(id, event.currentTarget);
            void queue.act('files.remove', { id });
          }}
        >
          {text('window.files.remove')}
        </button>
      )}
    </>
  );
}
