import type { App, BrowserWindow } from 'electron';
import type { Quit } from './quit.js';

export interface UnsavedParts {
  app: Pick<App, 'quit'>;
  quit: Pick<Quit, 'isUnderWay' | 'isSessionEnding' | 'heldBack'>;
  /** Whether a person wants the changes to be discarded. */
  askToDiscard(): Promise<boolean>;
}

/**
 * Asks before a page with unsaved changes goes, as a browser would; without this Electron keeps such a window open without a word.
 * The question does not hold up the rest of Limpid: the page stays, and after a yes goes where it was about to.
 */
export function askAboutUnsavedChanges(
  window: Pick<BrowserWindow, 'on' | 'close' | 'isDestroyed'> & {
    webContents: Pick<BrowserWindow['webContents'], 'on' | 'reload'>;
  },
  { app, quit, askToDiscard }: UnsavedParts,
): void {
  let isClosing = false;
  let mayLeave = false;
  let isAsking = false;

  const ask = async (leave: () => void): Promise<void> => {
    isAsking = true;
    const isDiscarded = await askToDiscard().finally(() => (isAsking = false));
    if (!isDiscarded || window.isDestroyed()) return;
    mayLeave = true;
    leave();
  };

  // After those who may only hide the window.
  window.on('close', (event) => (isClosing = !event.defaultPrevented));
  window.webContents.on('will-prevent-unload', (event) => {
    if (mayLeave || quit.isSessionEnding) {
      mayLeave = false;
      // Electron's word for: leave in spite of it.
      event.preventDefault();
      return;
    }
    const leave = quit.isUnderWay
      ? () => app.quit()
      : isClosing
        ? () => window.close()
        : () => window.webContents.reload();
    isClosing = false;
    quit.heldBack();
    if (!isAsking) void ask(leave);
  });
}
