import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { FileItem } from '../../../shared/files.js';
import type { FileQueue } from '../bridge/useFiles.js';
import { formatCount } from '../view/format.js';
import { text } from '../view/text.js';
import { FileRow } from './FileRow.js';

interface FileTableProps {
  items: readonly FileItem[];
  queue: FileQueue;
  /** How many files ask what to do. */
  asking: number;
  /** Whether files wait that may ask, too. */
  isMoreToCome: boolean;
  labelledBy: string;
  /** The focus was in a row, and no row is left. */
  onLastGone(): void;
}

/** So many rows are shown until more are asked for. */
const pageRows = 500;
/** So many are drawn in one turn: no turn is long. */
const turnRows = 20;
/** Longer lists lay out only what is seen. */
const longRows = 40;

const columns = ['file', 'status', 'input', 'reduction', 'factor', 'length', 'actions'] as const;

/** The files as a table; where there is little room its rows are cards. The roles keep it a table for readers then. */
export function FileTable({ items, queue, asking, isMoreToCome, labelledBy, onLastGone }: FileTableProps) {
  const [limit, setLimit] = useState(pageRows);
  const [openId, setOpenId] = useState<string | null>(null);
  const drawn = useGrowing(Math.min(items.length, limit));
  const table = useRef<HTMLTableElement>(null);
  const keepFocus = useKeptFocus(table, items, onLastGone);
  const toggle = useCallback((id: string) => setOpenId((now) => (now === id ? null : id)), []);

  if (items.length === 0) return null;
  return (
    <>
      <table
        className={items.length > longRows ? 'files-table files-table-long' : 'files-table'}
        role="table"
        aria-labelledby={labelledBy}
        ref={table}
      >
        <thead role="rowgroup" className="files-head">
          <tr role="row" className="file-row">
            {columns.map((column) => (
              <th key={column} role="columnheader" scope="col" className={`file-${column}`}>
                {text(`window.files.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        {items.slice(0, drawn).map((item) => (
          <FileRow
            key={item.id}
            item={item}
            queue={queue}
            asking={item.status === 'asks' ? asking : 0}
            isMoreToCome={item.status === 'asks' && isMoreToCome}
            isOpen={item.id === openId && item.status === 'done'}
            onToggle={toggle}
            onLeave={keepFocus}
          />
        ))}
      </table>
      {items.length > limit && (
        <button
          className="button files-more"
          type="button"
          onClick={(event) => {
            // The first of those that come, should this button go.
            keepFocus(items[limit]?.id ?? '', event.currentTarget);
            setLimit(limit + pageRows);
          }}
        >
          {text('window.files.more', { number: formatCount(Math.min(pageRows, items.length - limit)) })}
        </button>
      )}
    </>
  );
}

/** Grows to `total`, some more with each turn. */
function useGrowing(total: number): number {
  const [drawn, setDrawn] = useState(turnRows);
  useEffect(() => {
    if (drawn >= total) return undefined;
    const timer = setTimeout(() => setDrawn(drawn + turnRows), 0);
    return () => clearTimeout(timer);
  }, [drawn, total]);
  return Math.min(drawn, total);
}

interface Left {
  id: string;
  place: number;
  button: HTMLElement;
}

/**
 * Where the focus goes when the button that had it is gone with its row or its question: to the file's row, else to that which has its
 * place, else to the one before. To be told of a button that is pressed, and of the file it stands for.
 */
function useKeptFocus(
  table: { current: HTMLTableElement | null },
  items: readonly FileItem[],
  onLastGone: () => void,
): (id: string, button: HTMLElement) => void {
  const left = useRef<Left | null>(null);
  const shown = useRef(items);
  useLayoutEffect(() => {
    shown.current = items;
    if (!left.current) return;
    const { id, place, button } = left.current;
    const isStill = document.activeElement === button;
    if (isStill) return;
    const isGone = !button.isConnected && document.activeElement === document.body;
    const target = items.find((item) => item.id === id) ?? items[Math.min(place, items.length - 1)];
    const row = [...(table.current?.tBodies ?? [])].find(({ dataset }) => dataset['file'] === target?.id);
    // It is drawn in one of the next turns.
    if (isGone && target && !row) return;
    left.current = null;
    if (!isGone) return;
    const next = row?.querySelector<HTMLElement>('.file-actions button');
    if (next) next.focus();
    else onLastGone();
  });
  return useCallback((id: string, button: HTMLElement) => {
    left.current = { id, place: shown.current.findIndex((item) => item.id === id), button };
  }, []);
}
