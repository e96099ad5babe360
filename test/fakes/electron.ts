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

  reloads = 0;
  /** Of the page: whether its `beforeunload` wants it to stay. */
  keepsPage = false;

  getURL = (): string => this.mainFrame.url;
  reload = (): void => {
    if (this.mayUnload()) this.reloads += 1;
  };
  forcefullyCrashRenderer = (): void => {
    this.crashed = true;
    this.emit('render-process-gone', {}, { reason: 'killed', exitCode: 9 });
  };
  /** Like Electron, a page that wants to stay does, unless main says no. */
  mayUnload = (): boolean => {
    if (!this.keepsPage || this.crashed) return true;
    const event = new FakeEvent();
    this.emit('will-prevent-unload', event);
    return event.isPrevented;
  };
  /** Scripts see no more of a page than what hears its events. */
  executeJavaScript = async (script: string): Promise<unknown> => {
    if (this.crashed) return new Promise(() => undefined);
    const page = new EventTarget();
    page.addEventListener('beforeunload', (event) => this.keepsPage && event.preventDefault());
    return new Function('dispatchEvent', `return ${script}`)((event: Event) => page.dispatchEvent(event)) as unknown;
  };
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
  visible = false;
  minimized = false;
  show = (): void => {
    this.shown += 1;
    this.visible = true;
    this.emit('show');
  };
  hide = (): void => {
    this.visible = false;
    this.emit('hide');
  };
  focus = (): void => void (this.focused += 1);
  restore = (): void => void (this.minimized = false);
  isVisible = (): boolean => this.visible;
  isMinimized = (): boolean => this.minimized;
  maximized = false;
  maximize = (): void => void (this.maximized = true);
  isMaximized = (): boolean => this.maximized;
  getNormalBounds = () => this.bounds;
  /** Like Electron's: who hears of it may refuse, then the page may. */
  close = (): void => {
    if (this.isGone) throw new TypeError('Object has been destroyed');
    const event = new FakeEvent();
    this.emit('close', event);
    if (event.isPrevented || this.isGone) return;
    if (this.webContents.mayUnload()) this.destroy();
  };
  /** Like Electron's: no `close` event, only `closed`. */
  destroy = (): void => {
    this.isGone = true;
    this.visible = false;
    this.webContents.destroyed = true;
    this.emit('closed');
  };
  crashPage = (): void => {
    this.webContents.crashed = true;
    this.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
  };
}

export const asWindow = (window: FakeWindow): Electron.BrowserWindow => window as unknown as Electron.BrowserWindow;

type LoginSettings = Pick<
  Electron.LoginItemSettings,
  'openAtLogin' | 'wasOpenedAtLogin' | 'executableWillLaunchAtLogin'
>;

export class FakeApp extends EventEmitter {
  quits = 0;
  exitCodes: number[] = [];
  isPackaged = true;
  windows: FakeWindow[] = [];
  #isQuitting = false;
  userModelId: string | null = null;
  /** Like Electron's: who hears of it may refuse, then each window may. */
  quit = (): void => {
    this.quits += 1;
    const event = new FakeEvent();
    this.emit('before-quit', event);
    if (event.isPrevented) return;
    this.#isQuitting = true;
    for (const window of this.windows) if (!window.isGone) window.close();
    this.#isQuitting = false;
    if (this.windows.every(({ isGone }) => isGone)) this.emit('will-quit', new FakeEvent());
  };
  /** One window more; like Electron, a quit that closes the last one does not tell of it. */
  adopt = (window: FakeWindow): void => {
    this.windows.push(window);
    window.on('closed', () => {
      const isLast = this.windows.every(({ isGone }) => isGone);
      if (isLast && !this.#isQuitting) this.emit('window-all-closed');
    });
  };
  exit = (code: number): void => void this.exitCodes.push(code);
  setAppUserModelId = (id: string): void => void (this.userModelId = id);

  /** The process of the same user that runs already. */
  first: FakeApp | null = null;
  /** Copied, as it crosses from process to process. */
  requestSingleInstanceLock = (sent?: Record<string, unknown>): boolean => {
    this.first?.emit('second-instance', new FakeEvent(), ['limpid'], '/', structuredClone(sent));
    return this.first === null;
  };

  login: LoginSettings = { openAtLogin: false, wasOpenedAtLogin: false, executableWillLaunchAtLogin: false };
  /** What the app asked for, and whether the system does as it is told. */
  loginChanges: Electron.Settings[] = [];
  takesLoginChanges = true;
  /** Of Windows: the one value of this app among the programs that start at login. */
  launchItem: { path: string; args: string[]; enabled: boolean } | null = null;
  /** Like Electron on Windows, which is asked for a path, finds those of this very path, and calls it open with the same words alone. */
  getLoginItemSettings = (asked?: Electron.LoginItemSettingsOptions): Electron.LoginItemSettings => {
    const { path = null, args = [] } = asked ?? {};
    if (path === null) return this.login as Electron.LoginItemSettings;
    const item = this.launchItem?.path === path ? this.launchItem : null;
    return {
      ...this.login,
      openAtLogin: item?.args.join(' ') === args.join(' '),
      executableWillLaunchAtLogin: item?.enabled ?? false,
      launchItems: item ? [{ ...item, name: 'app.limpid.desktop', scope: 'user' }] : [],
    } as Electron.LoginItemSettings;
  };
  setLoginItemSettings = (settings: Electron.Settings): void => {
    this.loginChanges.push(settings);
    const { path, args = [], enabled = true } = settings;
    if (path !== undefined) {
      if (this.takesLoginChanges) this.launchItem = settings.openAtLogin ? { path, args, enabled } : null;
      return;
    }
    const openAtLogin = settings.openAtLogin ?? false;
    if (this.takesLoginChanges) this.login = { ...this.login, openAtLogin, executableWillLaunchAtLogin: openAtLogin };
  };
}

export class FakeTray extends EventEmitter {
  tooltip = '';
  menu: Electron.MenuItemConstructorOptions[] = [];
  /** How often the menu was set. */
  menus = 0;
  isGone = false;
  constructor(public icon: string) {
    super();
  }
  setImage = (icon: string): void => void (this.icon = icon);
  setToolTip = (tooltip: string): void => void (this.tooltip = tooltip);
  setContextMenu = (menu: unknown): void => {
    this.menus += 1;
    this.menu = menu as Electron.MenuItemConstructorOptions[];
  };
  destroy = (): void => void (this.isGone = true);

  get labels(): (string | undefined)[] {
    return this.menu.filter(({ type }) => type !== 'separator').map(({ label }) => label);
  }
  /** Does what a click on the entry of that name does. */
  click = (label: string): void => {
    const item = this.menu.find((each) => each.label === label);
    if (!item) throw new Error(`no entry '${label}'`);
    item.click?.(null as never, undefined, null as never);
  };
}

export const asTray = (tray: FakeTray): Electron.Tray => tray as unknown as Electron.Tray;

/** Leaves a template as it is. */
export const fakeMenu = {
  /** The app's own; undefined: nobody set one, and Electron's is there. */
  current: undefined as Electron.MenuItemConstructorOptions[] | null | undefined,
  buildFromTemplate: (template: unknown) => template as Electron.Menu,
  setApplicationMenu(menu: unknown): void {
    fakeMenu.current = menu as Electron.MenuItemConstructorOptions[] | null;
  },
};

/** Keys of the whole system; those in `taken` belong to another program. */
export class FakeGlobalShortcut {
  readonly registered = new Map<string, () => void>();
  readonly taken = new Set<string>();
  readonly unusable = new Set<string>();
  register = (accelerator: string, callback: () => void): boolean => {
    if (this.unusable.has(accelerator)) throw new TypeError('conversion failure');
    if (this.taken.has(accelerator) || this.registered.has(accelerator)) return false;
    this.registered.set(accelerator, callback);
    return true;
  };
  unregister = (accelerator: string): void => void this.registered.delete(accelerator);
  press = (accelerator: string): void => this.registered.get(accelerator)?.();
}

export class FakeNotification extends EventEmitter {
  static isSupported = (): boolean => true;
  isShown = false;
  isClosed = false;
  constructor(readonly options: Electron.NotificationConstructorOptions) {
    super();
  }
  show = (): void => void (this.isShown = true);
  close = (): void => void (this.isClosed = true);
}

export const asNotification = (notification: FakeNotification): Electron.Notification =>
  notification as unknown as Electron.Notification;

export class FakePowerMonitor extends EventEmitter {
  /** Returns whether somebody asked the system to wait. */
  shutDown = (): boolean => {
    const event = new FakeEvent();
    this.emit('shutdown', event);
    return event.isPrevented;
  };
}

export class FakeNet {
  online = true;
  isOnline = (): boolean => this.online;
}

/** Questions of the app, one after the other; each waits for `answer`. */
export class FakeDialog {
  readonly asked: Electron.MessageBoxOptions[] = [];
  readonly #waiting: ((response: number) => void)[] = [];
  /** The windows in front of which it asked; null: in front of none. */
  readonly parents: unknown[] = [];
  showMessageBox = ((...args: [Electron.MessageBoxOptions] | [FakeWindow, Electron.MessageBoxOptions]) => {
    const [parent, options] = args.length === 2 ? args : [null, args[0]];
    this.parents.push(parent);
    this.asked.push(options);
    return new Promise((resolve) => {
      this.#waiting.push((response) => resolve({ response, checkboxChecked: false }));
    });
  }) as unknown as Electron.Dialog['showMessageBox'];
  get isAsking(): boolean {
    return this.#waiting.length > 0;
  }
  /** Presses a button, and lets the app go on. */
  answer = async (response: number): Promise<void> => {
    this.#waiting.shift()?.(response);
    await new Promise((resolve) => setImmediate(resolve));
  };
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
  get defaultPrevented(): boolean {
    return this.isPrevented;
  }
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
