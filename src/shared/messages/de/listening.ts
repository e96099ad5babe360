import type { listening as en } from '../en/listening.js';
import type { Message } from '../index.js';

/** Vergleich, Wiedergabe und ein Blick auf das Mikrofon. Eine Beschriftung des Fensters ist `message`; `hint` ist die Zeile darunter, oder leer. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const listening = {
  'comparison.busy': label('Es wird gerade aufgenommen.', 'Beenden Sie die Aufnahme, und vergleichen Sie dann.'),
  'comparison.no-sound': {
    message: 'Es lässt sich noch nichts aufnehmen, weil der Ton nicht läuft.',
    hint: 'Warten Sie, bis Limpid verbessert, oder schalten Sie es aus, und nehmen Sie dann auf.',
  },
  'comparison.none': {
    message: 'Es gibt keinen Vergleich, der sich speichern ließe.',
    hint: 'Nehmen Sie erst einen auf.',
  },
  'comparison.kept': {
    message: 'Gespeichert in {folder}.',
    hint: 'Original und verbesserte Stimme liegen dort als zwei Dateien.',
  },
  'comparison.failed': {
    message: 'Es gibt nichts zu vergleichen: {reason}',
    hint: 'Nehmen Sie noch einmal auf.',
  },
  'comparison.cut.one': {
    message: 'Nur {count} Sekunde wurde aufgenommen: {reason}',
    hint: 'Vergleichen Sie, was da ist, oder nehmen Sie noch einmal auf.',
  },
  'comparison.cut.other': {
    message: 'Nur {count} Sekunden wurden aufgenommen: {reason}',
    hint: 'Vergleichen Sie, was da ist, oder nehmen Sie noch einmal auf.',
  },
  'comparison.too-short': label('Die Aufnahme wurde in der ersten Sekunde beendet.'),
  'comparison.disk-full': label('Das Laufwerk für vorläufige Dateien ist voll.'),
  'comparison.unwritable': label('Die vorläufigen Dateien ließen sich nicht schreiben.'),
  'comparison.interrupted': label('Vom Mikrofon kam nichts mehr.'),
  'comparison.sound-interrupted': label('Der Ton wurde unterbrochen, etwa weil ein anderes Gerät gewählt wurde.'),
  'comparison.sound-off': label('Limpid wurde ausgeschaltet.'),
  'comparison.sound-on': label('Limpid wurde eingeschaltet.'),
  'comparison.recording': label('Eine Aufnahme wurde begonnen.'),
  'comparison.self-test': label('Der Selbsttest wurde gestartet.'),
  'comparison.rescan': label('Limpid hat neu nach Geräten gesucht.'),
  'comparison.unchanged': {
    message: 'Beide Versionen klingen gleich: Ihre Stimme lief unverändert durch.',
    hint: 'Schalten Sie den Bypass aus, wählen Sie eine Engine, erhöhen Sie die Stärke, und nehmen Sie noch einmal auf.',
  },
  'comparison.partly-unchanged': {
    message: 'Zum Teil klingen beide Versionen gleich: Eine Zeit lang lief Ihre Stimme unverändert durch.',
    hint: 'Lassen Sie Bypass, Engine und Stärke während der Aufnahme, wie sie sind, und nehmen Sie noch einmal auf.',
  },
  'comparison.stand-in': {
    message: 'Hier ist die eingebaute Engine zu hören: Die lizenzierte war nicht bereit.',
    hint: 'Unter „Backend“ steht, was ihr fehlt; nehmen Sie danach noch einmal auf.',
  },
  'comparison.partly-stand-in': {
    message: 'Zum Teil ist hier die eingebaute Engine zu hören: Die lizenzierte war eine Zeit lang nicht bereit.',
    hint: 'Unter „Backend“ steht, was ihr fehlt; nehmen Sie danach noch einmal auf.',
  },
  'listening.comparing': {
    message: 'Gerade wird ein Vergleich aufgenommen; was abgespielt wird, wäre darin zu hören.',
    hint: 'Warten Sie, bis er fertig ist, oder beenden Sie ihn, und spielen Sie dann ab.',
  },
  'listening.self-test': {
    message: 'Der Selbsttest läuft gerade.',
    hint: 'Warten Sie, bis er fertig ist, oder beenden Sie ihn unter „Diagnose“.',
  },
  'sound.gone': {
    message: 'Diese Aufnahme ist nicht mehr da.',
    hint: 'Nehmen Sie noch einmal auf, oder verbessern Sie die Datei noch einmal.',
  },
  'player.nothing-open': { message: 'Es ist nichts zum Abspielen geöffnet.', hint: 'Wählen Sie erst etwas aus.' },
  'player.output-lost': {
    message: 'Das lässt sich nicht abspielen, weil {name} nicht mehr da ist.',
    hint: 'Stecken Sie es wieder an, oder wählen Sie unter „Diese Aufnahme ist zu hören über“ einen anderen Ausgang.',
  },
  'player.no-output': {
    message: 'Es gibt keinen Ausgang, um das abzuspielen.',
    hint: 'Schließen Sie Kopfhörer oder Lautsprecher an.',
  },

  'window.compare': label(
    'Vorher und nachher',
    'Sprechen Sie zehn Sekunden lang, und hören Sie dann Ihre Stimme ohne und mit Limpid.',
  ),
  'window.compare.record': label('{seconds}\u00a0s aufnehmen und vergleichen'),
  'window.compare.preparing': label('Das Mikrofon wird geöffnet…'),
  'window.compare.progress': label('Von den zehn Sekunden aufgenommen'),
  'window.compare.left.one': label('Sprechen Sie jetzt: noch {count} Sekunde'),
  'window.compare.left.other': label('Sprechen Sie jetzt: noch {count} Sekunden'),
  'window.compare.stop': label('Beenden und vergleichen'),
  'window.compare.cancel': label('Abbrechen'),
  'window.compare.started': label('Die Aufnahme für den Vergleich läuft. Sprechen Sie jetzt.'),
  'window.compare.ready': label('Der Vergleich ist fertig.'),
  'window.compare.keep': label('Speichern'),
  'window.compare.kept': label('Gespeichert'),
  'window.compare.again': label('Noch einmal aufnehmen'),
  'window.compare.discard': label('Verwerfen'),
  'window.compare.close': label('Schließen'),
  'window.compare.denied': label('Erlauben Sie das Mikrofon, um zu vergleichen.'),
  'window.compare.while-recording': label('Beenden Sie die Aufnahme, um zu vergleichen.'),
  'window.compare.while-starting': label('Vergleichen können Sie, sobald der Ton läuft.'),

  'window.player': label('Wiedergabe'),
  'window.player.play': label('Abspielen'),
  'window.player.pause': label('Anhalten'),
  'window.player.head': label('Stelle'),
  'window.player.head.value': label('{position} von {duration}'),
  'window.player.version': label(
    'Version, die Sie hören',
    'Mit der Taste X wechseln Sie, solange die Wiedergabe den Fokus hat.',
  ),
  'window.player.original': label('Original'),
  'window.player.enhanced': label('Verbessert'),
  'window.player.waveform': label('Lautstärke im Verlauf: oben „Original“, unten „Verbessert“'),
  'window.player.output': label('Diese Aufnahme ist zu hören über'),
  'window.player.output.on': label('Diese Aufnahme ist zu hören über: {name}'),
  'window.player.output.none': label('Diese Aufnahme ist zu hören über: kein Ausgang'),
  'window.player.output.auto': label('Automatisch'),
  'window.player.output.auto-named': label('Automatisch: {name}'),
  'window.player.output.help': label(
    'Automatisch: der Ausgang Ihrer verbesserten Stimme, wenn es Lautsprecher oder Kopfhörer sind, sonst der Standardausgang des Systems.',
  ),
} as const satisfies Record<keyof typeof en, Message>;
