import type { signIn as en } from '../en/signIn.js';
import type { Message } from '../index.js';

/** Anmelden bei einem Identitätsanbieter: im Fenster, im Terminal und in Fehlern. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = ''): Message => ({ message, hint });

export const signIn = {
  'window.signIn': label('Anmeldung'),
  'window.signIn.issuer': label(
    'Identitätsanbieter',
    'Die https-Adresse, bei der sich die Leute Ihrer Organisation anmelden. Alles Weitere findet Limpid dort selbst.',
  ),
  'window.signIn.client-id': label(
    'Client-ID',
    'Der Name, unter dem der Anbieter Limpid kennt. Ein Geheimnis gehört nicht dazu.',
  ),
  'window.signIn.scope': label(
    'Umfang (Scope)',
    'Worum Limpid den Anbieter bittet. Ohne offline_access müssen Sie sich oft neu anmelden.',
  ),
  'window.signIn.resource': label(
    'Ressource (Resource)',
    'Die Adresse Ihres Backends, falls der Anbieter danach fragt (RFC 8707).',
  ),
  'window.signIn.audience': label(
    'Zielgruppe (Audience)',
    'Dasselbe für Anbieter, die es unter diesem Namen kennen. Meist leer.',
  ),
  'window.signIn.more': label('Für wen die Anmeldung gilt', 'Die meisten Anbieter brauchen beides nicht.'),

  'window.signIn.out': label(
    'Niemand ist angemeldet.',
    'Sobald Sie sich angemeldet haben, holt Limpid in Ihrem Namen Token.',
  ),
  'window.signIn.in': label('Angemeldet.', 'Limpid erneuert die Anmeldung von selbst.'),
  'window.signIn.in-as': label('Angemeldet als {name}.', 'Limpid erneuert die Anmeldung von selbst.'),
  'window.signIn.memory': label(
    'Angemeldet, bis Limpid endet.',
    'Es gibt keinen Schlüsselbund, der die Anmeldung aufheben könnte.',
  ),
  'window.signIn.memory-as': label(
    'Angemeldet als {name}, bis Limpid endet.',
    'Es gibt keinen Schlüsselbund, der die Anmeldung aufheben könnte.',
  ),
  'window.signIn.lost': label(
    'Der Schlüsselbund gibt die Anmeldung nicht heraus.',
    'Entsperren Sie den Schlüsselbund, und versuchen Sie es erneut, oder melden Sie sich noch einmal an.',
  ),
  'window.signIn.new': label('Speichern Sie zuerst die Umgebung, und melden Sie sich dann an.'),
  'window.signIn.unsaved': label(
    'Speichern Sie zuerst Ihre Änderungen: Die Anmeldung gilt für das, was gespeichert ist.',
  ),
  'window.signIn.start': label('Anmelden'),
  'window.signIn.start.busy': label('Einen Moment…'),
  'window.signIn.start.again': label('Noch einmal anmelden'),
  'window.signIn.code': label('Stattdessen mit einem Code anmelden'),
  'window.signIn.code.only': label('Mit einem Code anmelden'),
  'window.signIn.browser': label(
    'Weiter geht es in Ihrem Browser.',
    'Dort ist die Seite des Anbieters offen. Limpid merkt von selbst, wenn Sie angemeldet sind.',
  ),
  'window.signIn.device.asking': label('Der Anbieter wird nach einem Code gefragt…'),
  'window.signIn.device': label(
    'Öffnen Sie die Adresse unten in einem Browser, auch auf einem anderen Gerät, und geben Sie den Code ein.',
    'Limpid merkt von selbst, wenn Sie angemeldet sind. Geben Sie den Code an niemanden weiter.',
  ),
  'window.signIn.device.spoken': label('Der Code ist {code}.'),
  'window.signIn.user-code': label('Anmeldecode'),
  'window.signIn.address': label('Adresse'),
  'window.signIn.left': label('Verbleibende Zeit'),
  'window.signIn.copy.code': label('Code kopieren'),
  'window.signIn.copy.address': label('Adresse kopieren'),
  'window.signIn.copied': label('Kopiert.'),
  'window.signIn.not-copied': label(
    'Das System hat das Kopieren nicht erlaubt. Markieren Sie den Text, und kopieren Sie ihn.',
  ),
  'window.signIn.cancel': label('Anmeldung abbrechen'),
  'window.signIn.end': label('Abmelden…'),
  'window.signIn.end.ask': label(
    'Von „{name}“ abmelden?',
    'Der Anbieter erfährt davon, und Limpid vergisst die Anmeldung. Neue Token gibt es erst, wenn sich wieder jemand anmeldet.',
  ),
  'window.signIn.end.yes': label('Abmelden'),
  'window.signIn.lead': label('Unter Backend anmelden'),
  'window.token.state.sign-in': label(
    'Niemand ist angemeldet',
    'Melden Sie sich unter Backend an; Token holt Limpid dann von selbst.',
  ),

  'window.problem.issuer': label(
    'Schreiben Sie die Adresse des Anbieters vollständig, etwa https://login.example.com.',
  ),
  'window.problem.issuer-missing': label('Geben Sie die Adresse des Identitätsanbieters ein.'),
  'window.problem.client-id': label('Geben Sie die Client-ID ein, die der Anbieter Limpid gegeben hat.'),
  'window.problem.sign-in': label('Das ist zu lang.'),

  'signIn.not-configured': {
    message: 'Für „{environment}“ ist nicht eingestellt, wo man sich anmeldet.',
    hint: 'Geben Sie Identitätsanbieter und Client-ID in den Backend-Einstellungen ein, oder fragen Sie Ihren Administrator danach.',
  },
  'signIn.issuer-invalid': {
    message: 'Die Adresse des Identitätsanbieters ist keine Webadresse oder enthält mehr, als sie darf.',
    hint: 'Geben Sie sie so ein, wie sie in seinen Metadaten unter „issuer“ steht, zum Beispiel https://login.example.com/firma.',
  },
  'signIn.issuer-not-https': {
    message: 'Die Adresse des Identitätsanbieters bei {host} ist nicht verschlüsselt.',
    hint: 'Verwenden Sie eine Adresse mit https://; einfaches http:// ist nur auf diesem Computer erlaubt.',
  },
  'signIn.wrong-kind': {
    message: 'Für „{environment}“ kann sich niemand anmelden, denn die Zugangsdaten sind von anderer Art.',
    hint: 'Wählen Sie in den Backend-Einstellungen zuerst „Anmeldung einer Person“ unter „So meldet sich Limpid an“.',
  },
  'signIn.no-credential': {
    message: 'Die Umgebung „{environment}“ nimmt keine Zugangsdaten an, weil sich dort eine Person anmeldet.',
    hint: 'Melden Sie sich stattdessen an oder ab, oder wählen Sie eine andere Art von Zugangsdaten.',
  },
  'signIn.variable-ignored': {
    message: 'LIMPID_BACKEND_CREDENTIAL gilt nicht für „{environment}“, weil sich dort eine Person anmeldet.',
    hint: 'Melden Sie sich an, oder setzen Sie auch LIMPID_BACKEND_URL: Die Zugangsdaten gelten dann für diese Adresse.',
  },
  'signIn.needed': {
    message: 'Für „{environment}“ ist niemand angemeldet.',
    hint: 'Melden Sie sich auf dem Backend-Bildschirm an oder mit „limpid sign-in“.',
  },
  'signIn.revoked': {
    message: 'Der Identitätsanbieter bei {host} hat die Anmeldung für „{environment}“ beendet.',
    hint: 'Melden Sie sich erneut an; geschieht das oft, fragen Sie Ihren Administrator, wie lange eine Anmeldung hält.',
  },
  'signIn.not-accepted': {
    message: 'Das Token-Backend bei {host} nimmt diese Anmeldung nicht an.',
    hint: 'Melden Sie sich ab und wieder an; hilft das nicht, fragen Sie Ihren Administrator, ob das Backend diesen Anbieter kennt und für wen dessen Token sind.',
  },
  'signIn.changed': {
    message: 'Die Umgebung „{environment}“ wurde während der Anmeldung geändert; deshalb gilt diese Anmeldung nicht.',
    hint: 'Melden Sie sich erneut an.',
  },
  'signIn.no-browser': {
    message: 'Von hier aus öffnet Limpid für eine Anmeldung keinen Browser.',
    hint: 'Melden Sie sich mit einem Code an: Er lässt sich in jedem Browser eingeben, auch auf einem anderen Gerät.',
  },
  'signIn.not-opened': {
    message: 'Der Browser ließ sich nicht öffnen.',
    hint: 'Melden Sie sich mit einem Code an: Er lässt sich in jedem Browser eingeben, auch auf einem anderen Gerät.',
  },
  'signIn.no-port': {
    message: 'Limpid konnte auf diesem Computer nicht auf die Antwort des Browsers warten ({detail}).',
    hint: 'Melden Sie sich mit einem Code an: Er lässt sich in jedem Browser eingeben, auch auf einem anderen Gerät.',
  },
  'signIn.timed-out.one': {
    message: 'Aus dem Browser kam innerhalb von {count}\u00a0Minute niemand zurück.',
    hint: 'Beginnen Sie erneut, und bleiben Sie auf der Seite, bis sie Sie zu Limpid zurückschickt.',
  },
  'signIn.timed-out.other': {
    message: 'Aus dem Browser kam innerhalb von {count}\u00a0Minuten niemand zurück.',
    hint: 'Beginnen Sie erneut, und bleiben Sie auf der Seite, bis sie Sie zu Limpid zurückschickt.',
  },
  'signIn.wrong-state': {
    message: 'Was aus dem Browser zurückkam, gehörte nicht zu dieser Anmeldung.',
    hint: 'Schließen Sie andere Seiten des Anbieters, und beginnen Sie erneut; geschieht es wieder, sagen Sie es Ihrem Administrator.',
  },
  'signIn.denied': {
    message: 'Die Anmeldung wurde bei {host} abgelehnt.',
    hint: 'Beginnen Sie erneut, und stimmen Sie dort zu, oder fragen Sie Ihren Administrator, ob Sie Limpid benutzen dürfen.',
  },
  'signIn.code-expired': {
    message: 'Der Code wurde nicht rechtzeitig eingegeben.',
    hint: 'Beginnen Sie erneut; dann gibt es einen neuen.',
  },
  'signIn.no-device': {
    message: 'Der Identitätsanbieter bei {host} kennt keine Anmeldung mit einem Code.',
    hint: 'Melden Sie sich mit dem Browser an, oder bitten Sie Ihren Administrator, Codes zu erlauben („Device Authorization Grant“).',
  },
  'signIn.no-browser-flow': {
    message: 'Der Identitätsanbieter bei {host} kennt keine Anmeldung mit einem Browser.',
    hint: 'Melden Sie sich mit einem Code an, oder prüfen Sie die Adresse des Anbieters.',
  },
  'signIn.refused': {
    message: 'Der Identitätsanbieter bei {host} weist Limpid ab ({detail}).',
    hint: 'Prüfen Sie Client-ID, Scope und Ressource in den Backend-Einstellungen, oder sagen Sie es Ihrem Administrator.',
  },
  'signIn.identity': {
    message: 'Was {host} über die Person sagt, gehört nicht zu dieser Anmeldung.',
    hint: 'Beginnen Sie erneut; geschieht es wieder, prüfen Sie Anbieter und Client-ID, und sagen Sie es Ihrem Administrator.',
  },
  'signIn.clock': {
    message: 'Nach der Uhr dieses Computers ist die Anmeldung von {host} abgelaufen oder noch nicht gültig.',
    hint: 'Lassen Sie das System Datum und Uhrzeit selbst stellen; ein Unterschied bis zu einer Minute schadet nicht.',
  },
  'signIn.clock-ahead': {
    message: 'Die Uhr dieses Computers geht gegenüber der von {host} vor, um {difference}: zu viel für eine Anmeldung.',
    hint: 'Lassen Sie das System Datum und Uhrzeit selbst stellen; ein Unterschied bis zu einer Minute schadet nicht.',
  },
  'signIn.clock-behind': {
    message:
      'Die Uhr dieses Computers geht gegenüber der von {host} nach, um {difference}: zu viel für eine Anmeldung.',
    hint: 'Lassen Sie das System Datum und Uhrzeit selbst stellen; ein Unterschied bis zu einer Minute schadet nicht.',
  },
  'signIn.unreachable': {
    message: 'Der Identitätsanbieter ließ sich nicht fragen. {reason}.',
    hint: 'Prüfen Sie das Netz und die Adresse des Anbieters; im Firmennetz ist vielleicht das VPN nötig.',
  },
  'signIn.timeout': {
    message: 'Der Identitätsanbieter bei {host} hat nicht innerhalb von {seconds}\u00a0s vollständig geantwortet.',
    hint: 'Prüfen Sie das Netz, oder erlauben Sie in den Backend-Einstellungen mehr Zeit.',
  },
  'signIn.provider-error': {
    message: 'Der Identitätsanbieter bei {host} hat selbst eine Störung oder zu viel zu tun ({status}).',
    hint: 'Versuchen Sie es in einer Weile erneut; wo jemand angemeldet ist, tut Limpid das von selbst.',
  },
  'signIn.redirected': {
    message: 'Der Identitätsanbieter bei {host} leitet weiter, und Limpid folgt nicht.',
    hint: 'Geben Sie seine endgültige Adresse ein; in einem Gastnetz melden Sie sich zuerst dort an.',
  },
  'signIn.metadata': {
    message: 'Was bei {host} antwortet, beschreibt sich nicht als Identitätsanbieter.',
    hint: 'Prüfen Sie die Adresse des Anbieters: Gemeint ist, was vor „/.well-known/openid-configuration“ steht.',
  },
  'signIn.issuer-mismatch': {
    message: 'Was bei {host} antwortet, nennt sich als anderer Identitätsanbieter.',
    hint: 'Geben Sie die Adresse genau so ein, wie sie in den Metadaten des Anbieters unter „issuer“ steht, auch mit dem Schrägstrich am Ende.',
  },
  'signIn.bad-answer': {
    message: 'Der Identitätsanbieter bei {host} gab eine Antwort, die Limpid nicht versteht.',
    hint: 'Prüfen Sie die Adresse des Anbieters, oder sagen Sie es Ihrem Administrator.',
  },
  'signIn.bad-address': {
    message: 'Der Identitätsanbieter bei {host} nannte eine Adresse, die nicht sicher ist.',
    hint: 'Sagen Sie es Ihrem Administrator: Jede Adresse in dessen Metadaten muss mit https:// beginnen.',
  },
  'signIn.not-revoked': {
    message: 'Hier sind Sie abgemeldet, aber dem Identitätsanbieter ließ es sich nicht sagen. {reason}.',
    hint: 'Was auf diesem Computer lag, ist gelöscht; beenden Sie die Sitzung sicherheitshalber auf der Seite des Anbieters.',
  },
  'signIn.no-refresh-token': {
    message:
      'Der Identitätsanbieter gibt für „{environment}“ keine dauerhafte Anmeldung aus; sie würde mit diesem Befehl enden.',
    hint: 'Bitten Sie Ihren Administrator, das zu erlauben (Scope „offline_access“, Refresh-Token für diesen Client).',
  },
  'signIn.not-kept': {
    message: 'Die Anmeldung ließ sich nicht aufbewahren und würde mit diesem Befehl enden. {reason}.',
    hint: 'Entsperren Sie den Schlüsselbund, oder melden Sie sich auf einem Desktop an, der einen hat; dem Anbieter wurde das Ende dieser Anmeldung gemeldet.',
  },
  'signIn.not-kept-untold': {
    message: 'Die Anmeldung ließ sich nicht aufbewahren und würde mit diesem Befehl enden. {reason}.',
    hint: 'Entsperren Sie den Schlüsselbund, oder melden Sie sich auf einem Desktop an, der einen hat; dem Anbieter ließ sich das nicht sagen: Beenden Sie die Sitzung auf seiner Seite.',
  },
  'signIn.enter-code': {
    message: 'Öffnen Sie {url} in einem Browser, auch auf einem anderen Gerät, und geben Sie den Code {code} ein.',
    hint: 'Limpid wartet darauf; Strg-C bricht ab.',
  },
  'signIn.in-browser': { message: 'Machen Sie im Browser weiter.', hint: 'Limpid wartet darauf; Strg-C bricht ab.' },
  'signIn.page': {
    message: 'Sie können zu Limpid zurückkehren.',
    hint: 'Dort steht, ob Sie angemeldet sind. Diese Seite können Sie schließen.',
  },
  'signIn.page-refused': {
    message: 'Diese Seite gehört zu keiner Anmeldung, auf die Limpid wartet.',
    hint: 'Kehren Sie zu Limpid zurück, und beginnen Sie erneut, wenn Sie sich anmelden möchten. Diese Seite können Sie schließen.',
  },

  'connection.signed-in': { message: 'Angemeldet als {account}.', hint: '' },
  'connection.signed-in-unnamed': {
    message: 'Jemand ist angemeldet; einen Namen nennt der Anbieter nicht.',
    hint: '',
  },
} as const satisfies Record<keyof typeof en, Message>;
