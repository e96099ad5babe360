import { z } from 'zod';
import { globalAction, globalActions } from '../../shared/desktop.js';

/** More arguments than anybody types are not even looked at. */
const maxArguments = 100;

/** What a start of Limpid asks for. The shape also crosses from a second process to the first. */
export const request = z.object({
  /** Null: nothing that we know, which shows the window. */
  action: globalAction.nullable(),
  /** Start without showing the window, as at login; means nothing to a Limpid that runs. */
  isHidden: z.boolean(),
});
export type Request = z.infer<typeof request>;

export const plainRequest: Request = { action: null, isHidden: false };

/**
 * Reads `--toggle`, `--bypass`, `--show` and `--hidden`, exactly so written; of several actions the first. All else (Chromium's own
 * switches, files, garbage) is ignored.
 */
export function parseArguments(argv: readonly string[]): Request {
  const given = argv.slice(0, maxArguments);
  const asked = given.map((argument) => globalActions.find((action) => argument === `--${action}`));
  return { action: asked.find((action) => action !== undefined) ?? null, isHidden: given.includes('--hidden') };
}
