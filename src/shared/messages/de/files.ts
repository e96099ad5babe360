import type { files as en } from '../en/files.js';
import type { Message } from '../index.js';

/** Tondateien. */
export const files = {
  'file.not-found': { message: 'Die Datei {detail} gibt es nicht.', hint: 'Prüfen Sie den Pfad.' },
  'file.unreadable': {
    message: 'Die Datei ist nicht lesbar: {detail}.',
    hint: 'Prüfen Sie, ob es eine Datei ist und ob Sie sie lesen dürfen.',
  },
  'file.not-wav': {
    message: 'Diese Datei lässt sich nicht als Ton lesen: {detail}.',
    hint: 'Prüfen Sie, ob ein anderes Programm sie abspielt, und speichern Sie sie dort als WAV.',
  },
  'file.empty': {
    message: 'Die Datei enthält keinen Ton: {detail}.',
    hint: 'Wählen Sie eine Datei, die bis zum Ende aufgenommen wurde.',
  },
  'file.truncated': {
    message: 'Die Datei endet vor ihrem ersten Abtastwert: {detail}.',
    hint: 'Kopieren Sie die Datei noch einmal, oder nehmen Sie sie neu auf.',
  },
  'file.bad-rate': {
    message: 'Die Datei hat eine Abtastrate, die Limpid nicht unterstützt: {detail}.',
    hint: 'Wandeln Sie sie in eine Rate von 8000 bis 192000\u00a0Hz um.',
  },
  'file.bad-channels': {
    message: 'Die Datei hat eine Zahl von Kanälen, die Limpid nicht unterstützt: {detail}.',
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
    message: 'Die Datei {input} endet früher, als ihr Dateikopf sagt, und wurde so weit verbessert, wie sie reicht.',
    hint: 'Kopieren Sie die Datei noch einmal oder nehmen Sie sie neu auf, wenn das Ende fehlt.',
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

  'files.path-missing': {
    message: 'Was Sie abgelegt haben, ist keine Datei auf diesem Computer.',
    hint: 'Speichern Sie es zuerst in einem Ordner, und fügen Sie es von dort hinzu.',
  },
  'files.path-not-absolute': {
    message: 'Das ist kein vollständiger Pfad einer Datei oder eines Ordners: {path}.',
    hint: 'Schreiben Sie den ganzen Pfad, etwa /home/ich/Musik oder C:\\Users\\ich\\Music.',
  },
  'files.path-on-server': {
    message: 'Dateien lassen sich nicht direkt von einem Server nehmen: {path}.',
    hint: 'Kopieren Sie sie auf diesen Computer, oder geben Sie dem Ordner des Servers einen Laufwerksbuchstaben.',
  },
  'files.limit': {
    message: 'Die Liste ist mit {count} Dateien voll, der Rest fehlt darin.',
    hint: 'Nehmen Sie fertige Dateien von der Liste, und fügen Sie dann den Rest hinzu.',
  },
  'files.folder-unread': {
    message: 'Ein Ordner ist nicht lesbar und fehlt in der Liste: {folder}.',
    hint: 'Prüfen Sie, ob Sie ihn lesen dürfen, und fügen Sie ihn noch einmal hinzu.',
  },
  'files.left-out.one': {
    message: '{count} Datei wurde ausgelassen: Limpid kann ihre Art nicht öffnen.',
    hint: 'Wandeln Sie sie zuerst in WAV um.',
  },
  'files.left-out.other': {
    message: '{count} Dateien wurden ausgelassen: Limpid kann ihre Art nicht öffnen.',
    hint: 'Wandeln Sie sie zuerst in WAV um.',
  },
  'files.doubles.one': {
    message: '{count} Datei steht schon auf der Liste und wurde nicht noch einmal hinzugefügt.',
    hint: 'Warten Sie, bis sie fertig ist, wenn Sie sie noch einmal verbessern möchten.',
  },
  'files.doubles.other': {
    message: '{count} Dateien stehen schon auf der Liste und wurden nicht noch einmal hinzugefügt.',
    hint: 'Warten Sie, bis sie fertig sind, wenn Sie sie noch einmal verbessern möchten.',
  },
  'files.results-left-out.one': {
    message: '{count} Ergebnis einer früheren Verbesserung wurde ausgelassen.',
    hint: 'Fügen Sie es einzeln hinzu, wenn es noch einmal verbessert werden soll.',
  },
  'files.results-left-out.other': {
    message: '{count} Ergebnisse früherer Verbesserungen wurden ausgelassen.',
    hint: 'Fügen Sie sie einzeln hinzu, wenn sie noch einmal verbessert werden sollen.',
  },
  'files.some-refused.one': {
    message: '{count} Datei wurde nicht hinzugefügt. Der Grund: {reason}.',
    hint: 'Beheben Sie das, und fügen Sie sie noch einmal hinzu.',
  },
  'files.some-refused.other': {
    message: '{count} Dateien wurden nicht hinzugefügt. Der erste Grund: {reason}.',
    hint: 'Beheben Sie das, und fügen Sie sie noch einmal hinzu.',
  },
  'files.none-found': {
    message: 'Dort wurden keine Tondateien gefunden.',
    hint: 'Fügen Sie WAV-Dateien hinzu, oder mit installiertem ffmpeg Dateien wie MP3, M4A oder MP4.',
  },
  'files.unknown': {
    message: 'Diese Datei steht nicht mehr auf der Liste.',
    hint: 'Fügen Sie sie noch einmal hinzu, wenn Sie sie brauchen.',
  },
  'files.exists': {
    message: 'Ein Ergebnis dieses Namens gibt es schon: {path}.',
    hint: 'Entscheiden Sie, ob Sie sie ersetzen, beide behalten oder diese Datei überspringen.',
  },
  'files.not-asking': {
    message: 'Diese Datei braucht keine Antwort mehr.',
    hint: 'Sehen Sie noch einmal auf die Liste.',
  },
  'files.skipped': {
    message: 'Diese Datei wurde übersprungen, denn ihre Ausgabe gab es schon.',
    hint: 'Versuchen Sie es noch einmal, wenn Sie sie trotzdem verbessern möchten.',
  },
  'files.output-is-input': {
    message: 'Die Ausgabe käme an die Stelle eines Originals: {path}.',
    hint: 'Wählen Sie einen anderen Ordner für die Ausgaben oder ein anderes Muster für ihre Namen.',
  },
  'files.pattern-empty': {
    message: 'Das Muster für Namen ist leer.',
    hint: 'Schreiben Sie eines mit {name}, das für den Namen des Originals steht.',
  },
  'files.pattern-placeholder': {
    message: 'Das Muster für Namen hat einen Platzhalter, den Limpid nicht kennt: {placeholder}.',
    hint: 'Nehmen Sie die Platzhalter für Name des Originals, Engine, Datum und Uhrzeit.',
  },
  'files.pattern-character': {
    message: 'Das Muster für Namen hat ein Zeichen, das in Dateinamen nicht überall erlaubt ist: {character}.',
    hint: 'Lassen Sie Schrägstriche, Doppelpunkte, Anführungszeichen, spitze Klammern, senkrechte Striche, Fragezeichen und Sterne weg.',
  },
  'files.pattern-same': {
    message: 'Mit diesem Muster hätte jede Ausgabe den Namen ihres Originals.',
    hint: 'Ergänzen Sie das Muster um ein Wort, oder wählen Sie einen anderen Ordner für die Ausgaben.',
  },
  'files.folder-not-absolute': {
    message: 'Das ist kein vollständiger Pfad eines Ordners: {folder}.',
    hint: 'Schreiben Sie den ganzen Pfad, etwa /home/ich/Musik oder C:\\Users\\ich\\Music.',
  },
  'files.folder-on-server': {
    message: 'Ausgaben können nicht direkt auf einen Server gehen: {folder}.',
    hint: 'Wählen Sie einen Ordner auf einem Laufwerk dieses Computers, oder geben Sie dem Ordner des Servers einen Laufwerksbuchstaben.',
  },
  'files.folder-unusable': {
    message: 'In {folder} lässt sich nichts schreiben: {detail}.',
    hint: 'Wählen Sie einen Ordner, in den Sie schreiben dürfen.',
  },
  'files.folder-unwritable': {
    message: 'Die Ausgabe lässt sich in diesem Ordner nicht schreiben: {folder}.',
    hint: 'Wählen Sie einen anderen Ordner für die Ausgaben, und versuchen Sie es noch einmal.',
  },
  'files.no-ffmpeg-linux': {
    message: 'Ohne ffmpeg lassen sich nur WAV-Dateien öffnen, und es ist nicht installiert.',
    hint: 'Installieren Sie das Paket ffmpeg, etwa mit „sudo apt install ffmpeg“, und versuchen Sie es noch einmal.',
  },
  'files.no-ffmpeg-mac': {
    message: 'Ohne ffmpeg lassen sich nur WAV-Dateien öffnen, und es ist nicht installiert.',
    hint: 'Installieren Sie es mit „brew install ffmpeg“, und versuchen Sie es noch einmal.',
  },
  'files.no-ffmpeg-windows': {
    message: 'Ohne ffmpeg lassen sich nur WAV-Dateien öffnen, und es ist nicht installiert.',
    hint: 'Installieren Sie es mit „winget install ffmpeg“, starten Sie Limpid neu, und versuchen Sie es noch einmal.',
  },
  'files.ffmpeg-failed': {
    message: 'Das Programm ffmpeg konnte die Datei nicht umwandeln: {detail}.',
    hint: 'Prüfen Sie, ob sie sich mit einem anderen Programm abspielen lässt, oder wandeln Sie sie selbst in WAV um.',
  },
  'files.ffmpeg-stalled': {
    message: 'Das Programm ffmpeg kam eine Minute lang nicht voran und wurde beendet.',
    hint: 'Prüfen Sie, ob das Laufwerk noch da ist, und versuchen Sie es noch einmal.',
  },
  'files.no-sound-track': {
    message: 'Die Datei hat keine Tonspur.',
    hint: 'Prüfen Sie, ob ein anderes Programm sie mit Ton abspielt.',
  },
  'files.stood-in': {
    message: 'Die eingebaute Engine ist für die lizenzierte eingesprungen: {reason}.',
    hint: 'Beheben Sie das unter Backend, und fügen Sie die Datei noch einmal hinzu.',
  },
  'files.no-result': {
    message: 'Zu dieser Datei gibt es kein Ergebnis.',
    hint: 'Warten Sie, bis sie fertig ist, oder versuchen Sie es noch einmal.',
  },
  'files.cannot-open': {
    message: 'Das System konnte den Ordner nicht öffnen: {folder}.',
    hint: 'Öffnen Sie ihn selbst mit der Dateiverwaltung des Computers, auf dem Limpid läuft.',
  },
  'files.not-sound': {
    message: 'Eine Datei dieser Art enthält keinen Ton, den Limpid öffnen kann: {name}.',
    hint: 'Wandeln Sie sie zuerst in WAV um.',
  },
  'files.too-large': {
    message: 'Die Datei ist größer, als ein Browser senden darf, nämlich 8\u00a0GiB: {name}.',
    hint: 'Fügen Sie sie in der Desktop-App hinzu, oder teilen Sie sie auf.',
  },
  'files.receive-failed': {
    message: 'Die Datei ist nicht vollständig angekommen: {name}.',
    hint: 'Senden Sie sie noch einmal.',
  },
} as const satisfies Record<keyof typeof en, Message>;
