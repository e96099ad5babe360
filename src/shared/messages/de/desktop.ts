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

  'tray.switch-on': label('Einschalten'),
  'tray.switch-off': label('Ausschalten'),
  'tray.bypass': label('Bypass: Originalstimme hören'),
  'tray.show': label('Limpid anzeigen'),
  'tray.quit': label('Limpid beenden'),

  'quit.recording': label(
    'Limpid nimmt gerade auf. Möchten Sie die Aufnahme beenden und Limpid schließen?',
    'Das Aufgenommene bleibt erhalten; Limpid endet, sobald die Aufnahme abgeschlossen ist.',
  ),
  'quit.recording.stop': label('Aufnahme und Limpid beenden'),
  'quit.recording.cancel': label('Weiter aufnehmen'),
  'quit.unsaved': label(
    'Im Fenster stehen Änderungen, die nicht gespeichert sind. Möchten Sie sie verwerfen?',
    'Um sie zu behalten, kehren Sie zum Fenster zurück und speichern Sie sie.',
  ),
  'quit.unsaved.discard': label('Änderungen verwerfen'),
  'quit.unsaved.stay': label('Zurück zum Fenster'),
  'unresponsive.page': label(
    'Das Fenster von Limpid antwortet nicht.',
    'Ihre Stimme und eine Aufnahme laufen weiter. Warten Sie auf das Fenster oder laden Sie es neu.',
  ),
  'unresponsive.page.wait': label('Warten'),
  'unresponsive.page.reload': label('Fenster neu laden'),

  'desktop.action.toggle': label('Ein- oder ausschalten'),
  'desktop.action.bypass': label('Bypass'),
  'desktop.action.show': label('Fenster anzeigen'),
  'shortcut.taken': label(
    'Ein anderes Programm verwendet {keys} bereits.',
    'Wählen Sie andere Tasten oder geben Sie diese dort frei.',
  ),
  'shortcut.duplicate': label(
    '{keys} sind bereits die Tasten für „{other}“.',
    'Wählen Sie für eines von beiden andere Tasten.',
  ),
  'shortcut.unusable': label(
    'Dieses System nimmt {keys} nicht als systemweite Tasten an.',
    'Wählen Sie andere Tasten.',
  ),
  'shortcut.wayland': label(
    'Auf diesem Wayland-Desktop erreichen {keys} Limpid möglicherweise nicht.',
    'Legen Sie in den Einstellungen Ihres Desktops Tasten auf den Befehl „{command}“.',
  ),

  'login.refused': label(
    'Das System hat diese Änderung an den Programmen, die bei der Anmeldung starten, nicht angenommen.',
    'Ändern Sie sie in den Einstellungen des Systems, unter Anmeldeobjekte oder Autostart.',
  ),
  'login.unwritable': label(
    'Der Eintrag, der Limpid bei der Anmeldung startet, konnte in {path} nicht geändert werden ({detail}).',
    'Prüfen Sie, wem dieser Ordner gehört und welche Rechte er hat, und versuchen Sie es erneut.',
  ),

  'notification.back': label('Limpid reinigt Ihre Stimme wieder.'),
} as const satisfies Record<keyof typeof en, Message>;
