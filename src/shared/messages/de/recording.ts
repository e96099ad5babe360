import type { recording as en } from '../en/recording.js';
import type { Message } from '../index.js';

/** Die Aufnahme. Eine Beschriftung des Fensters ist `message`; `hint` ist die Zeile darunter, oder leer. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const recording = {
  'recording.saved': {
    message: 'Gespeichert in {folder}.',
    hint: 'Original und verbesserte Stimme liegen dort als zwei Dateien.',
  },
  'recording.saved-gaps': {
    message: 'Gespeichert in {folder}; insgesamt fehlen {seconds}\u00a0s: Das Laufwerk war zu langsam.',
    hint: 'Nehmen Sie auf ein schnelleres Laufwerk auf, etwa eines in diesem Computer.',
  },
  'recording.nothing': {
    message: 'Es wurde nichts aufgenommen, weil kein Ton kam.',
    hint: 'Prüfen Sie das Mikrofon, und nehmen Sie noch einmal auf.',
  },
  'recording.disk-full': {
    message: 'Die Aufnahme endete, weil das Laufwerk voll ist. Was Platz hatte, liegt in {folder}.',
    hint: 'Schaffen Sie Platz, oder wählen Sie einen anderen Ordner, und nehmen Sie noch einmal auf. Ihre Stimme lief weiter.',
  },
  'recording.folder-gone': {
    message: 'Die Aufnahme endete, weil ihr Ordner nicht mehr da ist: {folder}.',
    hint: 'Stecken Sie das Laufwerk wieder an, oder wählen Sie einen anderen Ordner, und nehmen Sie noch einmal auf. Ihre Stimme lief weiter.',
  },
  'recording.failed': {
    message: 'Die Aufnahme endete, weil sich ihre Dateien nicht mehr schreiben ließen: {folder}.',
    hint: 'Prüfen Sie das Laufwerk, oder wählen Sie einen anderen Ordner, und nehmen Sie noch einmal auf. Ihre Stimme lief weiter.',
  },
  'recording.disk-low': {
    message: 'Auf das Laufwerk passen keine fünf Minuten Aufnahme mehr.',
    hint: 'Schaffen Sie Platz: Ist das Laufwerk voll, endet die Aufnahme; Ihre Stimme läuft weiter.',
  },
  'recording.sound-off': {
    message: 'Solange Limpid aus ist, lässt sich nichts aufnehmen.',
    hint: 'Schalten Sie Limpid ein, und nehmen Sie dann auf.',
  },
  'recording.folder-not-absolute': {
    message: 'Das ist kein vollständiger Pfad eines Ordners: {folder}.',
    hint: 'Schreiben Sie den ganzen Pfad, etwa /home/ich/Musik oder C:\\Users\\ich\\Music.',
  },
  'recording.folder-on-server': {
    message: 'Aufnahmen können nicht direkt auf einen Server gehen: {folder}.',
    hint: 'Wählen Sie einen Ordner auf einem Laufwerk dieses Computers, oder geben Sie dem Ordner des Servers einen Laufwerksbuchstaben.',
  },
  'recording.folder-unusable': {
    message: 'In {folder} lässt sich nichts aufnehmen: {detail}.',
    hint: 'Wählen Sie einen Ordner, in den Sie schreiben dürfen.',
  },
  'recording.cannot-open': {
    message: 'Das System konnte den Ordner nicht öffnen: {folder}.',
    hint: 'Öffnen Sie ihn selbst mit dem Dateimanager des Computers, auf dem Limpid läuft.',
  },

  'window.record': label('Aufnahme', 'Original und verbesserte Stimme, jede in einer eigenen WAV-Datei.'),
  'window.record.start': label('Aufnehmen'),
  'window.record.stop': label('Aufnahme beenden'),
  'window.record.off': label('Schalten Sie Limpid ein, um aufzunehmen.'),
  'window.record.denied': label('Erlauben Sie das Mikrofon, und schalten Sie dann Limpid ein, um aufzunehmen.'),
  'window.record.when-on': label('Die Aufnahme beginnt, sobald der Ton da ist.'),
  'window.record.when-back': label('Die Aufnahme beginnt, sobald der Ton wieder da ist.'),
  'window.record.time': label('Aufgenommene Zeit'),
  'window.record.space.days': label('Platz für {days}\u00a0Tage'),
  'window.record.space.hours': label('Platz für {hours}\u00a0h'),
  'window.record.space.minutes': label('Platz für {minutes}\u00a0min'),
  'window.record.takes': label('Teil {number}'),
  'window.record.waiting': label('Wartet auf Ton'),
  'window.record.open': label('Ordner öffnen'),
  'window.record.started': label('Die Aufnahme läuft.'),
  'window.record.stopped': label('Die Aufnahme ist beendet.'),
  'window.record.change': label('Ordner ändern'),
  'window.record.path': label(
    'Ordner für Aufnahmen',
    'Vollständiger Pfad. Jede Aufnahme bekommt darin einen eigenen Ordner.',
  ),
  'window.record.path.save': label('Diesen Ordner verwenden'),
  'window.record.path.saved': label('Neue Aufnahmen werden dort gespeichert.'),
  'window.record.path.usual': label('Den üblichen Ordner verwenden'),
} as const satisfies Record<keyof typeof en, Message>;
