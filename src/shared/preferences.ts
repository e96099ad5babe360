import { z } from 'zod';

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
  vendorErrorReports: false,
};
