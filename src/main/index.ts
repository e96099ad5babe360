import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  app,
  BrowserWindow,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  net,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
  shell,
  systemPreferences,
  Tray,
} from 'electron';
import { createGateway } from './host/gateway.js';
import { findRendererRoot } from './host/rendererFiles.js';
import { defaultLogPath, failAtMishap, watchForMishaps } from './mishaps.js';
import { takeSecrets } from './secretVariables.js';
import { createServices } from './services.js';
import { startAtLaunch } from './startAtLaunch.js';
import { appOrigin, registerAppScheme, serveRenderer } from './shell/appProtocol.js';
import { createDesktop } from './shell/desktop.js';
import { autostartPath, moveAutostart, relaunchOptions } from './shell/autostartEntry.js';
import { askBeforeWindow, askToReopen, reportFailure, showStartFailure } from './shell/dialogs.js';
import { createElectronEnvironment } from './shell/environment.js';
import { connectIpc } from './shell/ipc.js';
import { followLanguage, speak } from './shell/language.js';
import { disposeBeforeQuit, followWindows } from './shell/lifecycle.js';
import { lockContents } from './shell/lockdown.js';
import { createMainWindow } from './shell/mainWindow.js';
import { followMenuLanguage, setMenu } from './shell/menu.js';
import { limitPermissions, originOf } from './shell/permissions.js';
import { claimSingleInstance } from './shell/singleInstance.js';
import { createUpdates } from './shell/updates.js';
import { readWindowBounds, writeWindowBounds } from './shell/windowBounds.js';

// Before there is any page: Electron sends the variables of this process to each, and what it opens inherits them.
const secretVariables = takeSecrets(process.env);
const mishaps = watchForMishaps({ logPath: defaultLogPath() });
// Until there is a window, an error that nobody foresaw would leave a process that nobody sees, and that keeps the next one from starting.
const stopFailing = failAtMishap(fail);
const rendererRoot = findRendererRoot();
const devUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
const url = devUrl ?? `${appOrigin}/index.html`;
const boundsPath = join(app.getPath('userData'), 'window.json');
const instance = claimSingleInstance(app, process.argv);

async function start(): Promise<void> {
  speak(app);
  setMenu(Menu, process.platform);
  const report = (error: unknown): void => {
    reportFailure(error);
    mishaps.record(error);
  };
  const updates = createUpdates({
    app,
    record: mishaps.record,
    imageMoved: (image) => moveAutostart(autostartPath(process.env, homedir()), image),
  });
  const desktop = createDesktop({
    app,
    platform: process.platform,
    environment: process.env,
    execPath: process.execPath,
    home: homedir(),
    signals: process,
    tray: {
      createTray: (iconPath) => new Tray(iconPath),
      Menu,
      folder: join(rendererRoot, '..', '..', 'resources', 'tray'),
    },
    globalShortcut,
    notification: { isSupported: () => Notification.isSupported(), create: (options) => new Notification(options) },
    power: { powerMonitor, net },
    dialog,
    updates,
    instance,
    mainWindow: () => mainWindow,
    report,
    nowMs: Date.now,
  });
  const mainWindow = createMainWindow({
    createWindow: (options) => new BrowserWindow(options),
    preloadPath: join(rendererRoot, '..', 'preload', 'index.cjs'),
    hasDevTools: !app.isPackaged,
    url,
    readBounds: () =>
      readWindowBounds(
        boundsPath,
        screen.getAllDisplays().map((display) => display.workArea),
      ),
    writeBounds: (bounds, isMaximized) => writeWindowBounds(boundsPath, bounds, isMaximized),
    closing: desktop.closing,
    created: desktop.watch,
    hidden: desktop.left,
    askToReopen: () => askToReopen(askBeforeWindow(dialog, () => mainWindow.forQuestion(process.platform))),
    quit: () => app.quit(),
    nowMs: Date.now,
  });
  const environment = createElectronEnvironment(shell, systemPreferences, process.platform, session.defaultSession);
  const services = await createServices({ ...environment, secretVariables, mishaps, desktop });
  disposeBeforeQuit(app, services.dispose, () => {
    const { lateArguments } = instance;
    if (!lateArguments) return;
    // It starts with this very file.
    updates.keepForLater();
    const args = app.isPackaged ? lateArguments : [app.getAppPath(), ...lateArguments];
    app.relaunch({ ...relaunchOptions(process.env, process.platform), args });
  });
  await followLanguage(app, services);
  followMenuLanguage(Menu, process.platform, services);
  connectIpc(ipcMain, createGateway(services, originOf(url), report), () => mainWindow.current);
  limitPermissions(session.defaultSession, originOf(url));
  serveRenderer(protocol, rendererRoot);
  followWindows(app, mainWindow.open, desktop.left, process.platform);
  let isThere = false;
  const appeared = (): void => {
    isThere = true;
    stopFailing();
  };
  void desktop.follow(services, appeared).catch((error) => (isThere ? report : fail)(error));
  void startAtLaunch(services);
}

function fail(error: unknown): void {
  showStartFailure(dialog, error);
  app.exit(1);
}

app.enableSandbox();
registerAppScheme(protocol);
lockContents(app);
if (instance.isFirst) app.whenReady().then(start).catch(fail);
else app.quit();
