import type { ContextBridge, IpcRenderer } from 'electron';
import type { EventPayload, LimpidBridge } from '../shared/contract.js';
import { isCallName, type CallName, type EventName } from '../shared/contractNames.js';
import { createEventListeners } from '../shared/eventListeners.js';
import { callChannel, eventChannel } from '../shared/ipcChannels.js';

/**
 * Puts `window.limpid` into the page. It offers the contract's names and nothing of Electron: no `ipcRenderer`, no event objects.
 * A name outside the contract rejects here already; everything else is judged by the gateway in main.
 */
export function installBridge(
  contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>,
  ipcRenderer: Pick<IpcRenderer, 'invoke' | 'on'>,
): void {
  const listeners = createEventListeners();
  ipcRenderer.on(eventChannel, (_event, name: EventName, payload: EventPayload<EventName>) =>
    listeners.emit(name, payload),
  );

  const bridge: LimpidBridge = {
    call: async (name: CallName, argument?: unknown) => {
      if (!isCallName(name)) throw new TypeError(`'${String(name)}' is not a call of the contract`);
      return ipcRenderer.invoke(callChannel, name, argument);
    },
    on: listeners.on,
    addFiles: async () => {
      throw new TypeError('files cannot be added yet');
    },
  };
  contextBridge.exposeInMainWorld('limpid', bridge);
}
