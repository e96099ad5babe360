import type { BrowserWindow } from 'electron';

/** Electron finds a page unresponsive early; most are back by then. */
const patienceMs = 10_000;

type Watched = Pick<BrowserWindow, 'on' | 'isDestroyed'> & {
  webContents: Pick<BrowserWindow['webContents'], 'forcefullyCrashRenderer'>;
};

/**
 * Asks whether to wait for a page that does not answer, or to load it anew. Its process is ended then, which opens a new window;
 * the sound is none of the page's business.
 */
export function watchUnresponsivePage(window: Watched, askToReload: () => Promise<boolean>): void {
  let timer: NodeJS.Timeout | undefined;
  let isAsking = false;
  let isStuck = false;

  const ask = async (): Promise<void> => {
    isAsking = true;
    const isWanted = await askToReload().finally(() => (isAsking = false));
    if (window.isDestroyed() || !isStuck) return;
    if (isWanted) window.webContents.forcefullyCrashRenderer();
    else wait();
  };
  const wait = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void ask(), patienceMs);
  };

  window.on('unresponsive', () => {
    isStuck = true;
    if (!isAsking) wait();
  });
  const relax = (): void => {
    isStuck = false;
    clearTimeout(timer);
  };
  window.on('responsive', relax);
  window.on('closed', relax);
}
