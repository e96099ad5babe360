import type { BrowserWindow, IpcMain, IpcMainInvokeEvent } from 'electron';
import { callChannel, eventChannel } from '../../shared/ipcChannels.js';
import type { Gateway, Sender } from '../host/gateway.js';
import { originOf } from './permissions.js';

/** Connects the gateway with the one window: its calls in, all events out. Returns a function that ends it. */
export function connectIpc(
  ipcMain: Pick<IpcMain, 'handle' | 'removeHandler'>,
  gateway: Gateway,
  currentWindow: () => BrowserWindow | null,
): () => void {
  ipcMain.handle(callChannel, (event, name: unknown, argument: unknown) =>
    gateway.dispatch(name, argument, senderOf(event, currentWindow())),
  );
  const stopEvents = gateway.forward((name, payload) => {
    const contents = currentWindow()?.webContents;
    if (contents && !contents.isDestroyed() && !contents.isCrashed()) contents.send(eventChannel, name, payload);
  });
  return () => {
    ipcMain.removeHandler(callChannel);
    stopEvents();
  };
}

/** What Electron itself knows of the asking page; the frame is null when it navigated away meanwhile. */
function senderOf({ sender, senderFrame }: IpcMainInvokeEvent, window: BrowserWindow | null): Sender {
  return {
    isOurs: window !== null && sender === window.webContents,
    isMainFrame: senderFrame !== null && senderFrame === sender.mainFrame,
    origin: originOf(senderFrame?.url ?? ''),
  };
}
