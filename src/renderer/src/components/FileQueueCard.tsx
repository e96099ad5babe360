import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { FileItem, FilesView } from '../../../shared/files.js';
import type { FileQueue, Upload } from '../bridge/useFiles.js';
import { fileFilters, filterFiles, filterLabel, queueSummary, type FileFilter } from '../view/filesView.js';
import { formatCount, formatPercent } from '../view/format.js';
import { hint, text } from '../view/text.js';
import { FileTable } from './FileTable.js';

interface FileQueueCardProps {
  files: FilesView;
  queue: FileQueue;
  items: readonly FileItem[];
  isListed: boolean;
  /** Null: nothing is on its way to main. */
  upload: Upload | null;
}

/** From so many files on they can be told apart by how they stand. */
const manyFiles = 6;
const sayEveryMs = 8000;

/** All files: how they fare together, what can be done with all of them, and each of them. */
export function FileQueueCard({ files, queue, items, isListed, upload }: FileQueueCardProps) {
  const headingId = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const [chosen, setFilter] = useState<FileFilter>('all');
  const filter = items.length < manyFiles ? 'all' : chosen;
  const shown = filterFiles(items, filter);
  const isArriving = files.arriving > 0 || upload !== null;
  return (
    <section className="card files-queue" aria-labelledby={headingId}>
      <h3 className="files-heading" id={headingId} ref={heading} tabIndex={-1}>
        {text('window.files.queue')}
      </h3>
      <Overall files={files} />
      {items.length === 0 && (
        <div className="files-empty">
          <p className="files-empty-words">{text(isListed ? 'window.files.empty' : 'window.files.loading')}</p>
          {isListed && <p className="help">{hint('window.files.empty')}</p>}
        </div>
      )}
      {(items.length > 0 || isArriving) && (
        <BulkActions files={files} queue={queue} isArriving={isArriving} onGone={() => heading.current?.focus()} />
      )}
      {items.length >= manyFiles && <Filters items={items} chosen={filter} onChoose={setFilter} />}
      <FileTable
        items={shown}
        queue={queue}
        asking={files.counts.asks}
        isMoreToCome={files.counts.waiting > 0 || isArriving}
        labelledBy={headingId}
        onLastGone={() => heading.current?.focus()}
      />
      {items.length > 0 && shown.length === 0 && (
        <p className="files-empty-words">{text('window.files.filter.none')}</p>
      )}
      {items.length > 0 && <p className="help">{hint('window.files.column.factor')}</p>}
    </section>
  );
}

function Overall({ files }: { files: FilesView }) {
  const { total, sentences, isOver, urgency } = queueSummary(files);
  const said = useCalmly(sentences, urgency);
  return (
    <>
      {total > 0 && (
        <div className="files-overall">
          <p className="files-sentences">
            {sentences.map((sentence) => (
              <span key={sentence}>{sentence} </span>
            ))}
          </p>
          {!isOver && (
            <>
              <progress className="bar" max={1} value={files.progress} aria-label={text('window.files.progress')} />
              <span className="value">{text('window.files.percent', { percent: formatPercent(files.progress) })}</span>
            </>
          )}
        </div>
      )}
      <p className="for-readers" role="status">
        {said.map((sentence) => (
          <span key={sentence}>{sentence} </span>
        ))}
      </p>
    </>
  );
}

/** The sentences as they are read out: every few seconds at most, at once when something urgent came. */
function useCalmly(sentences: readonly string[], urgency: string): readonly string[] {
  const [said, setSaid] = useState(sentences);
  const last = useRef({ atMs: 0, urgency });
  const whole = sentences.join('\n');
  useEffect(() => {
    const say = () => {
      last.current = { atMs: Date.now(), urgency };
      setSaid(whole === '' ? [] : whole.split('\n'));
    };
    const waitMs = last.current.urgency === urgency ? last.current.atMs + sayEveryMs - Date.now() : 0;
    const timer = setTimeout(say, Math.max(0, waitMs));
    return () => clearTimeout(timer);
  }, [whole, urgency]);
  return said;
}

interface BulkActionsProps {
  files: FilesView;
  queue: FileQueue;
  /** Files are being sent, received or looked for. */
  isArriving: boolean;
  /** The focus was here, and there is nothing to act on any more. */
  onGone(): void;
}

function BulkActions({ files, queue, isArriving, onGone }: BulkActionsProps) {
  const helpId = useId();
  const bar = useRef<HTMLDivElement>(null);
  const goes = useRef(onGone);
  useLayoutEffect(() => {
    goes.current = onGone;
  });
  useLayoutEffect(() => {
    const element = bar.current;
    return () => {
      if (element?.contains(document.activeElement)) goes.current();
    };
  }, []);
  const { waiting, running, asks, done, failed, cancelled } = files.counts;
  const actions = [
    { label: 'window.files.cancel-all', name: 'files.cancel', isPossible: isArriving || waiting + running + asks > 0 },
    { label: 'window.files.retry-failed', name: 'files.retry', isPossible: failed + cancelled > 0 },
    { label: 'window.files.clear', name: 'files.remove', isPossible: done + failed + cancelled > 0 },
  ] as const;
  const act = (name: (typeof actions)[number]['name']) =>
    name === 'files.cancel' ? queue.cancelAll() : queue.act(name, { id: null });
  return (
    <div className="files-bulk" ref={bar}>
      {actions.map(({ label, name, isPossible }) => (
        <button
          key={name}
          className="button"
          type="button"
          aria-disabled={!isPossible}
          aria-describedby={name === 'files.remove' ? helpId : undefined}
          onClick={() => isPossible && void act(name)}
        >
          {text(label)}
        </button>
      ))}
      <p className="help" id={helpId}>
        {hint('window.files.clear')}
      </p>
    </div>
  );
}

interface FiltersProps {
  items: readonly FileItem[];
  chosen: FileFilter;
  onChoose(filter: FileFilter): void;
}

function Filters({ items, chosen, onChoose }: FiltersProps) {
  const name = useId();
  return (
    <fieldset className="files-filters">
      <legend className="for-readers">{text('window.files.filter')}</legend>
      {fileFilters.map((filter) => (
        <label key={filter} className="choice">
          <input type="radio" name={name} checked={filter === chosen} onChange={() => onChoose(filter)} />
          {text(filterLabel(filter), { number: formatCount(filterFiles(items, filter).length) })}
        </label>
      ))}
    </fieldset>
  );
}
