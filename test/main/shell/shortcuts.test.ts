import { describe, expect, test } from 'vitest';
import { createShortcuts } from '../../../src/main/shell/shortcuts.js';
import type { GlobalAction, GlobalShortcuts } from '../../../src/shared/desktop.js';
import { describe as words } from '../../../src/shared/messages/index.js';
import { FakeGlobalShortcut } from '../../fakes/electron.js';

const none: GlobalShortcuts = { toggle: null, bypass: null, show: null };
const allWell = none;

function setUp({ platform = 'linux' as NodeJS.Platform, isWayland = false } = {}) {
  const system = new FakeGlobalShortcut();
  const did: GlobalAction[] = [];
  const shortcuts = createShortcuts({
    globalShortcut: system,
    platform,
    isWayland,
    program: 'limpid',
    perform: (action) => did.push(action),
  });
  return { system, shortcuts, did, held: () => [...system.registered.keys()] };
}

describe('keys of the whole system', () => {
  test('are taken, act, follow the preferences, and are given back at the end', () => {
    const { system, shortcuts, did, held } = setUp();
    shortcuts.follow({ toggle: 'Control+Alt+L', bypass: 'Control+Alt+B', show: null });
    expect(shortcuts.problems).toEqual(allWell);
    system.press('Control+Alt+L');
    system.press('Control+Alt+B');
    expect(did).toEqual(['toggle', 'bypass']);
    shortcuts.follow({ toggle: 'Control+Alt+L', bypass: null, show: 'Alt+F9' });
    expect(held()).toEqual(['Control+Alt+L', 'Alt+F9']);
    shortcuts.dispose();
    expect(held()).toEqual([]);
  });

  test('are nobody’s while new ones are recorded, and then those that were chosen meanwhile', () => {
    const { system, shortcuts, held } = setUp();
    shortcuts.follow({ ...none, toggle: 'Alt+1', show: 'Alt+2' });
    shortcuts.pause(true);
    expect(held()).toEqual([]);
    shortcuts.follow({ ...none, toggle: 'Alt+3', show: 'Alt+2' });
    expect(held()).toEqual([]);
    system.taken.add('Alt+2');
    shortcuts.pause(false);
    expect([held(), shortcuts.problems.show?.code]).toEqual([['Alt+3'], 'shortcut.taken']);
    shortcuts.dispose();
    shortcuts.pause(true);
    expect(held()).toEqual([]);
  });

  test('can change places', () => {
    const { system, shortcuts, did } = setUp();
    shortcuts.follow({ ...none, toggle: 'Alt+1', bypass: 'Alt+2' });
    shortcuts.follow({ ...none, toggle: 'Alt+2', bypass: 'Alt+1' });
    system.press('Alt+1');
    expect([did, shortcuts.problems]).toEqual([['bypass'], allWell]);
  });

  test('that another program has are said to be taken, the others work, and they are ours once it gave them back', () => {
    const { system, shortcuts, held } = setUp();
    system.taken.add('Alt+L');
    const wished = { ...none, toggle: 'Alt+L', show: 'Alt+S' };
    shortcuts.follow(wished);
    expect(shortcuts.problems).toEqual({
      ...allWell,
      toggle: { code: 'shortcut.taken', params: { keys: 'Alt+L' } },
    });
    expect(held()).toEqual(['Alt+S']);
    system.taken.clear();
    shortcuts.follow(wished);
    expect(shortcuts.problems).toEqual(allWell);
  });

  test('that belong to another program are never given back in its place', () => {
    const { system, shortcuts } = setUp();
    system.registered.set('Alt+L', () => undefined);
    shortcuts.follow({ ...none, toggle: 'Alt+L' });
    shortcuts.follow(none);
    shortcuts.dispose();
    expect(system.registered.has('Alt+L')).toBe(true);
  });

  test('that the system cannot make sense of are said to be unusable', () => {
    const { system, shortcuts } = setUp();
    system.unusable.add('Alt+Quux');
    shortcuts.follow({ ...none, bypass: 'Alt+Quux' });
    expect(shortcuts.problems.bypass?.code).toBe('shortcut.unusable');
  });

  test.each<[NodeJS.Platform, string, string, boolean]>([
    ['linux', 'Control+Shift+L', 'Control+Shift+L', true],
    ['linux', 'Control+Shift+L', 'Shift+Control+L', true],
    ['linux', 'CommandOrControl+L', 'Control+L', true],
    ['darwin', 'CommandOrControl+L', 'Control+L', false],
    ['darwin', 'CommandOrControl+L', 'Command+L', true],
    ['darwin', 'Option+L', 'Alt+L', true],
    ['win32', 'Super+L', 'Meta+L', true],
    ['linux', 'Control+L', 'Control+K', false],
  ])('on %s %s and %s for two things are the same: %s', (platform, first, second, isSame) => {
    const { shortcuts } = setUp({ platform });
    shortcuts.follow({ ...none, toggle: first, show: second });
    expect(shortcuts.problems.toggle).toBeNull();
    expect(shortcuts.problems.show?.code).toBe(isSame ? 'shortcut.duplicate' : undefined);
    if (shortcuts.problems.show) {
      expect(words(shortcuts.problems.show).message).toBe(`${second} are already the keys for “Switch on or off”.`);
    }
  });

  test.each([false, true])('on Wayland may never arrive, so the command is named (refused: %s)', (isRefused) => {
    const { system, shortcuts } = setUp({ isWayland: true });
    if (isRefused) system.registered.set('Alt+L', () => undefined);
    shortcuts.follow({ ...none, toggle: 'Alt+L' });
    const { toggle, bypass } = shortcuts.problems;
    expect(bypass).toBeNull();
    expect(toggle && words(toggle)).toEqual({
      message: 'On this Wayland desktop Alt+L may not reach Limpid.',
      hint: 'Give keys in the settings of your desktop to the command “limpid --toggle”.',
    });
    shortcuts.dispose();
    expect(system.registered.has('Alt+L')).toBe(isRefused);
  });
});
