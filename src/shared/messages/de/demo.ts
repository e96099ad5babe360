import type { demo as en } from '../en/demo.js';
import type { Message } from '../index.js';

export const demo = {
  'demo.no-voice': {
    message: 'Dieser Computer hat keine Sprache, um die Vorführung zu zeigen.',
    hint: 'Installieren Sie alsa-utils (Aufnahmen) oder espeak-ng (Sprachausgabe), und starten Sie die Vorführung noch einmal.',
  },
  'demo.no-sound-server': {
    message: 'Der eigene Soundserver der Vorführung ist nicht gestartet oder hat zu früh geendet.',
    hint: 'Installieren Sie pulseaudio und pulseaudio-utils, oder starten Sie die Vorführung mit --device timer.',
  },
  'demo.unwritable': {
    message: 'In den Ordner {folder} lässt sich nicht schreiben.',
    hint: 'Nennen Sie mit --out einen anderen Ordner.',
  },
} as const satisfies Record<keyof typeof en, Message>;
