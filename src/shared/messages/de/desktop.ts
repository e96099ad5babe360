import type { desktop as en } from '../en/desktop.js';
import type { Message } from '../index.js';

/** Infobereich, systemweite Tasten, Anmeldung, Aktualisierungen und was die Verwaltung festgelegt hat. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const desktop = {
  'desktop.none': label('Das geht nur in der Desktop-App.', 'Öffnen Sie Limpid auf dem Computer, auf dem es läuft.'),
  'updates.recording': label(
    'Während einer Aufnahme kann Limpid nicht aktualisiert werden.',
    'Beenden Sie zuerst die Aufnahme.',
  ),
} as const satisfies Record<keyof typeof en, Message>;
