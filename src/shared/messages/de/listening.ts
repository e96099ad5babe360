import type { listening as en } from '../en/listening.js';
import type { Message } from '../index.js';

/** Vergleich, Wiedergabe und ein Blick auf das Mikrofon. Eine Beschriftung des Fensters ist `message`; `hint` ist die Zeile darunter, oder leer. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const listening = {
  'comparison.busy': label('Es wird gerade aufgenommen.', 'Beende die Aufnahme, dann vergleiche.'),
} as const satisfies Record<keyof typeof en, Message>;
