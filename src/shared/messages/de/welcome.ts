import type { welcome as en } from '../en/welcome.js';
import type { Message } from '../index.js';

/** Einführung und Hilfe. Eine Beschriftung des Fensters ist `message`; `hint` ist die Zeile darunter, oder leer. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const welcome = {
  'window.view.help': label('Hilfe'),
  'window.help.title': label('Limpid: Hilfe'),
  'window.view.welcome': label('Einführung'),
  'window.welcome.title': label('Limpid: Einführung'),

  'window.mishap.count': label('Fehler bisher: {count}.'),
  'window.problem.backend': label('Backend öffnen'),
  'window.mishap.diagnostics': label('Diagnose öffnen'),

  'window.welcome': label(
    'Willkommen bei Limpid',
    'Drei kurze Schritte zu einer klaren Stimme. Sie können sie überspringen und finden sie unter „Hilfe“ wieder.',
  ),
  'window.welcome.steps': label('Schritte der Einführung'),
  'window.welcome.step': label('Schritt {step} von {steps}'),
  'window.welcome.done': label('Erledigt'),
  'window.welcome.back': label('Zurück'),
  'window.welcome.next': label('Weiter'),
  'window.welcome.skip': label('Einführung überspringen'),
  'window.welcome.close': label('Einführung schließen'),
  'window.welcome.finish': label('Fertig'),

  'window.welcome.microphone': label(
    'Wählen Sie Ihr Mikrofon',
    'Sprechen Sie wie gewohnt, und achten Sie darauf, ob sich der Balken bewegt. Zu hören ist noch nichts.',
  ),
  'window.welcome.microphone.denied': label(
    'Limpid darf das Mikrofon noch nicht benutzen. Sie können trotzdem weitergehen und es später erlauben.',
  ),
  'window.welcome.microphone.short': label('Mikrofon'),
  'window.welcome.level': label('Pegel des Mikrofons'),
  'window.welcome.level.spoken': label('{level} Dezibel'),
  'window.welcome.ask-permission': label(
    'Das System fragt vielleicht, ob Limpid das Mikrofon verwenden darf. Antworten Sie mit Ja: Sonst gibt es nichts zu entrauschen.',
  ),
  'window.welcome.hearing.waiting': label('Öffnet das Mikrofon…'),
  'window.welcome.hearing.silent': label(
    'Von diesem Mikrofon kommt nichts, nicht einmal Rauschen.',
    'Vielleicht ist es stumm: durch eine Taste, einen Schalter am Kabel oder in den Einstellungen des Systems. Oder wählen Sie ein anderes.',
  ),
  'window.welcome.hearing.quiet': label(
    'Limpid hört den Raum, aber noch keine Stimme.',
    'Sagen Sie etwas. Bewegt sich der Balken kaum, gehen Sie näher heran, erhöhen Sie den Eingangspegel im System, oder wählen Sie ein anderes Mikrofon.',
  ),
  'window.welcome.hearing.good': label('Limpid hört Sie gut.', 'Weiter geht es mit dem nächsten Schritt.'),
  'window.welcome.hearing.loud': label(
    'Das ist zu laut: Das Mikrofon übersteuert.',
    'Gehen Sie ein wenig zurück, oder senken Sie den Eingangspegel im System.',
  ),

  'window.welcome.hearing.again': label('Limpid versucht es von selbst wieder.'),

  'window.welcome.hear': label(
    'Hören Sie den Unterschied',
    'Nehmen Sie zehn Sekunden Ihrer Stimme auf, und schalten Sie zwischen vorher und nachher um.',
  ),
  'window.welcome.hear.short': label('Vergleich'),
  'window.welcome.output': label('Wählen Sie, wohin die Live-Stimme geht'),
  'window.welcome.output.later': label(
    'Vergleichen können Sie schon vor der Wahl; live ist die Stimme erst danach zu hören.',
  ),
  'window.welcome.output.headphones': label(
    'Am besten sind Kopfhörer: Ein Lautsprecher neben dem Mikrofon kann pfeifen.',
  ),
  'window.welcome.output.virtual-linux': label(
    'Für eine Besprechung oder ein Aufnahmeprogramm wählen Sie hier das Limpid-Mikrofon und dort dasselbe als Mikrofon.',
  ),
  'window.welcome.output.virtual-cable': label(
    'Für eine Besprechung oder ein Aufnahmeprogramm installieren Sie ein virtuelles Kabel, wählen es hier und dort sein anderes Ende als Mikrofon.',
  ),

  'window.welcome.engine': label(
    'Wählen Sie Ihre Engine',
    'Beide arbeiten auf diesem Computer: Ihre Stimme wird nirgendwohin gesendet. Sie können jederzeit wechseln.',
  ),
  'window.welcome.engine.short': label('Wahl der Engine'),
  'window.welcome.embedded': label(
    'Bei der eingebauten Engine bleiben',
    'Sofort bereit. Braucht kein Konto und kein Netz.',
  ),
  'window.welcome.embedded.does': label('Entfernt Störgeräusche: Lüfter, Verkehr, Tasten, Brummen.'),
  'window.welcome.embedded.not-voices': label('Entfernt nicht die Stimmen anderer Menschen.'),
  'window.welcome.embedded.not-echo': label('Entfernt kein Echo und nicht den Hall eines großen Raums.'),
  'window.welcome.backend': label(
    'Die Engine von ai-coustics anbinden',
    'Für alle, deren Organisation eine Lizenz hat. Limpid holt kurzlebige Token und erneuert sie, während Sie sprechen.',
  ),
  'window.welcome.backend.address': label('Die Adresse des Token-Backends Ihrer Organisation und Zugangsdaten dafür.'),
  'window.welcome.backend.files': label('Die Bibliothek und ein Modell von ai-coustics auf diesem Computer.'),
  'window.welcome.backend.open': label('Backend einrichten'),
  'window.welcome.backend.ready': label('Ein Backend ist schon eingerichtet: {name}.'),
  'window.welcome.backend.change': label('Backend ansehen'),
  'window.welcome.needs': label('Das brauchen Sie:'),

  'window.help.purpose': label('Diese Seite braucht kein Netz.'),
  'window.help.introduction': label(
    'Einführung',
    'Ein Mikrofon wählen, den Unterschied hören, eine Engine wählen: die drei Schritte vom Anfang.',
  ),
  'window.help.introduction.open': label('Einführung öffnen'),
  'window.help.keys': label(
    'Tastatur',
    'Mit der Tabulatortaste gehen Sie von Bedienelement zu Bedienelement; die Eingabe- oder die Leertaste betätigt das, das den Fokus hat.',
  ),
  'window.key.x': label('X'),
  'window.shortcut.version': label('In der Wiedergabe, solange sie den Fokus hat: die andere Version hören'),
  'window.help.keys.off': label('Einzeltasten sind in den Einstellungen ausgeschaltet.'),
  'window.help.keys.settings': label('Einzeltasten einstellen'),
  'window.help.tips': label('Tipps'),
  'window.help.tips.double': label(
    'Schalten Sie die Rauschunterdrückung Ihres Besprechungsprogramms aus',
    'Zwei Rauschunterdrückungen hintereinander verschlechtern die Stimme. Suchen Sie in seinen Audioeinstellungen nach „Rauschunterdrückung“, „Geräuschunterdrückung“ oder „Originalton“.',
  ),
  'window.help.tips.distance': label(
    'Bleiben Sie eine Handbreit vor dem Mikrofon',
    'Was am Mikrofon laut ist, muss kaum entrauscht werden. Keine Engine holt eine Stimme zurück, die im Lärm unterging.',
  ),
  'window.help.tips.headphones': label(
    'Hören Sie mit Kopfhörern zu',
    'Ein Lautsprecher neben dem Mikrofon kann pfeifen; hört Limpid das, schaltet es seinen Ausgang stumm.',
  ),
  'window.help.apps': label('Die klare Stimme in anderen Programmen'),
  'window.help.apps.linux': label(
    'Wählen Sie das Limpid-Mikrofon als Ausgang. Im anderen Programm wählen Sie „Limpid microphone“ als Mikrofon. Es ist da, solange Limpid läuft.',
  ),
  'window.help.apps.darwin': label(
    'Installieren Sie ein virtuelles Kabel wie BlackHole, und wählen Sie es als Ausgang. Im anderen Programm wählen Sie dasselbe Kabel als Mikrofon.',
  ),
  'window.help.apps.win32': label(
    'Installieren Sie ein virtuelles Kabel wie VB-Cable. Wählen Sie „CABLE Input“ als Ausgang und im anderen Programm „CABLE Output“ als Mikrofon.',
  ),
  'window.help.apps.how': label('So installieren Sie ein virtuelles Kabel'),
  'window.help.places': label('Wo alles liegt'),
  'window.help.places.recordings': label('Aufnahmen'),
  'window.help.places.settings': label('Einstellungen'),
  'window.help.places.log': label('Protokoll der Fehler in Limpid selbst'),
  'window.help.places.other': label(
    'LIMPID_CONFIG oder „--config“ beim Start nennt eine andere Einstellungsdatei. Token werden nie in eine Datei geschrieben.',
  ),
  'window.help.report': label(
    'Wenn etwas nicht stimmt',
    'Die Diagnose prüft diesen Computer Schritt für Schritt und sagt, was zu tun ist. Sie speichert auch ein Diagnosepaket ohne Geheimnisse, das Sie der Stelle schicken können, die Limpid für Sie betreut.',
  ),
  'window.help.report.open': label('Diagnose öffnen'),
  'window.help.version': label('Limpid {version} auf {platform}'),
} as const satisfies Record<keyof typeof en, Message>;
