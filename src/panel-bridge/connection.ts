import type { EventPayload, LimpidBridge } from '../shared/contract.js';
import { isCallName, type CallName, type EventName } from '../shared/contractNames.js';
import { LimpidError, type LimpidErrorShape, type Result } from '../shared/errors.js';
import { createEventListeners } from '../shared/eventListeners.js';
import { toErrorShape } from '../shared/messages/index.js';
import { Refusals } from '../shared/refusals.js';
import { maxUploadBytes, type PanelMessage, type PanelRequest } from '../shared/panelProtocol.js';
import { hasSoundEnding } from '../shared/soundEndings.js';
import type { AppState } from '../shared/state.js';

/** The part of a browser's WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: never) => void) | null;
  onclose: ((event: never) => void) | null;
}

export interface ConnectionOptions {
  /** Resolves with a socket on its way to be open. */
  openSocket(): Promise<Socket>;
  /**
   * Why there is no connection: `panel.link-needed` when the panel answers and refuses us, `panel.disconnected` when it does not
   * answer; null when nothing is wrong with it.
   */
  explainLoss(): Promise<LossCode | null>;
  /**
   * Sends a file and tells the bytes sent; resolves with what the panel answered, or null when the connection broke, the file cannot
   * be read, or it was aborted.
   */
  sendFile(file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<FileAnswer | null>;
  /** Resolves after this time, or earlier when there is reason to believe that it works now. */
  pause(ms: number): Promise<void>;
  /** 0..1; spreads the attempts of several pages. */
  random(): number;
}

/** An HTTP answer: 204, or another status with an error as JSON. */
export interface FileAnswer {
  status: number;
  body: string;
}

export type LossCode = 'panel.disconnected' | 'panel.link-needed';

const firstPauseMs = 250;
const longestPauseMs = 10_000;

/**
 * Builds `window.limpid` over one WebSocket and keeps that connected, with exponential back-off and jitter.
 * Calls made before the first connection wait for it. When the connection is lost, open calls fail, later ones fail at once, and
 * listeners of `state.changed` get the last state with the loss as its status; when it is back they get the true state.
 */
export function connectPanel(options: ConnectionOptions): LimpidBridge {
  const listeners = createEventListeners();
  const openCalls = new Map<number, (result: Result<never>) => void>();
  let unsent: string[] = [];
  let socket: Socket | null = null;
  let loss: LossCode | null = null;
  let lastState: AppState | null = null;
  let lastId = 0;
  /** Aborted and made anew when no more files are to be sent. */
  let sending = new AbortController();

  const hear = (message: PanelMessage): void => {
    if ('event' in message) {
      if (message.event === 'state.changed') lastState = message.payload as AppState;
      listeners.emit(message.event, message.payload as EventPayload<EventName>);
      return;
    }
    openCalls.get(message.id)?.(message.result as Result<never>);
    openCalls.delete(message.id);
  };

  const call = async <Name extends CallName>(name: Name, argument?: unknown): Promise<Result<never>> => {
    if (!isCallName(name)) throw new TypeError(`'${String(name)}' is not a call of the contract`);
    if (loss) return failed(loss);
    const id = ++lastId;
    const text = JSON.stringify({ id, name, argument } satisfies PanelRequest);
    const result = await new Promise<Result<never>>((resolve) => {
      openCalls.set(id, resolve);
      if (socket) socket.send(text);
      else unsent.push(text);
    });
    if (name === 'state.get' && result.ok) lastState = result.value;
    return result;
  };

  /** Resolves when the connection is over, with whether there ever was one. */
  const connectOnce = async (): Promise<boolean> => {
    const candidate = await options.openSocket();
    return new Promise((resolve) => {
      candidate.onopen = () => {
        const wasLost = loss !== null;
        socket = candidate;
        loss = null;
        for (const text of unsent.splice(0)) candidate.send(text);
        if (wasLost) void tellTrueState();
      };
      candidate.onmessage = (event: { data: unknown }) => hear(JSON.parse(String(event.data)) as PanelMessage);
      candidate.onclose = () => resolve(socket === candidate);
    });
  };

  const tellTrueState = async (): Promise<void> => {
    const state: Result<AppState> = await call('state.get');
    if (state.ok) listeners.emit('state.changed', state.value);
  };

  const lose = (code: LossCode): void => {
    socket = null;
    loss = code;
    unsent = [];
    for (const settle of openCalls.values()) settle(failed(code));
    openCalls.clear();
    if (lastState) listeners.emit('state.changed', { ...lastState, status: { code, params: {} } });
  };

  const sendFile = async (file: File, onSent: (bytes: number) => void, signal: AbortSignal): Promise<Result<null>> => {
    if (loss) return failed(loss);
    if (signal.aborted) return refused(new LimpidError('cancelled'));
    if (file.size > maxUploadBytes) return refused(new LimpidError('files.too-large', { name: file.name }));
    const answer = await options.sendFile(file, onSent, signal);
    if (signal.aborted) return refused(new LimpidError('cancelled'));
    if (answer?.status === 204) return { ok: true, value: null };
    if (answer && answer.status !== 401) return { ok: false, error: readError(answer, file.name) };
    const code = await options.explainLoss();
    return code ? failed(code) : refused(notReceived(file.name));
  };

  /** One after the other; one that is refused or cannot be read does not keep the others back, a lost connection does. */
  const addFiles: LimpidBridge['addFiles'] = async (files, onProgress) => {
    const sounds = files.filter(({ name }) => hasSoundEnding(name));
    const totalBytes = sounds.reduce((sum, { size }) => sum + size, 0);
    const strangers = files.length - sounds.length;
    const refusals = new Refusals();
    if (strangers > 0) refusals.add(toErrorShape(new LimpidError('files.left-out', { count: strangers })));
    const { signal } = sending;
    let sentBytes = 0;
    for (const file of sounds) {
      const tell = (bytes: number) => onProgress?.(sentBytes + Math.min(bytes, file.size), totalBytes);
      const result = await sendFile(file, tell, signal);
      if (!result.ok && (signal.aborted || isLoss(result.error.code))) return result;
      if (!result.ok) refusals.add(result.error);
      sentBytes += file.size;
      onProgress?.(sentBytes, totalBytes);
    }
    return refusals.error ? { ok: false, error: refusals.error } : { ok: true, value: null };
  };

  const keepConnected = async (): Promise<never> => {
    for (let failures = 0; ; failures += 1) {
      const wasConnected = await connectOnce();
      if (wasConnected) {
        failures = 0;
        lose('panel.disconnected');
      }
      const code = (await options.explainLoss()) ?? 'panel.disconnected';
      if (loss !== code) lose(code);
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** failures);
      await options.pause(pauseMs * (0.5 + options.random() / 2));
    }
  };

  void keepConnected();
  return {
    call,
    on: listeners.on,
    addFiles,
    stopAdding: () => {
      sending.abort();
      sending = new AbortController();
    },
  };
}

const failed = (code: LossCode): Result<never> => ({
  ok: false,
  error: toErrorShape(new LimpidError(code, {}, { retryable: code === 'panel.disconnected' })),
});

const notReceived = (name: string): LimpidError =>
  new LimpidError('files.receive-failed', { name }, { retryable: true });

const refused = (error: LimpidError): Result<never> => ({ ok: false, error: toErrorShape(error) });

const isLoss = (code: string): boolean => code === 'panel.disconnected' || code === 'panel.link-needed';

/** What main said; where that is no error of its own, that the file did not arrive. */
function readError({ body }: FileAnswer, name: string): LimpidErrorShape {
  const unknown = toErrorShape(notReceived(name));
  try {
    const error = JSON.parse(body) as Partial<LimpidErrorShape>;
    return typeof error.code === 'string' ? { ...unknown, ...error } : unknown;
  } catch {
    return unknown;
  }
}
