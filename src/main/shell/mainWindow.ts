import type { BrowserWindow, BrowserWindowConstructorOptions, Rectangle } from 'electron';
import { smallestSize, type WindowBounds } from './windowBounds.js';

const crashLimit = 3;
const crashSpanMs = 60_000;

/** What becomes of a window that is about to close: it goes, it is only hidden, or Limpid is asked to end, which closes it then. */
export type Closing = 'close' | 'hide' | 'quit';

export interface MainWindowOptions {
  createWindow(options: BrowserWindowConstructorOptions): BrowserWindow;
  /** The one CommonJS file that a sandboxed page can load. */
  preloadPath: string;
  /** Whether a person may look inside the page, as those who develop it do. */
  hasDevTools: boolean;
  url: string;
  readBounds(): WindowBounds;
  writeBounds(bounds: Rectangle, isMaximized: boolean): void;
  closing(): Closing;
  /** Hears of each window when there is one. */
  created(window: BrowserWindow): void;
  /** The window was hidden instead of closed. */
  hidden(): void;
  /** The page crashed three times within a minute: whether a person wants it back. */
  askToReopen(): Promise<boolean>;
  quit(): void;
  nowMs(): number;
}

export interface MainWindow {
  /** Opens the window, or brings the one there is to the front. */
  open(): void;
  readonly current: BrowserWindow | null;
  /** Whether there is one on the screen; another program's may lie above it. */
  readonly isSeen: boolean;
  /** In front of which a question is asked; null: none. On macOS one is opened for it. */
  forQuestion(platform: NodeJS.Platform): BrowserWindow | null;
}

/** Options of the window: a page without Node, in a sandbox, in a world of its own. */
export function windowOptions(
  { preloadPath, hasDevTools }: Pick<MainWindowOptions, 'preloadPath' | 'hasDevTools'>,
  bounds: Partial<Rectangle>,
): BrowserWindowConstructorOptions {
  return {
    ...bounds,
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    show: false,
    title: 'Limpid',
    autoHideMenuBar: true,
    webPreferences: {
      preload: preloadPath,
      devTools: hasDevTools,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  };
}

/** The one window. When its page crashes the sound runs on in main, and a new window shows the state as it is. */
export function createMainWindow(options: MainWindowOptions): MainWindow {
  let current: BrowserWindow | null = null;
  let crashesMs: number[] = [];

  const create = (isShown: boolean): void => {
    const { isMaximized, ...bounds } = options.readBounds();
    const window = options.createWindow(windowOptions(options, bounds));
    current = window;
    let isWanted = isShown;
    // Maximising shows a window that may have to stay hidden.
    if (isMaximized) window.once('show', () => window.maximize());
    window.on('show', () => (isWanted = true));
    window.on('hide', () => (isWanted = false));
    const show = (): void => {
      if (isWanted) window.show();
    };
    window.once('ready-to-show', show);
    window.on('close', (event) => close(window, event));
    window.on('closed', () => {
      if (current === window) current = null;
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') void replace(window, isWanted);
    });
    window.loadURL(options.url).catch(() => {
      // Without a page there is no first paint to wait for; an empty window can at least be reloaded or closed.
      if (!window.isDestroyed()) show();
    });
    options.created(window);
  };

  const close = (window: BrowserWindow, event: { preventDefault(): void }): void => {
    options.writeBounds(window.getNormalBounds(), window.isMaximized());
    const closing = options.closing();
    if (closing === 'close') return;
    event.preventDefault();
    if (closing === 'quit') return options.quit();
    window.hide();
    options.hidden();
  };

  const replace = async (crashed: BrowserWindow, isShown: boolean): Promise<void> => {
    const nowMs = options.nowMs();
    crashesMs = [...crashesMs.filter((crashMs) => nowMs - crashMs < crashSpanMs), nowMs];
    if (crashesMs.length >= crashLimit) {
      if (!(await options.askToReopen())) return options.quit();
      crashesMs = [];
    }
    if (current !== crashed) return;
    // The new one first: with no window left the app would quit.
    current = null;
    create(isShown);
    crashed.destroy();
  };

  const open = (): void => {
    if (current) bringToFront(current);
    else create(true);
  };
  const isSeen = (): boolean => current !== null && current.isVisible() && !current.isMinimized();

  return {
    open,
    get current() {
      return current;
    },
    get isSeen() {
      return isSeen();
    },
    forQuestion(platform) {
      if (platform === 'darwin' && !isSeen()) open();
      return platform === 'darwin' || isSeen() ? current : null;
    },
  };
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}
