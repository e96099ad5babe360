import { inspect } from 'node:util';
import type { Dialog } from 'electron';
import { describe, toErrorShape } from '../../shared/messages/index.js';
import { redact } from '../redact.js';

const text = (code: string): { message: string; hint: string } => describe({ code, params: {} });

/** Asks whether to open the window once more after it kept crashing. */
export async function askToReopen(dialog: Pick<Dialog, 'showMessageBox'>): Promise<boolean> {
  const { message, hint } = text('window.crashed');
  const buttons = [text('window.crashed.reopen').message, text('window.crashed.quit').message];
  const { response } = await dialog.showMessageBox({ type: 'error', message, detail: hint, buttons, cancelId: 0 });
  return response === 0;
}

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
