import { join } from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, protocol, screen, session, shell, systemPreferences } from 'electron';
import { createGateway } from './host/gateway.js';
import { findRendererRoot } from './host/rendererFiles.js';
import { defaultLogPath, failAtMishap, watchForMishaps } from './mishaps.js';
import { createServices } from './services.js';
import { startAtLaunch } from './startAtLaunch.js';
import { appOrigin, registerAppScheme, serveRenderer } from './shell/appProtocol.js';
import { askToReopen, reportFailure, showStartFailure } from './shell/dialogs.js';
import { createElectronEnvironment } from './shell/environment.js';
import { connectIpc } from './shell/ipc.js';
import { followLanguage, speak } from './shell/language.js';
import { disposeBeforeQuit, followWindows } from './shell/lifecycle.js';
import { lockContents } from './shell/lockdown.js';
import { createMainWindow } from './shell/mainWindow.js';
import { limitPermissions, originOf } from './shell/permissions.js';
import { readWindowBounds, writeWindowBounds } from './shell/windowBounds.js';

const mishaps = watchForMishaps({ logPath: defaultLogPath() });
// Until there is a window, an error that nobody foresaw would leave a process that nobody sees, and that keeps the next one from starting.
const stopFailing = failAtMishap(fail);
const rendererRoot = findRendererRoot();
const devUrl = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'];
const url = devUrl ?? `${appOrigin}/index.html`;
const boundsPath = join(app.getPath('userData'), 'window.json');

const mainWindow = createMainWindow({
  createWindow: (options) => new BrowserWindow(options),
  preloadPath: join(rendererRoot, '..', 'preload', 'index.cjs'),
  url,
  readBounds: () =>
    readWindowBounds(
      boundsPath,
      screen.getAllDisplays().map((display) => display.workArea),
    ),
  writeBounds: (bounds) => writeWindowBounds(boundsPath, bounds),
  askToReopen: () => askToReopen(dialog),
  quit: () => app.quit(),
  nowMs: Date.now,
});

async function start(): Promise<void> {
  speak(app);
  const environment = createElectronEnvironment(shell, systemPreferences, process.platform, session.defaultSession);
  const services = await createServices({ ...environment, mishaps });
  disposeBeforeQuit(app, services.dispose);
  await followLanguage(app, services);
  const report = (error: unknown): void => {
    reportFailure(error);
    mishaps.record(error);
  };
  connectIpc(ipcMain, createGateway(services, originOf(url), report), () => mainWindow.current);
  limitPermissions(session.defaultSession, originOf(url));
  serveRenderer(protocol, rendererRoot);
  // What nobody can stop any more does not play on.
  const left = (): void => void services.handlers['player.pause'](undefined).catch(report);
  followWindows(app, mainWindow.open, left, process.platform);
  mainWindow.open();
  stopFailing();
  void startAtLaunch(services);
}

function fail(error: unknown): void {
  showStartFailure(dialog, error);
  app.exit(1);
}

app.enableSandbox();
registerAppScheme(protocol);
lockContents(app);
if (app.requestSingleInstanceLock()) app.whenReady().then(start).catch(fail);
else app.quit();
