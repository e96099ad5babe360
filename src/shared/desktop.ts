import { z } from 'zod';
import { notice } from './notice.js';

/** What a key of the whole system can do, also while no window of Limpid has the focus. */
export const globalActions = ['toggle', 'bypass', 'show'] as const;
export const globalAction = z.enum(globalActions);
export type GlobalAction = z.infer<typeof globalAction>;

/** Keys in Electron's words: modifiers and one key, joined by `+` (`CommandOrControl+Shift+L`). */
export const accelerator = z
  .string()
  .max(60)
  .regex(
    /^((CommandOrControl|Control|Command|Alt|Option|AltGr|Shift|Super|Meta)\+)+([A-Z0-9]|F([1-9]|1\d|2[0-4])|[A-Z][A-Za-z]{1,20})$/,
  );

/** Nobody records keys for longer; then those of the whole system work again. */
export const recordingKeysMs = 30_000;

/** Null: no key. */
export const globalShortcuts = z.object({
  toggle: accelerator.nullable(),
  bypass: accelerator.nullable(),
  show: accelerator.nullable(),
});
export type GlobalShortcuts = z.infer<typeof globalShortcuts>;

/** Where a new version of Limpid stands. `off`: this installation does not look for any; `notice` says why. */
export const updatesView = z.object({
  phase: z.enum(['off', 'idle', 'checking', 'downloading', 'ready', 'failed']),
  channel: z.string(),
  /** Of the new version, while there is one. */
  version: z.string().nullable(),
  /** 0..1 while it is downloaded. */
  progress: z.number().min(0).max(1).nullable(),
  /** When it was last looked for, ms since 1970. */
  checkedAtMs: z.number().nullable(),
  /** Why there is none, or what failed and what to do. */
  notice: notice.nullable(),
});
export type UpdatesView = z.infer<typeof updatesView>;

/** What the desktop gives an app with windows of its own; a browser panel has none of it. */
export const desktopView = z.object({
  /** False: the desktop shows no icons of running programs, so a closed window could not be found again. */
  hasTray: z.boolean(),
  loginItem: z.object({ isSupported: z.boolean(), problem: notice.nullable() }),
  /** Why a key does not work (another program has it, the desktop gives none); null where all is well. */
  shortcutProblems: z.object({
    toggle: notice.nullable(),
    bypass: notice.nullable(),
    show: notice.nullable(),
  }),
  /** What a person types, or gives to the desktop, to start Limpid. */
  command: z.string(),
  updates: updatesView,
});
export type DesktopView = z.infer<typeof desktopView>;
