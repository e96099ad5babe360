import type { field as en } from '../en/field.js';
import type { Message } from '../index.js';

/** Diagnose: Prüfungen, Selbsttest, Bericht und Paket. Eine Beschriftung des Fensters ist `message`; `hint` ist die Zeile darunter, oder leer. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const field = {
  'window.view.diagnostics': label('Diagnose'),
  'window.diagnostics.title': label('Limpid: Diagnose'),
} as const satisfies Record<keyof typeof en, Message>;
