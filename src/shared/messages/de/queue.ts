import type { queue as en } from '../en/queue.js';
import type { Message } from '../index.js';

/** Die Warteschlange der Dateien. Eine Beschriftung des Fensters ist `message`; `hint` ist die Zeile darunter, oder leer. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const queue = {
  'window.view.files': label('Dateien'),
  'window.files.title': label('Limpid: Dateien'),
} as const satisfies Record<keyof typeof en, Message>;
