import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Menu, MenuItemConstructorOptions, Tray } from 'electron';
import { currentLanguage } from '../../shared/language.js';
import { describe } from '../../shared/messages/index.js';
import type { AppState } from '../../shared/state.js';
import type { Actions } from './actions.js';
import { isOn, trayFaceOf, type TrayFace } from './trayFace.js';

/** Windows shows no more of it. */
const tooltipLength = 127;

export interface TrayParts {
  /** `new Tray(path)`: reads the icon inside the app's archive too, and the one for sharp screens beside it. */
  createTray(iconPath: string): Tray;
  Menu: Pick<typeof Menu, 'buildFromTemplate'>;
  /** Folder of the icons. */
  folder: string;
  platform: NodeJS.Platform;
  actions: Actions;
  quit(): void;
}

/** Limpid's icon among those of running programs, with a menu for what is done most. */
export interface TrayIcon {
  show(state: AppState): void;
  dispose(): void;
}

/** File of an icon. macOS tints those that are called Template to suit its menu bar. */
export function trayIconPath(folder: string, platform: NodeJS.Platform, face: TrayFace): string {
  if (platform === 'darwin') return join(folder, 'mac', `${face}Template.png`);
  return join(folder, platform === 'win32' ? 'windows' : 'linux', `${face}.png`);
}

/** Shows the icon for a state. Throws where the desktop refuses one. */
export function createTrayIcon(parts: TrayParts, state: AppState): TrayIcon {
  const { folder, platform, actions } = parts;
  const iconOf = (face: TrayFace): string => trayIconPath(folder, platform, face);
  let face = trayFaceOf(state);
  let shown: unknown = null;
  const tray = parts.createTray(iconOf(face));
  // On macOS a click opens the menu.
  if (platform !== 'darwin') tray.on('click', () => actions.perform('show'));

  const show = (next: AppState): void => {
    const nextFace = trayFaceOf(next);
    if (nextFace !== face) tray.setImage(iconOf(nextFace));
    face = nextFace;
    const { message: status } = describe(next.status);
    // A menu that is open closes when it is set again.
    const content = [currentLanguage(), status, isOn(next), next.bypass];
    if (isDeepStrictEqual(content, shown)) return;
    shown = content;
    const { message: tooltip } = describe({ code: 'window.title', params: { state: next.status } });
    tray.setToolTip(tooltip.slice(0, tooltipLength));
    tray.setContextMenu(parts.Menu.buildFromTemplate(menuOf(next, status, parts)));
  };

  show(state);
  return { show, dispose: () => tray.destroy() };
}

function menuOf(state: AppState, status: string, { actions, quit }: TrayParts): MenuItemConstructorOptions[] {
  const label = (code: string): string => describe({ code, params: {} }).message;
  return [
    { label: status, enabled: false },
    { type: 'separator' },
    {
      label: label(isOn(state) ? 'tray.switch-off' : 'tray.switch-on'),
      click: () => actions.perform('toggle'),
    },
    {
      label: label('tray.bypass'),
      type: 'checkbox',
      checked: state.bypass,
      click: () => actions.perform('bypass'),
    },
    { type: 'separator' },
    { label: label('tray.show'), click: () => actions.perform('show') },
    { label: label('tray.quit'), click: quit },
  ];
}
