import type { GlobalShortcut } from 'electron';
import { globalActions, type DesktopView, type GlobalAction, type GlobalShortcuts } from '../../shared/desktop.js';
import type { Notice } from '../../shared/errors.js';

export interface ShortcutParts {
  globalShortcut: Pick<GlobalShortcut, 'register' | 'unregister'>;
  platform: NodeJS.Platform;
  /** On Wayland the desktop may give no keys to programs in the background. */
  isWayland: boolean;
  /** The command that starts Limpid. */
  program: string;
  perform(action: GlobalAction): void;
}

/** Keys of the whole system. */
export interface Shortcuts {
  readonly problems: DesktopView['shortcutProblems'];
  /** Takes and gives back keys until they are those of `wished`; the others stay as they are. */
  follow(wished: GlobalShortcuts): void;
  /** Gives all keys back for a while: what is pressed then is for a window that asks for new ones. */
  pause(isPaused: boolean): void;
  /** Gives all keys back. */
  dispose(): void;
}

export function createShortcuts({ globalShortcut, platform, isWayland, program, perform }: ShortcutParts): Shortcuts {
  /** What the system gave us, and for what. */
  const held = new Map<GlobalAction, string>();
  let wish: GlobalShortcuts = { toggle: null, bypass: null, show: null };
  let isPaused = false;
  let problems: DesktopView['shortcutProblems'] = { toggle: null, bypass: null, show: null };

  const giveBack = (action: GlobalAction): void => {
    const keys = held.get(action);
    held.delete(action);
    if (keys !== undefined) globalShortcut.unregister(keys);
  };

  const take = (action: GlobalAction, keys: string | null): Notice | null => {
    if (keys === null) return null;
    const other = globalActions.find((each) => held.has(each) && isSame(held.get(each), keys, platform));
    if (other && other !== action) {
      return { code: 'shortcut.duplicate', params: { keys, other: nameOf(other) } };
    }
    const problem = held.has(action) ? null : register(action, keys);
    if (problem || !isWayland) return problem;
    // Nothing tells whether a key that was taken ever arrives.
    return { code: 'shortcut.wayland', params: { keys, command: `${program} --${action}` } };
  };

  const register = (action: GlobalAction, keys: string): Notice | null => {
    try {
      const isTaken = !globalShortcut.register(keys, () => perform(action));
      if (isTaken && !isWayland) return { code: 'shortcut.taken', params: { keys } };
      if (!isTaken) held.set(action, keys);
      return null;
    } catch {
      return { code: 'shortcut.unusable', params: { keys } };
    }
  };

  const takeAll = (): void => {
    for (const action of globalActions) if (held.get(action) !== wish[action]) giveBack(action);
    problems = {
      toggle: take('toggle', wish.toggle),
      bypass: take('bypass', wish.bypass),
      show: take('show', wish.show),
    };
  };
  const giveAllBack = (): void => {
    for (const action of globalActions) giveBack(action);
  };

  return {
    get problems() {
      return problems;
    },
    follow(wished) {
      wish = wished;
      if (!isPaused) takeAll();
    },
    pause(isPausedNow) {
      if (isPausedNow === isPaused) return;
      isPaused = isPausedNow;
      if (isPaused) giveAllBack();
      else takeAll();
    },
    dispose() {
      isPaused = true;
      giveAllBack();
    },
  };
}

const nameOf = (action: GlobalAction): Notice => ({ code: `desktop.action.${action}`, params: {} });

/** Electron's other names for the same modifiers. */
const aliases: Record<string, string> = { Option: 'Alt', Meta: 'Super' };

/** Whether two ways to write keys mean the same ones: the order of modifiers is free, and some have two names. */
function isSame(one: string | undefined, other: string, platform: NodeJS.Platform): boolean {
  return one !== undefined && plainOf(one, platform) === plainOf(other, platform);
}

function plainOf(keys: string, platform: NodeJS.Platform): string {
  const common = platform === 'darwin' ? 'Command' : 'Control';
  const parts = keys.split('+').map((part) => (part === 'CommandOrControl' ? common : (aliases[part] ?? part)));
  return parts.toSorted().join('+');
}
