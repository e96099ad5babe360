import type { App, Session, WebContents } from 'electron';

/** Keeps every page where it is: no navigation, no redirect, no new window, no embedded browser, nothing saved to the disk. */
export function lockContents(app: Pick<App, 'on'>): void {
  const locked = new WeakSet<Session>();
  app.on('web-contents-created', (_event, contents) => {
    lock(contents);
    if (locked.has(contents.session)) return;
    locked.add(contents.session);
    // Reports and recordings are written by main, where the person said.
    contents.session.on('will-download', (event) => event.preventDefault());
  });
}

function lock(contents: Pick<WebContents, 'on' | 'getURL' | 'setWindowOpenHandler'>): void {
  contents.on('will-navigate', (event) => {
    // Reloading the page it shows is all that a page may do.
    if (event.url !== contents.getURL()) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
