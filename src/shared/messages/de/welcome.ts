import type { welcome as en } from '../en/welcome.js';
import type { Message } from '../index.js';

/** Einführung und Hilfe. Eine Beschriftung des Fensters ist `message`; `hint` ist die Zeile darunter, oder leer. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const welcome = {
  'window.view.help': label('Hilfe'),
  'window.help.title': label('Limpid: Hilfe'),
  'window.view.welcome': label('Einführung'),
  'window.welcome.title': label('Limpid: Einführung'),
} as const satisfies Record<keyof typeof en, Message>;
