import { describe } from '../../../shared/messages/index.js';
import type { desktop } from '../../../shared/messages/en/desktop.js';
import type { field } from '../../../shared/messages/en/field.js';
import type { listening } from '../../../shared/messages/en/listening.js';
import type { queue } from '../../../shared/messages/en/queue.js';
import type { recording } from '../../../shared/messages/en/recording.js';
import type { signIn } from '../../../shared/messages/en/signIn.js';
import type { welcome } from '../../../shared/messages/en/welcome.js';
import type { window as catalogue } from '../../../shared/messages/en/window.js';

type Entry =
  | keyof typeof catalogue
  | keyof typeof desktop
  | keyof typeof field
  | keyof typeof listening
  | keyof typeof queue
  | keyof typeof recording
  | keyof typeof signIn
  | keyof typeof welcome;

/** Any sentence of the window's own part of the catalogue; one that changes with its `count` goes by its name without the form. */
export type TextCode = Entry | (Entry extends infer Form ? (Form extends `${infer Code}.one` ? Code : never) : never);

type Params = Record<string, string | number>;

/** The label of `code` with its values filled in. */
export function text(code: TextCode, params: Params = {}): string {
  return describe({ code, params }).message;
}

/** The line of help that belongs to `code`; empty where there is none. */
export function hint(code: TextCode, params: Params = {}): string {
  return describe({ code, params }).hint;
}
