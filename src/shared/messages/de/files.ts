import type { files as en } from '../en/files.js';
import type { Message } from '../index.js';

/** Tondateien. */
export const files = {
  'file.not-found': { message: 'Die Datei {detail} gibt es nicht.', hint: 'Prüfen Sie den Pfad.' },
  'file.unreadable': {
    message: 'Die Datei ist nicht lesbar: {detail}.',
    hint: 'Prüfen Sie, ob es eine Datei ist und ob Sie sie lesen dürfen.',
  },
  'file.not-wav': { message: 'Das ist keine WAV-Datei: {detail}.', hint: 'Wandeln Sie sie zuerst in WAV um.' },
  'file.empty': {
    message: 'Die Datei enthält keinen Ton: {detail}.',
    hint: 'Wählen Sie eine Datei, die bis zum Ende aufgenommen wurde.',
  },
  'file.truncated': {
    message: 'Die Datei endet vor ihrem ersten Abtastwert: {detail}.',
    hint: 'Kopieren Sie die Datei noch einmal, oder nehmen Sie neu auf.',
  },
  'file.bad-rate': {
    message: 'Die Datei hat eine Abtastrate, die Limpid nicht nimmt: {detail}.',
    hint: 'Wandeln Sie sie in eine Rate von 8000 bis 192000\u00a0Hz um.',
  },
  'file.bad-channels': {
    message: 'Die Datei hat eine Zahl von Kanälen, die Limpid nicht nimmt: {detail}.',
    hint: 'Wandeln Sie sie in 1 bis 64 Kanäle um.',
  },
  'file.unsupported': {
    message: 'Diese Art WAV wird nicht unterstützt: {detail}.',
    hint: 'Wandeln Sie sie in PCM mit 16, 24 oder 32\u00a0Bit oder in Gleitkomma um.',
  },
  'file.same': {
    message: 'Ein- und Ausgabe sind dieselbe Datei.',
    hint: 'Nennen Sie mit -o eine andere Ausgabe.',
  },
  'file.unwritable': {
    message: 'Die Ausgabe lässt sich nicht schreiben: {detail}.',
    hint: 'Wählen Sie einen Ordner, in den Sie schreiben dürfen.',
  },
  'file.disk-full': {
    message: 'Das Laufwerk ist voll: {detail}.',
    hint: 'Schaffen Sie Platz, oder wählen Sie ein anderes Laufwerk.',
  },

  'file.cut-short': {
    message: '{input} endet früher, als der Dateikopf sagt, und wurde bis zum Schnitt verbessert.',
    hint: 'Kopieren Sie die Datei noch einmal oder nehmen Sie neu auf, wenn das Ende fehlt.',
  },
  'file.not-finite.one': {
    message: '{count} Abtastwert war keine gültige Zahl und gilt als Stille.',
    hint: 'Prüfen Sie das Programm, das die Datei geschrieben hat.',
  },
  'file.not-finite.other': {
    message: '{count} Abtastwerte waren keine gültigen Zahlen und gelten als Stille.',
    hint: 'Prüfen Sie das Programm, das die Datei geschrieben hat.',
  },
  'file.blocks-replaced.one': {
    message: '{count} Block ließ sich nicht verbessern und ist wie in der Eingabe.',
    hint: 'Prüfen Sie die Eingabe auf extreme Pegel, und versuchen Sie es erneut.',
  },
  'file.blocks-replaced.other': {
    message: '{count} Blöcke ließen sich nicht verbessern und sind wie in der Eingabe.',
    hint: 'Prüfen Sie die Eingabe auf extreme Pegel, und versuchen Sie es erneut.',
  },
} as const satisfies Record<keyof typeof en, Message>;
