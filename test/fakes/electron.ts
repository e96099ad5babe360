import { EventEmitter } from 'node:events';

/**
 * Hand-written stand-ins for the parts of Electron that the shell uses. They remember what they were told and emit the
 * same events; `as…` types them as the real ones (which cannot be loaded without Electron's binary).
 */

export class FakeWebContents extends EventEmitter {
  mainFrame = { url: 'app://limpid/index.html' };
  session = new EventEmitter();
  sent: unknown[][] = [];
  crashed = false;
  destroyed = false;
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null;

  getURL = (): string => this.mainFrame.url;
  isCrashed = (): boolean => this.crashed;
  isDestroyed = (): boolean => this.destroyed;
  setWindowOpenHandler = (handler: (details: { url: string }) => { action: string }): void => {
    this.windowOpenHandler = handler;
  };
  /** Like Electron, copies what crosses to the page. */
  send = (channel: string, ...args: unknown[]): void => {
    this.sent.push([channel, ...structuredClone(args)]);
    this.emit('to-page', channel, ...structuredClone(args));
  };
}

export class FakeWindow extends EventEmitter {
  webContents = new FakeWebContents();
  loaded: string | null = null;
  shown = 0;
  focused = 0;
  isGone = false;
  bounds = { x: 10, y: 20, width: 500, height: 700 };

  constructor(readonly options: Electron.BrowserWindowConstructorOptions) {
    super();
  }

  loadError: Error | null = null;
  loadURL = async (url: string): Promise<void> => {
    this.loaded = url;
    if (this.loadError) throw this.loadError;
  };
  isDestroyed = (): boolean => this.isGone;
  show = (): void => void (this.shown += 1);
  focus = (): void => void (this.focused += 1);
  restore = (): void => undefined;
  isMinimized = (): boolean => false;
  getNormalBounds = () => this.bounds;
  close = (): void => {
    this.emit('close');
    this.destroy();
  };
  /** Like Electron's: no `close` event, only `closed`. */
  destroy = (): void => {
    this.isGone = true;
    this.webContents.destroyed = true;
    this.emit('closed');
  };
  crashPage = (): void => {
    this.webContents.crashed = true;
    this.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
  };
}

export const asWindow = (window: FakeWindow): Electron.BrowserWindow => window as unknown as Electron.BrowserWindow;

export class FakeApp extends EventEmitter {
  quits = 0;
  exitCodes: number[] = [];
  quit = (): void => void (this.quits += 1);
  exit = (code: number): void => void this.exitCodes.push(code);
}

export const asApp = (app: FakeApp): Electron.App => app as unknown as Electron.App;

/** An event of Electron that can be refused. */
export class FakeEvent {
  isPrevented = false;
  constructor(readonly details: object = {}) {
    Object.assign(this, details);
  }
  preventDefault = (): void => {
    this.isPrevented = true;
  };
}

type InvokeHandler = (event: object, ...args: unknown[]) => unknown;

/** ipcMain and ipcRenderer back to back: every value that crosses is copied as Electron copies it. */
export class FakeIpc {
  readonly #handlers = new Map<string, InvokeHandler>();
  /** The page that `ipcRenderer.invoke` speaks for, as main sees it. */
  constructor(public sender: FakeWebContents) {}
  /** Set to speak for a frame inside the page. */
  senderFrame: { url: string } | null = null;

  readonly main = {
    handle: (channel: string, handler: InvokeHandler): void => {
      if (this.#handlers.has(channel)) throw new Error(`second handler for ${channel}`);
      this.#handlers.set(channel, handler);
    },
    removeHandler: (channel: string): void => void this.#handlers.delete(channel),
  } as unknown as Electron.IpcMain;

  readonly renderer = {
    invoke: async (channel: string, ...args: unknown[]): Promise<unknown> => {
      const handler = this.#handlers.get(channel);
      if (!handler) throw new Error(`No handler registered for '${channel}'`);
      const event = { sender: this.sender, senderFrame: this.senderFrame ?? this.sender.mainFrame };
      return structuredClone(await handler(event, ...structuredClone(args)));
    },
    on: (channel: string, listener: (event: object, ...args: unknown[]) => void): void => {
      this.sender.on('to-page', (sentOn: string, ...args: unknown[]) => {
        if (sentOn === channel) listener({}, ...args);
      });
    },
  } as unknown as Electron.IpcRenderer;
}

/** Keeps what preload shows to the page. */
export class FakeContextBridge {
  readonly exposed = new Map<string, unknown>();
  exposeInMainWorld = (name: string, value: unknown): void => void this.exposed.set(name, value);
}
