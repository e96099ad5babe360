import type { credentials as en } from '../en/credentials.js';
import type { Message } from '../index.js';

/** Schlüsselbund, Richtliniendatei und Backend-Einstellungen. */
export const credentials = {
  'keychain.waiting': {
    message: 'Der Schlüsselbund antwortet seit {seconds}\u00a0s nicht.',
    hint: 'Vielleicht fragt ein Fenster danach, ihn zu entsperren; Limpid läuft inzwischen weiter und hält Zugangsdaten nur im Speicher.',
  },
  'keychain.locked': {
    message: 'Der Schlüsselbund ist gesperrt.',
    hint: 'Entsperren Sie ihn, und versuchen Sie es erneut; bis dahin bleiben Zugangsdaten nur für diesen Lauf im Speicher.',
  },
  'keychain.no-collection': {
    message: 'Es gibt noch keinen Schlüsselring, in dem der Schlüsselbund Zugangsdaten aufbewahren könnte.',
    hint: 'Legen Sie einen an (bei GNOME in „Passwörter und Verschlüsselung“), und geben Sie die Zugangsdaten erneut ein; bis dahin bleiben sie nur für diesen Lauf im Speicher.',
  },
  'keychain.unavailable': {
    message: 'Der Schlüsselbund lässt sich nicht verwenden: {detail}.',
    hint: 'Zugangsdaten bleiben nur für diesen Lauf im Speicher; unter Linux melden Sie sich mit einem Schlüsselbund wie gnome-keyring an.',
  },
  'keychain.no-reason': { message: 'ohne Angabe eines Grundes', hint: '' },
  'keychain.no-library': {
    message: 'Die Bibliothek des Schlüsselbunds konnte nicht geladen werden: {detail}.',
    hint: 'Zugangsdaten bleiben nur für diesen Lauf im Speicher; „npm start“ oder eine neue Installation von Limpid behebt das.',
  },
  'check.keychain-locked': {
    message: 'Der Schlüsselbund ist gesperrt.',
    hint: 'Entsperren Sie ihn; bis dahin bleiben Zugangsdaten nur im Speicher.',
  },
  'credential.lost': {
    message:
      'Der Schlüsselbund gibt die Zugangsdaten von „{environment}“ nicht mehr heraus: Entweder wurden diese dort entfernt, oder er ist gesperrt.',
    hint: 'Entsperren Sie den Schlüsselbund, und versuchen Sie es erneut, oder geben Sie die Zugangsdaten noch einmal ein.',
  },
  'credential.left-behind': {
    message:
      'Limpid verwendet die Zugangsdaten von „{environment}“ nicht mehr, aber der Schlüsselbund hat sie vielleicht noch.',
    hint: 'Entsperren Sie den Schlüsselbund, und vergessen Sie sie erneut, oder löschen Sie „Limpid/{account}“ im Programm Ihres Schlüsselbunds.',
  },
  'credential.invalid': {
    message: 'Solche Zugangsdaten lassen sich nicht senden, weil sie leer oder zu lang sind oder Zeilenumbrüche haben.',
    hint: 'Kopieren Sie sie erneut, in einem Stück und auf einer Zeile.',
  },
  'credential.from-variable': {
    message: 'Die Zugangsdaten sind für diesen Lauf durch LIMPID_BACKEND_CREDENTIAL festgelegt.',
    hint: 'Starten Sie Limpid ohne diese Variable, um hier andere einzugeben.',
  },
  'policy.locked': {
    message: 'Ihr Administrator hat das festgelegt. Grund: {reason}.',
    hint: 'Fragen Sie Ihren Administrator, wenn es anders sein muss (Richtliniendatei {path}).',
  },
  'policy.locked-environments': {
    message: 'Ihr Administrator hat diese Umgebungen festgelegt. Grund: {reason}.',
    hint: 'Fragen Sie Ihren Administrator, wenn sie anders sein müssen (Richtliniendatei {path}).',
  },
  'policy.broken': {
    message:
      'Die Richtliniendatei {path} des Administrators hat einen Fehler ({detail}); deshalb ist gesperrt, was sie festlegen kann.',
    hint: 'Sagen Sie es Ihrem Administrator; die eingebaute Engine läuft inzwischen.',
  },
  'policy.unreadable': {
    message:
      'Die Richtliniendatei {path} des Administrators ist nicht lesbar ({detail}); deshalb ist gesperrt, was sie festlegen kann.',
    hint: 'Sagen Sie es Ihrem Administrator: Alle, die Limpid benutzen, müssen sie lesen dürfen.',
  },
  'policy.unsafe': {
    message:
      'Der Richtliniendatei {path} des Administrators ist nicht zu trauen ({detail}); deshalb ist gesperrt, was sie festlegen kann.',
    hint: 'Sagen Sie es Ihrem Administrator: Datei und Ordner müssen root gehören und dürfen für niemanden sonst schreibbar sein.',
  },
  'policy.no-reason': { message: 'keiner angegeben', hint: '' },
  'policy.flaw.no-file': { message: 'sie ist keine Datei', hint: '' },
  'policy.flaw.too-big': { message: 'sie ist größer als 1\u00a0MB', hint: '' },
  'policy.flaw.no-json': { message: 'sie ist kein gültiges JSON', hint: '' },
  'policy.flaw.whole': { message: 'im Ganzen: {detail}', hint: '' },
  'policy.flaw.value': { message: 'an der Stelle „{place}“: {detail}', hint: '' },
  'policy.flaw.twice': { message: 'zwei Umgebungen heißen „{name}“', hint: '' },
  'policy.flaw.url': { message: 'die Adresse von „{name}“ ist nicht https oder keine Adresse ohne Passwort', hint: '' },
  'policy.flaw.proxy': { message: 'der Proxy von „{name}“ ist nicht http://host:port oder hat ein Passwort', hint: '' },
  'policy.flaw.proxy-use': {
    message: '„{name}“ hat einen Proxy, den eine Adresse ohne https nicht haben kann',
    hint: '',
  },
  'policy.flaw.header': { message: '„{name}“ hat eine Kopfzeile, die zur Verbindung gehört', hint: '' },
  'policy.flaw.issuer': {
    message: 'der Identitätsanbieter von {name} ist nicht https oder keine Adresse ohne Passwort',
    hint: '',
  },
  'policy.flaw.client': { message: 'der Anmeldung von {name} fehlt „clientId“', hint: '' },
  'policy.flaw.ca-file': { message: '„caFile“ von {name} ist kein vollständiger Pfad', hint: '' },
  'policy.flaw.owner': { message: 'sie gehört jemand anderem', hint: '' },
  'policy.flaw.open': { message: 'andere dürfen sie ändern', hint: '' },
  'policy.flaw.folder-open': {
    message: 'andere dürfen sie ersetzen, weil sie in den Ordner schreiben dürfen',
    hint: '',
  },
  'policy.flaw.unknown': { message: 'aus unbekanntem Grund', hint: '' },
  'policy.unknown-field': {
    message: 'Die Richtliniendatei {path} des Administrators hat ein Feld, das diese Version nicht kennt: „{field}“.',
    hint: 'Sagen Sie es Ihrem Administrator; es ist vielleicht ein Tippfehler. Der Rest der Datei gilt.',
  },
  'backend.from-variables': {
    message: 'Das Backend ist für diesen Lauf durch LIMPID_BACKEND_URL festgelegt.',
    hint: 'Starten Sie Limpid ohne diese Variable, um hier zu wählen.',
  },
  'backend-settings.variables-ignored': {
    message: 'LIMPID_BACKEND_URL gilt nicht: Über das Backend entscheidet die Richtlinie des Administrators.',
    hint: 'Starten Sie Limpid ohne diese Variable, oder fragen Sie Ihren Administrator.',
  },
  'backend-settings.active-missing': {
    message: 'Die gewählte Umgebung „{name}“ gibt es nicht.',
    hint: 'Wählen Sie in den Backend-Einstellungen eine andere.',
  },
  'backend-settings.unknown': {
    message: 'Es gibt keine Umgebung namens „{name}“.',
    hint: 'Wählen Sie eine aus der Liste; vielleicht hat ein anderes Fenster sie geändert.',
  },
  'backend-settings.name-taken': {
    message: 'Es gibt schon eine Umgebung namens „{name}“, oder der Name ist reserviert.',
    hint: 'Wählen Sie einen anderen Namen.',
  },
  'backend-settings.last': {
    message: 'Die letzte Umgebung lässt sich nicht löschen.',
    hint: 'Ändern Sie „{name}“, oder fügen Sie zuerst eine andere hinzu.',
  },
  'backend-settings.too-many': {
    message: 'Es gibt schon {count} Umgebungen, und mehr können es nicht sein.',
    hint: 'Löschen Sie eine, die nicht mehr gebraucht wird.',
  },
  'backend-settings.invalid': {
    message: 'Die Umgebung wurde nicht gespeichert: „{field}“ hat einen Wert, der nicht erlaubt ist.',
    hint: 'Berichtigen Sie dieses Feld, und speichern Sie noch einmal.',
  },
  'backend-settings.secret-header': {
    message: 'Die Kopfzeile „{header}“ trägt ein Geheimnis, das lesbar in der Einstellungsdatei läge.',
    hint: 'Entfernen Sie sie hier, wählen Sie, wie die Zugangsdaten gesendet werden, und geben Sie diese dort ein: So kommt das Geheimnis in den Schlüsselbund.',
  },
  'backend-settings.ca-not-absolute': {
    message: 'Die Zertifikatsdatei {path} ist nicht mit vollem Pfad auf diesem Computer angegeben.',
    hint: 'Geben Sie den Pfad ab der Wurzel des Laufwerks an.',
  },
  'backend-settings.ca-unreadable': {
    message: 'Die Zertifikatsdatei {path} ist nicht lesbar ({detail}).',
    hint: 'Berichtigen Sie den Pfad, oder lassen Sie das Feld leer, wenn das Backend ein übliches Zertifikat hat.',
  },
  'backend-settings.ca-no-pem': {
    message: 'Die Zertifikatsdatei {path} enthält kein Zertifikat im PEM-Format.',
    hint: 'Bitten Sie um eine PEM-Datei: einen Text, in dem „BEGIN CERTIFICATE“ steht.',
  },
  'settings.environment-ignored': {
    message: 'Die Umgebung „{name}“ in der Einstellungsdatei ist falsch oder doppelt und wird ausgelassen.',
    hint: 'Berichtigen oder löschen Sie sie in der Datei; die anderen Umgebungen gelten.',
  },
} as const satisfies Record<keyof typeof en, Message>;
