import { setTimeout as sleep } from 'node:timers/promises';
import type { App, BrowserWindow } from 'electron';
import type { Quit } from './quit.js';

/** A page that does not answer for so long has nothing that could be asked about. */
const answerMs = 2000;
/** Asks the page what a browser asks it before it goes; true: it wants to stay. */
const wantsToStay = `!dispatchEvent(new Event('beforeunload', { cancelable: true }))`;

export interface UnsavedParts {
  app: Pick<App, 'quit'>;
  quit: Pick<Quit, 'isUnderWay' | 'isUnconditional' | 'heldBack'>;
  /** Whether a person wants the changes to be discarded. */
  askToDiscard(): Promise<boolean>;
}

/** Whether a page may go: it has no unsaved changes, or a person discards them. It stays where it is in either case. */
export async function mayLeave(
  page: Pick<BrowserWindow['webContents'], 'executeJavaScript'>,
  askToDiscard: () => Promise<boolean>,
): Promise<boolean> {
  const late = sleep(answerMs, false, { ref: false });
  const isKept = await Promise.race([page.executeJavaScript(wantsToStay), late]).catch(() => false);
  return isKept === true ? askToDiscard() : true;
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
  let isAllowed = false;
  let isAsking = false;

  const ask = async (leave: () => void): Promise<void> => {
    isAsking = true;
    const isDiscarded = await askToDiscard().finally(() => (isAsking = false));
    if (!isDiscarded || window.isDestroyed()) return;
    isAllowed = true;
    leave();
  };

  // After those who may only hide the window.
  window.on('close', (event) => (isClosing = !event.defaultPrevented));
  window.webContents.on('will-prevent-unload', (event) => {
    if (isAllowed || quit.isUnconditional) {
      isAllowed = false;
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
