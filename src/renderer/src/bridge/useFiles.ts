import { useSyncExternalStore } from 'react';
import type { CallArgument, EventPayload } from '../../../shared/contract.js';
import type { FileItem } from '../../../shared/files.js';
import { describe, describeError, type Message } from '../../../shared/messages/index.js';
import { Refusals } from '../../../shared/refusals.js';
import { mergeFiles } from '../view/filesView.js';
import type { CommandName, Connection, Link } from './connection.js';
import type { Gathered } from './droppedFiles.js';
import { useConnection } from './hooks.js';
import { createStore, type Store } from './store.js';

/** Files on their way to the computer that runs Limpid. */
export interface Upload {
  count: number;
  sentBytes: number;
  totalBytes: number;
}

export interface QueueView {
  items: readonly FileItem[];
  /** False until main said what there is. */
  isListed: boolean;
  /** Null: nothing is being sent. */
  upload: Upload | null;
  /** What was refused last, or left out; null when all went well. */
  failure: Message | null;
}

type FileCommand = Extract<CommandName, `files.${string}`>;

export interface FileQueue {
  view: Store<QueueView>;
  /** Asks main for something; resolves with whether it was accepted. A refusal stands in the view until the next. */
  act<Name extends FileCommand>(name: Name, argument: CallArgument<Name>): Promise<boolean>;
  /** Hands files over when those that were added before are: a thousand at most at a time. */
  add(gathered: Gathered): Promise<void>;
  /** Ends all that waits, asks, runs or is still on its way here. */
  cancelAll(): Promise<boolean>;
  /** Takes the failure of this window away. */
  dismiss(): void;
  /** Takes main's notice away. */
  dismissNotice(): void;
}

const batchFiles = 1000;
const retryMs = 2000;
const lossCodes: ReadonlySet<string> = new Set(['panel.disconnected', 'panel.link-needed']);
const isUp = ({ connected, state }: Link) => connected && state !== null && !lossCodes.has(state.status.code);
const unreachable = (): Message => describe({ code: 'window.disconnected', params: {} });

/**
 * Follows the queue of main: asks for all of it once and after each loss, and keeps to the changes in between. It goes on while
 * another screen is shown, so that files that are being sent are not forgotten.
 */
export function openFileQueue(connection: Connection): FileQueue {
  const view = createStore<QueueView>({ items: [], isListed: false, upload: null, failure: null });
  const change = (part: Partial<QueueView>) => view.set({ ...view.get(), ...part });
  const uploads = new Set<Upload>();
  /** One drop after the other: the panel takes few files at a time. */
  let sent: Promise<unknown> = Promise.resolve();
  /** Aborted and made anew when all is cancelled. */
  let adding = new AbortController();
  /** What was told while the list was on its way; null: it is not. */
  let toldMeanwhile: EventPayload<'files.changed'>[] | null = null;
  let listFailure: Message | null = null;
  let round = 0;
  let wasUp = isUp(connection.link.get());

  const list = async (): Promise<void> => {
    const mine = ++round;
    const told: EventPayload<'files.changed'>[] = (toldMeanwhile = []);
    const answer = await connection.ask('files.list');
    if (mine !== round) return;
    toldMeanwhile = null;
    if (answer?.ok) {
      const isMended = listFailure !== null && view.get().failure === listFailure;
      // What was told meanwhile may be older than the list; what changed after it will be told again.
      const items = told.reduce(mergeFiles, answer.value as readonly FileItem[]);
      return change({ items, isListed: true, ...(isMended ? { failure: null } : {}) });
    }
    if (answer) change({ failure: (listFailure = describeError(answer.error)) });
    setTimeout(() => mine === round && void list(), retryMs);
  };

  connection.on('files.changed', (changed) => {
    toldMeanwhile?.push(changed);
    change({ items: mergeFiles(view.get().items, changed) });
  });
  connection.link.subscribe(() => {
    const up = isUp(connection.link.get());
    if (up && !wasUp) void list();
    wasUp = up;
  });
  void list();

  const tellUploads = () => {
    const sum = (field: keyof Upload) => [...uploads].reduce((all, each) => all + each[field], 0);
    const upload = { count: sum('count'), sentBytes: sum('sentBytes'), totalBytes: sum('totalBytes') };
    change({ upload: uploads.size > 0 ? upload : null });
  };

  const sendBatches = async (files: readonly File[], upload: Upload): Promise<Message | null> => {
    const { signal } = adding;
    const refusals = new Refusals();
    let sentBefore = 0;
    await sent;
    for (let at = 0; at < files.length && !signal.aborted; at += batchFiles) {
      const batch = files.slice(at, at + batchFiles);
      const answer = await connection.addFiles(batch, (sentBytes) => {
        upload.sentBytes = sentBefore + sentBytes;
        tellUploads();
      });
      if (signal.aborted) return null;
      if (!answer) return unreachable();
      if (!answer.ok && lossCodes.has(answer.error.code)) return describeError(answer.error);
      if (!answer.ok) refusals.add(answer.error);
      sentBefore += batch.reduce((sum, { size }) => sum + size, 0);
    }
    return refusals.error && describeError(refusals.error);
  };

  const send = async (files: readonly File[]): Promise<Message | null> => {
    const upload: Upload = {
      count: files.length,
      sentBytes: 0,
      totalBytes: files.reduce((sum, { size }) => sum + size, 0),
    };
    uploads.add(upload);
    tellUploads();
    const sending = sendBatches(files, upload);
    sent = sending;
    try {
      return await sending;
    } finally {
      uploads.delete(upload);
      tellUploads();
    }
  };

  const act: FileQueue['act'] = async (name, argument) => {
    change({ failure: null });
    const answer = await connection.ask(name, argument);
    if (!answer?.ok) change({ failure: answer ? describeError(answer.error) : unreachable() });
    return answer?.ok ?? false;
  };

  return {
    view,
    act,
    cancelAll() {
      adding.abort();
      adding = new AbortController();
      connection.stopAdding();
      return act('files.cancel', { id: null });
    },
    async add({ files, ...others }) {
      change({ failure: leavingOut(files.length, others) });
      if (files.length === 0) return;
      const failure = await send(files);
      if (failure) change({ failure });
    },
    dismiss: () => change({ failure: null }),
    dismissNotice: () => void connection.ask('files.dismiss'),
  };
}

/** What to say of files that were not added; null when there is nothing to say. */
function leavingOut(found: number, { leftOut, results, unread }: Omit<Gathered, 'files'>): Message | null {
  if (unread > 0) return describe({ code: 'window.files.unread', params: { count: unread } });
  if (found === 0 && results === 0) return describe({ code: 'window.files.none-found', params: {} });
  if (leftOut > 0) return describe({ code: 'window.files.left-out', params: { count: leftOut } });
  return results > 0 ? describe({ code: 'files.results-left-out', params: { count: results } }) : null;
}

const queues = new WeakMap<Connection, FileQueue>();

/** The queue of this window: what there is of it now, and what can be done with it. */
export function useFiles(): QueueView & { queue: FileQueue } {
  const connection = useConnection();
  const queue = queues.get(connection) ?? openFileQueue(connection);
  queues.set(connection, queue);
  return { ...useSyncExternalStore(queue.view.subscribe, queue.view.get), queue };
}
