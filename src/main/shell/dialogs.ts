import { inspect } from 'node:util';
import type { BrowserWindow, Dialog, MessageBoxOptions, MessageBoxReturnValue } from 'electron';
import { describe, toErrorShape } from '../../shared/messages/index.js';
import { redact } from '../redact.js';

/** Where a person is asked. */
export interface Asking {
  showMessageBox(options: MessageBoxOptions): Promise<MessageBoxReturnValue>;
}

/**
 * Asks in front of a window: on macOS a question without one stops this whole process, and the voice's numbers with it.
 * @param parent the window that is asked about, if any
 */
export function askBeforeWindow(dialog: Pick<Dialog, 'showMessageBox'>, parent: () => BrowserWindow | null): Asking {
  return {
    showMessageBox(options) {
      const window = parent();
      return window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
    },
  };
}

const text = (code: string): { message: string; hint: string } => describe({ code, params: {} });

/** Asks a question with two answers; resolves with whether the first was given. Escape gives the one that does no harm. */
async function ask(
  dialog: Asking,
  { type, code, yes, no, usual }: { type: 'warning' | 'error'; code: string; yes: string; no: string; usual: 0 | 1 },
): Promise<boolean> {
  const { message, hint } = text(code);
  const buttons = [text(yes).message, text(no).message];
  const { response } = await dialog.showMessageBox({
    type,
    message,
    detail: hint,
    buttons,
    cancelId: usual,
    defaultId: usual,
    noLink: true,
  });
  return response === 0;
}

/** Asks whether to open the window once more after it kept crashing. */
export const askToReopen = (dialog: Asking): Promise<boolean> =>
  ask(dialog, {
    type: 'error',
    code: 'window.crashed',
    yes: 'window.crashed.reopen',
    no: 'window.crashed.quit',
    usual: 0,
  });

/** Asks whether a recording may end, as Limpid is about to. */
export const askToStopRecording = (dialog: Asking): Promise<boolean> =>
  ask(dialog, {
    type: 'warning',
    code: 'quit.recording',
    yes: 'quit.recording.stop',
    no: 'quit.recording.cancel',
    usual: 1,
  });

/** Asks whether changes that were not saved may be lost. */
export const askToDiscard = (dialog: Asking): Promise<boolean> =>
  ask(dialog, {
    type: 'warning',
    code: 'quit.unsaved',
    yes: 'quit.unsaved.discard',
    no: 'quit.unsaved.stay',
    usual: 1,
  });

/** Asks whether to load a page anew that does not answer. */
export const askToReload = (dialog: Asking): Promise<boolean> =>
  ask(dialog, {
    type: 'warning',
    code: 'unresponsive.page',
    yes: 'unresponsive.page.reload',
    no: 'unresponsive.page.wait',
    usual: 1,
  });

/** Shows why the app cannot start at all. */
export function showStartFailure(dialog: Pick<Dialog, 'showErrorBox'>, error: unknown): void {
  const { code, message, hint } = toErrorShape(error);
  dialog.showErrorBox('Limpid', `${message}\n${hint}\n\n${code}`);
}

/** Writes an unforeseen failure to stderr, with its stack only when LIMPID_DEBUG is set. Secrets are hidden. */
export function reportFailure(error: unknown): void {
  const { code, message, hint } = toErrorShape(error);
  console.error(redact(process.env['LIMPID_DEBUG'] ? inspect(error) : `${code}: ${message} ${hint}`));
}
