import type { App } from 'electron';

/** How long the last words (settings, virtual microphone) may take before the app leaves anyway. */
const disposeMs = 5000;

/**
 * Closing the window ends the app, but for macOS, where its icon in the dock brings the window back. `left`: nobody looks any more.
 */
export function followWindows(
  app: Pick<App, 'on' | 'quit'>,
  showWindow: () => void,
  left: () => void,
  platform: NodeJS.Platform,
): void {
  app.on('window-all-closed', () => {
    if (platform !== 'darwin') return app.quit();
    left();
  });
  app.on('activate', showWindow);
}

/**
 * Holds the quit back once, until the services are put away.
 * @param lastWords what is done right before the process ends, whatever became of the services
 */
export function disposeBeforeQuit(
  app: Pick<App, 'on' | 'exit'>,
  dispose: () => Promise<void>,
  lastWords: () => void,
): void {
  let isDisposing = false;
  const exit = (code: number): void => {
    lastWords();
    app.exit(code);
  };
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isDisposing) return;
    isDisposing = true;
    const timer = setTimeout(() => exit(1), disposeMs);
    dispose()
      .then(
        () => exit(0),
        () => exit(1),
      )
      .finally(() => clearTimeout(timer));
  });
}
