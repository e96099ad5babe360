import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { followMenuLanguage, setMenu } from '../../../src/main/shell/menu.js';
import { setLanguage } from '../../../src/shared/language.js';
import { fakeMenu } from '../../fakes/electron.js';

beforeEach(() => (fakeMenu.current = undefined));
afterEach(() => setLanguage('en'));

const submenus = () => (fakeMenu.current ?? []).map(({ submenu }) => submenu as Electron.MenuItemConstructorOptions[]);
const labels = (): unknown[] => (fakeMenu.current ?? []).map(({ label }) => label);

const zooming = ['resetZoom', 'zoomIn', 'zoomOut'];

test.each(['win32', 'linux'] as const)('on %s the menu zooms, and does nothing else', (platform) => {
  setMenu(fakeMenu, platform);
  expect(submenus().map((items) => items.map(({ role }) => role))).toEqual([zooming]);
  expect([...labels(), ...submenus().flatMap((items) => items.map(({ label }) => label))]).toEqual([
    'View',
    'Actual size',
    'Zoom in',
    'Zoom out',
  ]);
});

describe('on macOS', () => {
  test('the menu has what every app there has, and neither reloads nor looks inside the page', () => {
    setMenu(fakeMenu, 'darwin');
    const roles = submenus().map((items) => items.flatMap(({ role }) => role ?? []));
    expect(roles).toEqual([
      ['about', 'hide', 'hideOthers', 'unhide', 'quit'],
      ['undo', 'redo', 'cut', 'copy', 'paste', 'selectAll'],
      zooming,
      ['minimize', 'zoom', 'close', 'front'],
    ]);
    const items = submenus().flat();
    expect(items.filter(({ type, label }) => type !== 'separator' && !label)).toEqual([]);
  });

  test('it speaks the language that was chosen, from then on', () => {
    let changed = (): void => undefined;
    const on = (_name: string, listener: () => void) => ((changed = listener), () => undefined);
    followMenuLanguage(fakeMenu, 'darwin', { on: on as never });
    expect(labels()).toEqual(['Limpid', 'Edit', 'View', 'Window']);
    setLanguage('de');
    changed();
    expect(labels()).toEqual(['Limpid', 'Bearbeiten', 'Ansicht', 'Fenster']);
    // One that is open would close.
    fakeMenu.current = undefined;
    changed();
    expect(fakeMenu.current).toBeUndefined();
  });
});
