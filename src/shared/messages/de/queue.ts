import type { queue as en } from '../en/queue.js';
import type { Message } from '../index.js';

/** Die Warteschlange der Dateien. Eine Beschriftung des Fensters ist `message`; `hint` ist die Zeile darunter, oder leer. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const queue = {
  'window.view.files': label('Dateien'),
  'window.files.title': label('Limpid: Dateien'),
  'window.files.purpose': label(
    'Entfernt das Rauschen aus vorhandenen Aufnahmen. Die Originale werden nie verändert, und nichts geht ins Internet.',
  ),

  'window.files.add': label(
    'Dateien hinzufügen',
    'Limpid beginnt, sobald eine Datei da ist, und bearbeitet eine nach der anderen.',
  ),
  'window.files.drop': label(
    'Dateien oder Ordner hier ablegen, oder drücken, um Dateien zu wählen',
    'Ablegen geht überall auf dieser Seite.',
  ),
  'window.files.drop.now': label('Loslassen, um es hinzuzufügen', 'Ordner werden nach Ton durchsucht.'),
  'window.files.pick': label('Dateien hinzufügen…'),
  'window.files.pick.folder': label('Ordner hinzufügen…'),
  'window.files.path': label(
    'Pfad einer Datei oder eines Ordners auf diesem Computer',
    'Der ganze Pfad, etwa /home/ich/Interviews oder C:\\Users\\ich\\Interviews.',
  ),
  'window.files.path.panel': label(
    'Pfad einer Datei oder eines Ordners auf diesem Computer',
    'Der ganze Pfad auf dem Computer, auf dem Limpid läuft, etwa /home/ich/Interviews.',
  ),
  'window.files.path.add': label('Hinzufügen'),
  'window.files.path.empty': label('Schreiben Sie zuerst den Pfad einer Datei oder eines Ordners.'),
  'window.files.path.added': label('Hinzugefügt.'),
  'window.files.sending.one': label('{count} Datei wird an den Computer gesendet, auf dem Limpid läuft.'),
  'window.files.sending.other': label('{count} Dateien werden an den Computer gesendet, auf dem Limpid läuft.'),
  'window.files.sending.amount': label('{sent} von {total}\u00a0MB'),
  'window.files.sending.progress': label('Senden der Dateien'),
  'window.files.arriving': label('Was Sie hinzugefügt haben, wird durchsucht.'),
  'window.files.none-found': label(
    'Kein Ton gefunden, den Limpid öffnen kann.',
    'Wählen Sie WAV-Dateien. Mit ffmpeg lassen sich auch andere Arten von Ton und Video öffnen.',
  ),
  'window.files.left-out.one': label(
    '{count} Datei der Ordner wurde ausgelassen.',
    'Kein Ton, oder eine Art, die sich hier nicht öffnen lässt.',
  ),
  'window.files.left-out.other': label(
    '{count} Dateien der Ordner wurden ausgelassen.',
    'Kein Ton, oder Arten, die sich hier nicht öffnen lassen.',
  ),
  'window.files.unread.one': label(
    '{count} Datei oder Ordner ließ sich nicht lesen.',
    'Prüfen Sie, ob Sie es lesen dürfen, und fügen Sie es noch einmal hinzu.',
  ),
  'window.files.unread.other': label(
    '{count} Dateien oder Ordner ließen sich nicht lesen.',
    'Prüfen Sie, ob Sie es dürfen, und fügen Sie alles noch einmal hinzu.',
  ),
  'window.files.wav-only': label(
    'WAV-Dateien lassen sich öffnen.',
    'Installieren Sie ffmpeg, um auch MP3, M4A, FLAC und den Ton von Videos zu öffnen.',
  ),
  'window.files.ffmpeg': label(
    'WAV-Dateien lassen sich öffnen; über ffmpeg {version} auch MP3, M4A, FLAC, der Ton von Videos und mehr.',
  ),

  'window.files.engine': label(
    'Verbessert wird mit „{engine}“ und {percent}\u00a0% Stärke, wie auf der Seite „Live“ gewählt.',
  ),
  'window.files.engine.bypass': label(
    'Auf der Seite „Live“ ist „Keine Verarbeitung“ gewählt: Ergebnisse klängen wie die Originale.',
  ),
  'window.files.engine.zero': label(
    'Die Stärke auf der Seite „Live“ ist 0\u00a0%: Ergebnisse klängen wie die Originale.',
  ),
  'window.files.engine.change': label('Verbesserung und Stärke auf „Live“ wählen'),

  'window.files.results': label('Ergebnisse'),
  'window.files.results.beside': label(
    'Jedes Ergebnis wird neben seinem Original gespeichert und heißt etwa „{example}“.',
  ),
  'window.files.results.panel': label(
    'Jedes Ergebnis wird neben seinem Original gespeichert, oder bei den Aufnahmen, wenn es über den Browser kam, und heißt etwa „{example}“.',
  ),
  'window.files.results.folder': label('Ergebnisse werden in {folder} gespeichert und heißen etwa „{example}“.'),
  'window.files.options': label('Ordner und Namen'),
  'window.files.change': label('Ordner und Namen ändern'),
  'window.files.folder': label('Ordner für Ergebnisse', 'Vollständiger Pfad. Leer: neben dem Original.'),
  'window.files.folder.panel': label(
    'Ordner für Ergebnisse',
    'Vollständiger Pfad. Leer: neben dem Original; was über den Browser kam, liegt dann im Ordner für Aufnahmen.',
  ),
  'window.files.folder.save': label('Diesen Ordner verwenden'),
  'window.files.folder.saved': label('Neue Ergebnisse werden dort gespeichert.'),
  'window.files.folder.beside': label('Ergebnisse neben die Originale legen'),
  'window.files.pattern': label(
    'Namen der Ergebnisse',
    'Ohne die Endung. {name} ist der Name des Originals; {engine}, {date} und {time} sind auch möglich.',
  ),
  'window.files.pattern.save': label('Diesen Namen verwenden'),
  'window.files.pattern.saved': label('Neue Ergebnisse heißen so.'),
  'window.files.pattern.usual': label('Den üblichen Namen verwenden'),
  'window.files.pattern.example': label('Beispiel: {example}'),
  'window.files.pattern.empty': label('Schreiben Sie einen Namen. Darin muss {name} stehen, der Name des Originals.'),
  'window.files.pattern.long': label('Der Name ist zu lang. Höchstens 200 Zeichen sind möglich.'),
  'window.files.pattern.unknown': label(
    '{placeholder} ist nicht bekannt. Verwenden Sie {name}, {engine}, {date} oder {time}.',
  ),
  'window.files.pattern.brace': label(
    'Eine Klammer steht allein. Schreiben Sie {name}, {engine}, {date} oder {time} in Paaren von Klammern.',
  ),
  'window.files.pattern.character': label(
    'Das Zeichen „{character}“ darf in einem Dateinamen nicht vorkommen. Lassen Sie es weg.',
  ),
  'window.files.pattern.name': label(
    '{name} fehlt, damit hießen alle Dateien gleich. Schreiben Sie {name} dorthin, wo der Name des Originals stehen soll.',
  ),
  'window.files.example': label('Gespräch'),

  'window.files.queue': label('Warteschlange'),
  'window.files.empty': label(
    'Noch keine Dateien.',
    'Fügen Sie oben welche hinzu. Zu jeder sehen Sie, wie weit sie ist, dann ihren Pegel und wie viel Rauschen verschwand, und Sie hören sie vorher und nachher.',
  ),
  'window.files.loading': label('Die Liste wird geladen.'),
  'window.files.progress': label('Alle Dateien'),
  'window.files.progress.of': label('Fortschritt von {name}'),
  'window.files.percent': label('{percent}\u00a0%'),
  'window.files.done.one': label('{count} von {total} Dateien ist fertig.'),
  'window.files.done.other': label('{count} von {total} Dateien sind fertig.'),
  'window.files.done-single': label('{count} von 1\u00a0Datei ist fertig.'),
  'window.files.failed.one': label('{count} Datei ist gescheitert.'),
  'window.files.failed.other': label('{count} Dateien sind gescheitert.'),
  'window.files.cancelled.one': label('{count} Datei wurde abgebrochen.'),
  'window.files.cancelled.other': label('{count} Dateien wurden abgebrochen.'),
  'window.files.asking.one': label('{count} Datei wartet auf Ihre Antwort.'),
  'window.files.asking.other': label('{count} Dateien warten auf Ihre Antwort.'),
  'window.files.left': label('{left}.'),
  'window.files.left.seconds': label('Noch etwa {seconds}\u00a0s'),
  'window.files.left.minutes': label('Noch etwa {minutes}\u00a0min'),
  'window.files.left.hours': label('Noch etwa {hours}\u00a0h {minutes}\u00a0min'),
  'window.files.speed': label('{times}× Echtzeit'),
  'window.files.db': label('{db}\u00a0dB'),

  'window.files.cancel-all': label('Alle abbrechen'),
  'window.files.retry-failed': label('Gescheiterte wiederholen'),
  'window.files.clear': label(
    'Erledigte entfernen',
    'Entfernen kürzt nur diese Liste: Originale und Ergebnisse bleiben auf dem Laufwerk.',
  ),
  'window.files.filter': label('Zeigen'),
  'window.files.filter.all': label('Alle ({number})'),
  'window.files.filter.open': label('Noch zu tun ({number})'),
  'window.files.filter.attention': label('Sie sind gefragt ({number})'),
  'window.files.filter.done': label('Fertig ({number})'),
  'window.files.filter.none': label('Keine Datei ist in diesem Zustand.'),
  'window.files.more': label('{number} weitere zeigen'),

  'window.files.column.file': label('Datei'),
  'window.files.column.status': label('Zustand'),
  'window.files.column.input': label('Eingangs\u00adpegel'),
  'window.files.column.reduction': label('Rausch\u00adminderung'),
  'window.files.column.factor': label(
    'Echtzeit\u00adfaktor',
    'Echtzeitfaktor: Rechenzeit durch Länge. Unter 1 geht es schneller als beim Abspielen.',
  ),
  'window.files.column.length': label('Länge'),
  'window.files.column.actions': label('Aktionen'),
  'window.files.uploaded': label('Über den Browser hinzugefügt'),
  'window.files.output': label('Ergebnis: {name}'),
  'window.files.status.waiting': label('Wartet'),
  'window.files.status.running': label('Läuft'),
  'window.files.status.asks': label('Ihre Entscheidung'),
  'window.files.status.done': label('Fertig'),
  'window.files.status.failed': label('Gescheitert'),
  'window.files.status.cancelled': label('Abgebrochen'),

  'window.files.cancel': label('Abbrechen'),
  'window.files.cancel.named': label('Abbrechen: {name}'),
  'window.files.retry': label('Wiederholen'),
  'window.files.retry.named': label('Wiederholen: {name}'),
  'window.files.listen': label('Anhören'),
  'window.files.listen.named': label('Anhören: {name} vorher und nachher'),
  'window.files.remove': label('Entfernen'),
  'window.files.remove.named': label('Entfernen: {name} aus der Liste'),
  'window.files.open': label('Ordner zeigen'),
  'window.files.open.named': label('Ordner zeigen: {name}'),
  'window.files.sound': label('{name} vorher und nachher'),

  'window.files.ask': label('Ein Ergebnis von {name} gibt es schon. Was soll damit geschehen?'),
  'window.files.ask.group': label('{name} fragt'),
  'window.files.ask.replace': label('Ersetzen'),
  'window.files.ask.replace.named': label('Ersetzen: Ergebnis von {name}'),
  'window.files.ask.keep-both': label('Beide behalten'),
  'window.files.ask.keep-both.named': label('Beide behalten: Ergebnisse von {name}'),
  'window.files.ask.skip': label('Überspringen'),
  'window.files.ask.skip.named': label('Überspringen: {name}'),
  'window.files.ask.for-all': label('Für alle offenen Fragen ({number})'),
  'window.files.ask.for-all-to-come': label('Für alle offenen Fragen und alle, die noch kommen'),
} as const satisfies Record<keyof typeof en, Message>;
