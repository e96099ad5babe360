import type { backend as en } from '../en/backend.js';
import type { Message } from '../index.js';

/** Das Backend, das Token ausgibt: was fehlschlagen kann, und die Schritte von „Verbindung testen“. */
export const backend = {
  'backend.not-configured': {
    message: 'Es ist kein Token-Backend eingerichtet.',
    hint: 'Geben Sie die Adresse von Ihrem Administrator ein, oder nutzen Sie die eingebaute Engine, die keines braucht.',
  },
  'backend.url-invalid': {
    message: 'Die Adresse des Token-Backends ist keine Webadresse.',
    hint: 'Geben Sie sie vollständig ein, zum Beispiel https://tokens.example.com/token.',
  },
  'backend.url-credentials': {
    message: 'Die Adresse des Token-Backends bei {host} enthält einen Namen oder ein Passwort.',
    hint: 'Entfernen Sie, was vor dem @ steht, und geben Sie es als Zugangsdaten ein.',
  },
  'backend.not-https': {
    message: 'Die Adresse des Token-Backends bei {host} ist nicht verschlüsselt.',
    hint: 'Verwenden Sie eine Adresse mit https://; einfaches http:// ist nur auf diesem Computer erlaubt.',
  },
  'backend.header-reserved': {
    message: 'Die Kopfzeile „{name}“ setzt die Verbindung selbst.',
    hint: 'Entfernen Sie sie aus den Kopfzeilen des Backends.',
  },
  'backend.credential-missing': {
    message: 'Für das Backend „{environment}“ gibt es keine Zugangsdaten.',
    hint: 'Geben Sie sie in den Backend-Einstellungen ein, oder setzen Sie LIMPID_BACKEND_CREDENTIAL für einen Lauf ohne Fenster.',
  },
  'backend.credential-invalid': {
    message: 'Die Zugangsdaten enthalten Zeichen, die sich nicht senden lassen, etwa einen Zeilenumbruch.',
    hint: 'Kopieren Sie sie erneut ohne Zeilenumbrüche, und speichern Sie sie noch einmal.',
  },
  'backend.ca-unreadable': {
    message: 'Aus {path} konnte kein Zertifikat gelesen werden ({detail}).',
    hint: 'Wählen Sie eine Datei mit Zertifikaten im PEM-Format, oder entfernen Sie sie aus den Backend-Einstellungen.',
  },
  'backend.proxy-invalid': {
    message: 'Die Adresse des Proxys kann Limpid nicht verwenden.',
    hint: 'Geben Sie sie als http://host:port ein, oder berichtigen Sie HTTPS_PROXY; SOCKS-Proxys werden nicht unterstützt.',
  },
  'backend.proxy-credentials': {
    message:
      'Die Adresse des Proxys bei {host} enthält einen Namen oder ein Passwort; beides läge offen in den Einstellungen.',
    hint: 'Entfernen Sie es hier, und geben Sie die ganze Adresse in der Variablen HTTPS_PROXY an.',
  },
  'backend.proxy-not-https': {
    message: 'Ein Proxy würde die Zugangsdaten für {host} mitlesen, denn die Adresse beginnt mit http://.',
    hint: 'Lassen Sie den Proxy leer: Ein Backend auf diesem Computer braucht keinen. Jedes andere braucht eine Adresse mit https://.',
  },
  'backend.proxy-unreachable': {
    message: 'Der Proxy bei {host} antwortet nicht ({detail}).',
    hint: 'Prüfen Sie das Netz und die Adresse des Proxys.',
  },
  'backend.proxy-login': {
    message: 'Der Proxy bei {host} verlangt Namen und Passwort.',
    hint: 'Setzen Sie HTTPS_PROXY auf http://name:passwort@host:port, oder fragen Sie Ihren Administrator nach einem Weg daran vorbei.',
  },
  'backend.proxy-login-refused': {
    message: 'Der Proxy bei {host} nimmt Namen und Passwort aus HTTPS_PROXY nicht an.',
    hint: 'Berichtigen Sie beides (Zeichen wie @ als %40), oder fragen Sie Ihren Administrator nach einem Weg daran vorbei.',
  },
  'backend.proxy-silent': {
    message: 'Der Proxy bei {host} hat Limpid nicht innerhalb von {seconds} Sekunden durchgelassen.',
    hint: 'Prüfen Sie das Netz und die Adresse des Proxys, oder geben Sie in den Backend-Einstellungen mehr Zeit.',
  },
  'backend.proxy-socks': {
    message: 'Laut den Einstellungen des Systems führt nur ein SOCKS-Proxy zu {host}; den kann Limpid nicht verwenden.',
    hint: 'Tragen Sie in den Backend-Einstellungen einen HTTP-Proxy ein, oder fragen Sie Ihren Administrator danach.',
  },
  'backend.proxy-refused': {
    message: 'Der Proxy bei {host} lässt Limpid nicht durch (Status {status}).',
    hint: 'Bitten Sie Ihren Administrator, das Token-Backend zu erlauben.',
  },
  'backend.dns': {
    message: 'Der Name {host} wurde nicht gefunden.',
    hint: 'Prüfen Sie das Netz und die Schreibweise der Adresse; im Firmennetz ist vielleicht das VPN nötig.',
  },
  'backend.refused': {
    message: '{host} antwortet nicht.',
    hint: 'Prüfen Sie den Port in der Adresse, und ob das Token-Backend läuft.',
  },
  'backend.network': {
    message: 'Die Verbindung zu {host} ist fehlgeschlagen ({detail}).',
    hint: 'Prüfen Sie das Netz; Limpid versucht es von selbst erneut.',
  },
  'backend.timeout': {
    message: 'Das Token-Backend bei {host} hat nicht innerhalb von {seconds}\u00a0s vollständig geantwortet.',
    hint: 'Prüfen Sie das Netz, oder erlauben Sie in den Backend-Einstellungen mehr Zeit; Limpid versucht es von selbst erneut.',
  },
  'backend.tls-untrusted': {
    message: 'Das Zertifikat von {host} stammt von „{issuer}“; dieser Stelle vertraut Limpid nicht.',
    hint: 'Ist das die Zertifizierungsstelle Ihrer Firma, tragen Sie deren Zertifikatsdatei unter „Weitere Einstellungen“ bei „Zusätzliche Zertifikate“ ein, oder lassen Sie sie zu den Zertifikaten des Systems hinzufügen, denen die Desktop-App auch vertraut, und starten Sie Limpid neu.',
  },
  'backend.tls-dates': {
    message: 'Das Zertifikat von {host} ist abgelaufen oder noch nicht gültig.',
    hint: 'Prüfen Sie Datum und Uhrzeit dieses Computers; stimmen sie, braucht das Backend ein neues Zertifikat.',
  },
  'backend.tls-name': {
    message: 'Das Zertifikat von {host} wurde für einen anderen Namen ausgestellt.',
    hint: 'Verwenden Sie den Namen aus dem Zertifikat des Backends, oder fragen Sie Ihren Administrator.',
  },
  'backend.tls': {
    message: 'Zu {host} kam keine verschlüsselte Verbindung zustande ({detail}).',
    hint: 'Prüfen Sie, ob die Adresse zu einem https-Server führt und nichts dazwischen stört.',
  },
  'backend.not-http': {
    message: 'Was bei {host} antwortet, spricht kein HTTP.',
    hint: 'Prüfen Sie die Adresse und ihren Port.',
  },
  'backend.redirect': {
    message: 'Das Token-Backend bei {host} leitet weiter zu {target}; Limpid folgt nicht.',
    hint: 'Geben Sie die endgültige Adresse ein, wenn Sie ihr vertrauen; in einem Gastnetz melden Sie sich zuerst dort an.',
  },
  'backend.unauthorised': {
    message: 'Das Token-Backend bei {host} nimmt die Zugangsdaten nicht an.',
    hint: 'Geben Sie die Zugangsdaten erneut ein, oder bitten Sie Ihren Administrator um neue.',
  },
  'backend.forbidden': {
    message: 'Das Token-Backend bei {host} gibt für diese Zugangsdaten keine Token aus.',
    hint: 'Bitten Sie Ihren Administrator, es zu erlauben.',
  },
  'backend.not-found': {
    message: 'Diese Seite gibt es bei {host} nicht.',
    hint: 'Prüfen Sie den Pfad am Ende der Adresse des Backends.',
  },
  'backend.rate-limited': {
    message: 'Das Token-Backend bei {host} hat zu viele Anfragen erhalten.',
    hint: 'Nichts zu tun: Limpid wartet und versucht es von selbst erneut.',
  },
  'backend.server-error': {
    message: 'Das Token-Backend bei {host} hat selbst eine Störung (Status {status}).',
    hint: 'Limpid versucht es von selbst erneut; hält es an, sagen Sie es dem Betreiber des Backends.',
  },
  'backend.unexpected-status': {
    message: 'Das Token-Backend bei {host} hat mit Status {status} geantwortet.',
    hint: 'Prüfen Sie Adresse, Methode und Inhalt in den Backend-Einstellungen.',
  },
  'backend.empty': {
    message: 'Das Token-Backend bei {host} hat mit nichts geantwortet.',
    hint: 'Prüfen Sie Adresse und Methode in den Backend-Einstellungen.',
  },
  'backend.html': {
    message: 'Von {host} kam eine Webseite statt eines Tokens.',
    hint: 'Prüfen Sie die Adresse des Backends; in einem Gastnetz melden Sie sich zuerst dort an.',
  },
  'backend.not-json': {
    message: 'Die Antwort des Token-Backends bei {host} ist kein JSON.',
    hint: 'Prüfen Sie die Adresse des Backends, oder sagen Sie es dem Betreiber.',
  },
  'backend.too-large': {
    message: 'Die Antwort von {host} ist länger als {kilobytes}\u00a0KiB, und das ist kein Token.',
    hint: 'Prüfen Sie die Adresse des Backends.',
  },
  'backend.no-token': {
    message: 'Die Antwort von {host} hat kein Token bei „{path}“.',
    hint: 'Geben Sie in den Backend-Einstellungen unter „Antwort“ ein, wo das Token steht.',
  },
  'backend.not-jwt': {
    message: 'Was {host} als Token ausgibt, ist keines (ein JWT hat drei Teile).',
    hint: 'Prüfen Sie unter „Antwort“, wo das Token steht, oder sagen Sie es dem Betreiber des Backends.',
  },
  'backend.no-expiry': {
    message: 'Das Token von {host} sagt nicht, wann es endet.',
    hint: 'Sagen Sie dem Betreiber des Backends, dass seine Token die Angabe „exp“ brauchen.',
  },
  'backend.expired-on-arrival': {
    message: 'Das Token von {host} war bei der Ankunft schon abgelaufen.',
    hint: 'Sagen Sie es dem Betreiber des Backends: Es gibt alte Token aus, oder seine Uhr geht falsch.',
  },

  'connection.url': { message: 'Die Adresse ist wohlgeformt: {host}.', hint: '' },
  'connection.url-proxy': {
    message: 'Die Adresse ist wohlgeformt: {host}, über den Proxy {proxy} aus diesen Einstellungen.',
    hint: '',
  },
  'connection.url-proxy-variable': {
    message: 'Die Adresse ist wohlgeformt: {host}, über den Proxy {proxy} aus der Variablen {variable}.',
    hint: '',
  },
  'connection.url-proxy-system': {
    message: 'Die Adresse ist wohlgeformt: {host}, über den Proxy {proxy} aus den Einstellungen des Systems.',
    hint: '',
  },
  'connection.url-direct': {
    message: 'Die Adresse ist wohlgeformt: {host}. {detail}',
    hint: 'Führt nur ein Proxy aus Ihrem Netz, tragen Sie ihn in den Backend-Einstellungen ein.',
  },
  'connection.system-proxy-late': {
    message: 'Das System hat innerhalb von {seconds} Sekunden keinen Proxy genannt; es geht ohne weiter.',
    hint: '',
  },
  'connection.system-proxy-failed': {
    message: 'Das System konnte nicht sagen, welcher Proxy zu verwenden ist; es geht ohne weiter.',
    hint: '',
  },
  'connection.system-proxy-unreadable': {
    message: 'Was das System über seinen Proxy sagt, ergibt keinen Sinn; es geht ohne weiter.',
    hint: '',
  },
  'connection.credential': { message: 'Zugangsdaten sind vorhanden; sie werden als {kind} gesendet.', hint: '' },
  'connection.credential-none': { message: 'Es werden keine Zugangsdaten gesendet.', hint: '' },
  'connection.dns-address': {
    message: '{host} ist schon eine Adresse; kein Name war aufzulösen.',
    hint: '',
  },
  'connection.dns': { message: '{host} ist {addresses}.', hint: '' },
  'connection.connect': { message: 'Verbunden mit {address}, Port {port}.', hint: '' },
  'connection.connect-proxy': { message: 'Verbunden über den Proxy bei {address}, Port {port}.', hint: '' },
  'connection.connect-instead': {
    message: 'Verbunden über {address}, Port {port}, da der Proxy {proxy} nicht zu erreichen ist.',
    hint: 'Sagen Sie es Ihrem Administrator: Das System nennt diesen Proxy als ersten.',
  },
  'connection.tls.one': { message: '{protocol}; Zertifikat von {issuer}, noch {count}\u00a0Tag gültig.', hint: '' },
  'connection.tls.other': { message: '{protocol}; Zertifikat von {issuer}, noch {count}\u00a0Tage gültig.', hint: '' },
  'connection.tls-ending.one': {
    message: '{protocol}; Zertifikat von {issuer}, nur noch {count}\u00a0Tag gültig.',
    hint: 'Erinnern Sie den Betreiber des Backends daran, es zu erneuern.',
  },
  'connection.tls-ending.other': {
    message: '{protocol}; Zertifikat von {issuer}, nur noch {count}\u00a0Tage gültig.',
    hint: 'Erinnern Sie den Betreiber des Backends daran, es zu erneuern.',
  },
  'connection.tls-none': { message: 'Nicht verschlüsselt; das ist nur auf diesem Computer erlaubt.', hint: '' },
  'connection.http': { message: 'Das Backend hat mit Status {status} geantwortet.', hint: '' },
  'connection.shape': { message: 'Das Token steht, wo es soll: bei „{path}“.', hint: '' },
  'connection.claims': { message: 'Gültigkeit des Tokens: noch {remaining}.', hint: '' },
  'connection.claims-differ': {
    message: 'Gültigkeit des Tokens: noch {remaining}; die Antwort daneben sagt etwas anderes.',
    hint: 'Nichts zu tun: Limpid richtet sich nach dem Token selbst.',
  },
  'connection.clock': { message: 'Die Uhren stimmen auf {seconds}\u00a0s überein.', hint: '' },
  'connection.clock-ahead': {
    message: 'Die Uhr dieses Computers geht gegenüber dem Backend vor, um {difference}.',
    hint: 'Lassen Sie das System Datum und Uhrzeit selbst stellen; bis dahin richtet sich Limpid nach der Uhr des Backends.',
  },
  'connection.clock-behind': {
    message: 'Die Uhr dieses Computers geht gegenüber dem Backend nach, um {difference}.',
    hint: 'Lassen Sie das System Datum und Uhrzeit selbst stellen; bis dahin richtet sich Limpid nach der Uhr des Backends.',
  },
  'connection.clock-unknown': {
    message: 'Die Antwort hat kein Datum, also lassen sich die Uhren nicht vergleichen.',
    hint: 'Halten Sie die Uhr dieses Computers richtig: Token werden nach ihr beurteilt.',
  },
  'connection.skipped': { message: 'Nicht versucht, weil vorher etwas fehlschlug.', hint: '' },
} as const satisfies Record<keyof typeof en, Message>;
