// Stands in the place of Electron for `npm run bench:startup`: the entry of the app finds what it asks for, and its windows only say when
// they were asked for. What Electron itself takes to start is not in the figures.
import { EventEmitter } from 'node:events';

const mark = (name) => globalThis.limpidStartup.mark(name);

/** Does nothing, whatever is asked of it. */
const anything = new Proxy(function nothing() {}, {
  get: (_target, name) => (name === 'then' || name === Symbol.toPrimitive ? undefined : anything),
  apply: () => undefined,
  construct: () => anything,
});
const withRest = (part) =>
  new Proxy(part, { get: (target, name) => (name in target ? Reflect.get(target, name, target) : anything) });

const folder = process.env['LIMPID_STARTUP_FOLDER'];

export const app = withRest(
  Object.assign(new EventEmitter(), {
    isPackaged: true,
    getPath: () => folder,
    getVersion: () => '0.0.0',
    getName: () => 'Limpid',
    getLocale: () => 'en-US',
    getPreferredSystemLanguages: () => ['en-US'],
    getLoginItemSettings: () => ({ openAtLogin: false, wasOpenedAtLogin: false }),
    requestSingleInstanceLock: () => true,
    whenReady: async () => mark('modules'),
    exit: (code) => process.exit(code),
    quit: () => undefined,
  }),
);

export class BrowserWindow extends EventEmitter {
  webContents = withRest(new EventEmitter());
  constructor() {
    super();
    mark('services');
    return withRest(this);
  }
  async loadURL() {
    mark('window');
    setImmediate(() => this.emit('ready-to-show'));
  }
  isDestroyed = () => false;
  isMinimized = () => false;
  isVisible = () => true;
  isFocused = () => true;
  getNormalBounds = () => ({ x: 0, y: 0, width: 460, height: 760 });
}

export const dialog = withRest({
  showErrorBox: (_title, text) => {
    process.stderr.write(`${text}\n`);
    process.exit(1);
  },
});
export const ipcMain = withRest({});
export const Menu = anything;
export const net = withRest({ isOnline: () => true });
export const Notification = anything;
export const globalShortcut = withRest({ register: () => true, isRegistered: () => false });
export const nativeImage = anything;
export const nativeTheme = withRest(new EventEmitter());
export const powerMonitor = withRest(new EventEmitter());
export const powerSaveBlocker = anything;
export const protocol = withRest({});
export const screen = withRest({
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
});
export const session = withRest({ defaultSession: withRest({ resolveProxy: async () => 'DIRECT' }) });
export const shell = anything;
export const systemPreferences = withRest({ getMediaAccessStatus: () => 'granted' });
export const Tray = anything;
