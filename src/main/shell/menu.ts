import type { Menu, MenuItemConstructorOptions } from 'electron';
import { currentLanguage } from '../../shared/language.js';
import { describe } from '../../shared/messages/index.js';
import type { Language } from '../../shared/preferences.js';
import type { Services } from '../services.js';

type MenuParts = Pick<typeof Menu, 'buildFromTemplate' | 'setApplicationMenu'>;
type Role = NonNullable<MenuItemConstructorOptions['role']>;

const separator: MenuItemConstructorOptions = { type: 'separator' };

/**
 * The app's menu instead of Electron's, which would offer to reload the page and to look inside it. On Windows and Linux (where Alt
 * shows it) nothing but zoom, whose keys there are through a menu alone; on macOS, where those for copying and closing come from it
 * too, what every app there has. In the language of now.
 */
export function setMenu(menu: MenuParts, platform: NodeJS.Platform): void {
  menu.setApplicationMenu(menu.buildFromTemplate(platform === 'darwin' ? macMenu() : [viewMenu()]));
}

/** Follows the language from now on. To be called after what makes the preference the language. */
export function followMenuLanguage(menu: MenuParts, platform: NodeJS.Platform, services: Pick<Services, 'on'>): void {
  let shown: Language | null = null;
  const follow = (): void => {
    if (shown === currentLanguage()) return;
    shown = currentLanguage();
    setMenu(menu, platform);
  };
  follow();
  services.on('state.changed', follow);
}

const label = (code: string): string => describe({ code, params: {} }).message;
const item = (role: Role, code: string): MenuItemConstructorOptions => ({ role, label: label(code) });

function viewMenu(): MenuItemConstructorOptions {
  return {
    label: label('menu.view'),
    submenu: [item('resetZoom', 'menu.actual-size'), item('zoomIn', 'menu.zoom-in'), item('zoomOut', 'menu.zoom-out')],
  };
}

function macMenu(): MenuItemConstructorOptions[] {
  return [
    {
      label: 'Limpid',
      submenu: [
        item('about', 'menu.about'),
        separator,
        item('hide', 'menu.hide'),
        item('hideOthers', 'menu.hide-others'),
        item('unhide', 'menu.show-all'),
        separator,
        item('quit', 'tray.quit'),
      ],
    },
    {
      label: label('menu.edit'),
      submenu: [
        item('undo', 'menu.undo'),
        item('redo', 'menu.redo'),
        separator,
        item('cut', 'menu.cut'),
        item('copy', 'menu.copy'),
        item('paste', 'menu.paste'),
        item('selectAll', 'menu.select-all'),
      ],
    },
    viewMenu(),
    {
      role: 'window',
      label: label('menu.window'),
      submenu: [
        item('minimize', 'menu.minimise'),
        item('zoom', 'menu.zoom'),
        item('close', 'menu.close'),
        separator,
        item('front', 'menu.front'),
      ],
    },
  ];
}
