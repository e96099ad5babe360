import type { ContextBridge, IpcRenderer, WebUtils } from 'electron';
import type { CallArgument, EventPayload, LimpidBridge } from '../shared/contract.js';
import type { Result } from '../shared/errors.js';
import { isCallName, type CallName, type EventName } from '../shared/contractNames.js';
import { createEventListeners } from '../shared/eventListeners.js';
import { callChannel, eventChannel } from '../shared/ipcChannels.js';

/** Paths that one call takes. */
const maxPaths = 1000;

/**
 * Puts `window.limpid` into the page. It offers the contract's names and nothing of Electron: no `ipcRenderer`, no event objects.
 * A name outside the contract rejects here already; everything else is judged by the gateway in main.
 */
export function installBridge(
  contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>,
  ipcRenderer: Pick<IpcRenderer, 'invoke' | 'on'>,
  getPathForFile: WebUtils['getPathForFile'],
): void {
  const listeners = createEventListeners();
  ipcRenderer.on(eventChannel, (_event, name: EventName, payload: EventPayload<EventName>) =>
    listeners.emit(name, payload),
  );

  /** Ended and made anew when no more files are to be handed over. */
  let adding = { isOver: false };
  const bridge: LimpidBridge = {
    call: async (name: CallName, argument?: unknown) => {
      if (!isCallName(name)) throw new TypeError(`'${String(name)}' is not a call of the contract`);
      return ipcRenderer.invoke(callChannel, name, argument);
    },
    on: listeners.on,
    addFiles: async (files) => {
      // One without a path is no file of this computer, and main says so.
      const paths = files.map((file) => getPathForFile(file));
      const mine = adding;
      let refusal: Result<null> | null = null;
      for (let at = 0; at < paths.length && !mine.isOver; at += maxPaths) {
        const argument: CallArgument<'files.add'> = { paths: paths.slice(at, at + maxPaths) };
        const result: Result<null> = await ipcRenderer.invoke(callChannel, 'files.add' satisfies CallName, argument);
        if (!result.ok) refusal ??= result;
      }
      return refusal ?? { ok: true, value: null };
    },
    stopAdding: () => {
      adding.isOver = true;
      adding = { isOver: false };
    },
  };
  contextBridge.exposeInMainWorld('limpid', bridge);
}
