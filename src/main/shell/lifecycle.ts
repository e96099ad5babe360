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

/** Holds the quit back once, until the services are put away. */
export function disposeBeforeQuit(app: Pick<App, 'on' | 'exit'>, dispose: () => Promise<void>): void {
  let isDisposing = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isDisposing) return;
    isDisposing = true;
    const timer = setTimeout(() => app.exit(1), disposeMs);
    dispose()
      .then(
        () => app.exit(0),
        () => app.exit(1),
      )
      .finally(() => clearTimeout(timer));
  });
}
