import { z } from 'zod';
import { globalShortcuts } from './desktop.js';

/** Languages that the catalogue is written in. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** What a person likes, apart from sound and backend. `system`: as the system, or the browser, has it. */
export const preferences = z.object({
  language: z.enum(['system', ...languages]),
  theme: z.enum(['system', 'light', 'dark']),
  /** Whether the sound is switched on when Limpid starts. */
  startsAtLaunch: z.boolean(),
  /** Keys that work alone, while no field has the focus. */
  singleKeyShortcuts: z.boolean(),
  /** Whether Limpid starts when the person logs in. */
  startsAtLogin: z.boolean(),
  /** Whether closing the window leaves Limpid running behind its icon in the tray. */
  staysInTray: z.boolean(),
  /** Whether the system shows a message when the state changes while no window is seen. */
  notifies: z.boolean(),
  globalShortcuts,
  /** Whether new versions are looked for and downloaded; they are installed when a person says so, or at the end. */
  looksForUpdates: z.boolean(),
  /** Whether the licensed engine may report its errors to its vendor; off sets `DO_NOT_TRACK` for it. */
  vendorErrorReports: z.boolean(),
});
export type Preferences = z.infer<typeof preferences>;

/** Before anything was chosen, and after “Reset to defaults”. */
export const usualPreferences: Preferences = {
  language: 'system',
  theme: 'system',
  startsAtLaunch: false,
  singleKeyShortcuts: true,
  startsAtLogin: false,
  staysInTray: false,
  notifies: true,
  globalShortcuts: { toggle: null, bypass: null, show: null },
  looksForUpdates: true,
  vendorErrorReports: false,
};
