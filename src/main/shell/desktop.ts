import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { App, BrowserWindow, Dialog } from 'electron';
import { recordingKeysMs, type DesktopView } from '../../shared/desktop.js';
import type { AppState } from '../../shared/state.js';
import type { Desktop, Services } from '../services.js';
import { createActions } from './actions.js';
import { askBeforeWindow, askToDiscard, askToReload, askToStopRecording } from './dialogs.js';
import { followLoginItem } from './followLoginItem.js';
import { programCommand } from './autostartEntry.js';
import { createLoginItem, type LoginItemParts } from './loginItem.js';
import type { Closing, MainWindow } from './mainWindow.js';
import { createNotifications, type NotificationParts } from './notifications.js';
import { followPower, type PowerParts } from './power.js';
import { guardQuit, type QuitParts } from './quit.js';
import { createShortcuts, type ShortcutParts } from './shortcuts.js';
import type { SingleInstance } from './singleInstance.js';
import { createTrayIcon, type TrayIcon, type TrayParts } from './tray.js';
import { findTrayHost } from './trayHost.js';
import { watchUnresponsivePage } from './unresponsivePage.js';
import { askAboutUnsavedChanges, mayLeave } from './unsavedChanges.js';
import type { UpdatedServices, Updates } from './updates.js';

/** Windows knows a program by this name, which the installer gives its entry in the start menu. */
const appUserModelId = 'app.limpid.desktop';
/** Right after a login the part of the desktop that shows icons may still be on its way. */
const hostLooks = 5;
const hostPauseMs = 2000;
/** What comes after the first paint does not wait longer for it. */
const paintMs = 3000;

export interface DesktopParts {
  app: LoginItemParts['app'] & QuitParts['app'] & Pick<App, 'on' | 'setAppUserModelId'>;
  platform: NodeJS.Platform;
  environment: NodeJS.ProcessEnv;
  execPath: string;
  home: string;
  signals: QuitParts['signals'];
  tray: Pick<TrayParts, 'createTray' | 'Menu' | 'folder'>;
  globalShortcut: ShortcutParts['globalShortcut'];
  notification: Pick<NotificationParts, 'isSupported' | 'create'>;
  power: PowerParts & { powerMonitor: QuitParts['powerMonitor'] };
  dialog: Pick<Dialog, 'showMessageBox'>;
  updates: Updates;
  instance: Pick<SingleInstance, 'request' | 'serve' | 'end'>;
  mainWindow(): Pick<MainWindow, 'open' | 'current' | 'isSeen' | 'forQuestion'>;
  report(error: unknown): void;
  nowMs(): number;
  /** Whether icons of running programs are shown; default: asks the desktop. */
  findHost?(): Promise<boolean>;
  pause?(ms: number): Promise<unknown>;
}

/** All that Limpid is beside its window: tray, keys, login, notifications, and how it ends. */
export interface ShellDesktop extends Desktop {
  /** What becomes of the window that is about to close. */
  closing(): Closing;
  /** Nobody sees the window any more: what nobody can stop does not play on. */
  left(): void;
  /** Looks after the page of a new window. */
  watch(window: BrowserWindow): void;
  /**
   * Opens the window, unless this start is one that shall not be seen, and then sets up the rest. Resolves when all is there; rejects
   * where nobody could see Limpid, nor end it.
   * @param appeared hears once there is a window or a tray
   */
  follow(services: Services & UpdatedServices, appeared: () => void): Promise<void>;
}

export function createDesktop(parts: DesktopParts): ShellDesktop {
  const { app, platform, environment, updates, report } = parts;
  const findHost = parts.findHost ?? (() => findTrayHost(platform));
  const pause = parts.pause ?? ((ms: number) => sleep(ms, undefined, { ref: false }));
  const listeners = new Set<() => void>();
  let services: Services | null = null;
  let state: AppState | null = null;
  let tray: TrayIcon | null = null;
  let perform: ShortcutParts['perform'] = () => undefined;
  let followLogin: (state: AppState) => void = () => undefined;
  let askForHost = (): void => undefined;
  let recordingTimer: NodeJS.Timeout | undefined;
  let stopPower = (): void => undefined;

  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  const showWindow = (): void => parts.mainWindow().open();
  const asking = askBeforeWindow(parts.dialog, () => parts.mainWindow().forQuestion(platform));
  const command = programCommand(environment);
  const loginItem = createLoginItem(parts);
  const shortcuts = createShortcuts({
    globalShortcut: parts.globalShortcut,
    platform,
    isWayland: platform === 'linux' && environment['XDG_SESSION_TYPE'] === 'wayland',
    program: command,
    perform: (action) => perform(action),
  });
  const notifications = createNotifications({
    ...parts.notification,
    isWindowSeen: () => parts.mainWindow().isSeen,
    showWindow,
    nowMs: parts.nowMs,
  });
  const quit = guardQuit({
    app,
    powerMonitor: parts.power.powerMonitor,
    signals: parts.signals,
    isRecording: () => Boolean(state?.recording),
    stopRecording: async () => services?.handlers['recording.stop'](undefined).catch(report),
    askToStopRecording: () => askToStopRecording(asking),
    sessionEnds: updates.keepForLater,
  });
  if (platform === 'win32') app.setAppUserModelId(appUserModelId);
  app.on('will-quit', () => {
    parts.instance.end();
    clearTimeout(recordingTimer);
    shortcuts.dispose();
    notifications.dispose();
    stopPower();
    tray?.dispose();
    tray = null;
    updates.dispose();
  });

  const see = (next: AppState): void => {
    const before = state;
    state = next;
    tray?.show(next);
    notifications.follow(next);
    followLogin(next);
    const wished = next.preferences.globalShortcuts;
    if (!before || !isDeepStrictEqual(before.preferences.globalShortcuts, wished)) followKeys(next);
  };
  const followKeys = ({ preferences }: AppState): void =>
    tellProblems(() => shortcuts.follow(preferences.globalShortcuts));
  const recordShortcuts = (isRecording: boolean): void => {
    clearTimeout(recordingTimer);
    if (isRecording) recordingTimer = setTimeout(() => recordShortcuts(false), recordingKeysMs).unref();
    tellProblems(() => shortcuts.pause(isRecording));
  };
  const tellProblems = (act: () => void): void => {
    const before = shortcuts.problems;
    act();
    if (!isDeepStrictEqual(shortcuts.problems, before)) tell();
  };

  const showTray = async (actions: TrayParts['actions']): Promise<void> => {
    for (let look = 1; !(await findHost()); look += 1) {
      if (look === hostLooks) return;
      await pause(hostPauseMs);
    }
    addTray(actions);
  };
  const addTray = (actions: TrayParts['actions']): void => {
    if (!state || tray || quit.isUnderWay) return;
    try {
      tray = createTrayIcon({ ...parts.tray, platform, actions, quit: () => app.quit() }, state);
      tell();
    } catch (error) {
      report(error);
    }
  };

  /** A desktop may begin to show icons later, or no longer, as an extension of it comes and goes. */
  const lookForHost = async (actions: TrayParts['actions']): Promise<void> => {
    if (await findHost()) return addTray(actions);
    if (!tray) return;
    // A bus that is busy for a moment answers in the same way.
    await pause(hostPauseMs);
    if (!tray || (await findHost())) return;
    tray.dispose();
    tray = null;
    tell();
    // What nobody can see nobody could end.
    const { current, isSeen } = parts.mainWindow();
    if (!quit.isUnderWay && current && !isSeen) showWindow();
  };

  const followLogins = async (followed: Services): Promise<void> => {
    if (!state) return;
    try {
      followLogin = await followLoginItem(loginItem, followed, state, tell);
    } catch (error) {
      report(error);
    }
  };

  const startsHidden = (): boolean => {
    if (parts.instance.request.isHidden) return true;
    return platform === 'darwin' && loginItem.view.isSupported && app.getLoginItemSettings().wasOpenedAtLogin;
  };

  return {
    get view(): DesktopView {
      return {
        hasTray: tray !== null,
        loginItem: loginItem.view,
        shortcutProblems: shortcuts.problems,
        command,
        updates: updates.view,
      };
    },
    onChange(listener) {
      listeners.add(listener);
      const stopUpdates = updates.onChange(listener);
      return () => {
        listeners.delete(listener);
        stopUpdates();
      };
    },
    recordShortcuts,
    checkForUpdates: () => updates.check(),
    installUpdate: () =>
      updates.install({
        mayLeave: async () => {
          const window = parts.mainWindow().current;
          return !window || mayLeave(window.webContents, () => askToDiscard(asking));
        },
        letGo: quit.letGo,
      }),
    closing() {
      if (quit.isUnderWay || platform === 'darwin') return 'close';
      if (state?.preferences.staysInTray && tray) return 'hide';
      // With its last window Limpid ends, and that may have to be asked first.
      return state?.recording ? 'quit' : 'close';
    },
    left() {
      void services?.handlers['player.pause'](undefined).catch(report);
    },
    watch(window) {
      quit.watch(window);
      for (const event of ['show', 'hide'] as const) window.on(event as 'show', () => askForHost());
      // Nobody presses keys for a page that is not there, or not looked at.
      const stopRecordingKeys = (): void => recordShortcuts(false);
      for (const event of ['blur', 'hide', 'closed'] as const) window.on(event as 'blur', stopRecordingKeys);
      for (const event of ['render-process-gone', 'did-start-loading'] as const) {
        window.webContents.on(event as 'did-start-loading', stopRecordingKeys);
      }
      askAboutUnsavedChanges(window, { app, quit, askToDiscard: () => askToDiscard(asking) });
      watchUnresponsivePage(window, () => askToReload(asking));
    },
    async follow(followed, appeared) {
      services = followed;
      const actions = createActions(followed, showWindow, report);
      perform = actions.perform;
      parts.instance.serve(actions.perform);
      const isHidden = startsHidden();
      if (!isHidden) {
        showWindow();
        appeared();
      }
      if (parts.instance.request.action === 'toggle') actions.switchOn();

      await painted(parts.mainWindow().current);
      followed.on('state.changed', see);
      see(await followed.handlers['state.get'](undefined));
      stopPower = followPower(parts.power, followed);
      updates.follow(followed);
      const login = followLogins(followed);
      await showTray(actions);
      // What nobody can see nobody could end.
      if (isHidden && !tray && platform !== 'darwin') showWindow();
      appeared();
      if (platform === 'linux') askForHost = () => void lookForHost(actions).catch(report);
      await login;
      tell();
    },
  };
}

/** When the window has something to show, or there is none. */
async function painted(window: BrowserWindow | null): Promise<void> {
  if (!window) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, paintMs);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    window.once('ready-to-show', done);
    window.once('closed', done);
  });
}
