import type { downloads as en } from '../en/downloads.js';
import type { Message } from '../index.js';

/** Installation der Bibliothek und der Modelle der lizenzierten Engine. */
export const downloads = {
  'download.base-url': {
    message: 'Die Adresse, die {name} für Downloads angibt, ist nicht erlaubt.',
    hint: 'Verwenden Sie eine https-Adresse ohne Benutzernamen und Fragezeichen; http nur für diesen Computer selbst.',
  },
  'download.dns': {
    message: 'Der Server {host} wurde nicht gefunden.',
    hint: 'Prüfen Sie die Internetverbindung; wo ein Proxy nötig ist, setzen Sie HTTPS_PROXY.',
  },
  'download.unreachable': {
    message: 'Der Server {host} ist nicht erreichbar ({detail}).',
    hint: 'Prüfen Sie Verbindung und Firewall, und versuchen Sie es erneut; wo ein Proxy nötig ist, setzen Sie HTTPS_PROXY.',
  },
  'download.proxy': {
    message: 'Der Proxy lässt Limpid nicht zu {host} durch ({detail}).',
    hint: 'Prüfen Sie HTTPS_PROXY, oder bitten Sie den Betreiber des Netzes, diesen Server zu erlauben.',
  },
  'download.tls': {
    message: 'Die Verbindung zu {host} ist nicht sicher: Dem Zertifikat ist nicht zu trauen ({detail}).',
    hint: 'Prüfen Sie die Uhr dieses Computers; hat das Netz eigene Zertifikate, setzen Sie NODE_EXTRA_CA_CERTS auf deren Datei.',
  },
  'download.tls-untrusted': {
    message: 'Das Zertifikat von {host} stammt von „{issuer}“; dieser Stelle vertraut Limpid nicht.',
    hint: 'Ist das die Zertifizierungsstelle Ihres Netzes oder Ihrer Firma, setzen Sie NODE_EXTRA_CA_CERTS auf die Datei mit ihrem Zertifikat.',
  },
  'download.timeout': {
    message: 'Der Server {host} antwortet nicht mehr.',
    hint: 'Führen Sie den Befehl noch einmal aus: Er macht dort weiter, wo er stehen blieb.',
  },
  'download.interrupted': {
    message: 'Die Verbindung zu {host} ist abgerissen.',
    hint: 'Führen Sie den Befehl noch einmal aus: Er macht dort weiter, wo er stehen blieb.',
  },
  'download.redirect': {
    message: 'Der Server {host} verweist auf eine unsichere Adresse oder im Kreis.',
    hint: 'Prüfen Sie die Adresse für Downloads, oder versuchen Sie es später.',
  },
  'download.not-found': {
    message: '{url} gibt es nicht.',
    hint: 'Prüfen Sie die Version; kommen Downloads von einem eigenen Server, prüfen Sie, ob er diese Datei hat.',
  },
  'download.forbidden': {
    message: 'Der Server gibt {url} nicht heraus (Status {status}).',
    hint: 'Fragen Sie den Betreiber des Servers oder des Netzes.',
  },
  'download.server-error': {
    message: 'Der Server {host} hat selbst eine Störung (Status {status}).',
    hint: 'Versuchen Sie es in einigen Minuten erneut.',
  },
  'download.unexpected-status': {
    message: 'Der Server hat auf {url} mit Status {status} geantwortet; das ist kein Download.',
    hint: 'Prüfen Sie die Adresse für Downloads.',
  },
  'download.web-page': {
    message: 'Statt {url} kam eine Webseite.',
    hint: 'Sehen Sie in einem Browser nach, ob dieses Netz eine Anmeldung verlangt, und versuchen Sie es dann erneut.',
  },
  'download.too-large': {
    message: '{url} ist größer als {limitMb}\u00a0MB und wurde nicht angenommen.',
    hint: 'Prüfen Sie die Adresse für Downloads.',
  },
  'download.hash-mismatch': {
    message: 'Was als {file} geladen wurde, ist nicht das Richtige und wurde verworfen.',
    hint: 'Versuchen Sie es erneut; kommt es wieder vor, meiden Sie diese Quelle und sagen Sie es dem Betreiber.',
  },
  'download.disk-full': {
    message: 'Das Laufwerk ist voll: {path}.',
    hint: 'Schaffen Sie Platz, und führen Sie den Befehl noch einmal aus, oder nennen Sie in LIMPID_DATA_DIR einen anderen Ordner.',
  },
  'download.unwritable': {
    message: 'Limpid kann {path} nicht schreiben ({detail}).',
    hint: 'Prüfen Sie die Rechte dieses Ordners, und schließen Sie andere Limpids, oder nennen Sie in LIMPID_DATA_DIR einen anderen Ordner.',
  },

  'archive.damaged': {
    message: 'Das Archiv ist beschädigt und lässt sich nicht auspacken.',
    hint: 'Prüfen Sie --sha256 und woher das Archiv stammt.',
  },
  'archive.unsafe': {
    message:
      'Das Archiv enthält „{path}“; das ist keine einfache Datei oder landete in einem anderen Ordner. Es wurde nichts installiert.',
    hint: 'Verwenden Sie dieses Archiv nicht; holen Sie es beim Hersteller.',
  },
  'archive.too-large': {
    message: 'Das Archiv enthält mehr als {limitMb}\u00a0MB; es wurde nichts installiert.',
    hint: 'Verwenden Sie dieses Archiv nicht; holen Sie es beim Hersteller.',
  },
  'archive.too-many': {
    message: 'Das Archiv enthält mehr als {limit} Dateien; es wurde nichts installiert.',
    hint: 'Verwenden Sie dieses Archiv nicht; holen Sie es beim Hersteller.',
  },

  'sdk.version': {
    message: '„{version}“ ist keine Version der Bibliothek.',
    hint: 'Schreiben Sie drei Zahlen, etwa 0.25.1.',
  },
  'sdk.version-too-old': {
    message: 'Version {version} der Bibliothek ist zu alt für Limpid.',
    hint: 'Verwenden Sie {oldest} oder neuer.',
  },
  'sdk.unsupported-platform': {
    message: 'Der Hersteller hat keine Bibliothek für {platform}.',
    hint: 'Verwenden Sie die eingebaute Engine; sie läuft hier.',
  },
  'sdk.sha256': {
    message: 'Was mit --sha256 angegeben wurde, ist kein SHA-256.',
    hint: 'Geben Sie die 64 hexadezimalen Ziffern an, wie „sha256sum“ sie zeigt.',
  },
  'sdk.no-checksum': {
    message: 'Für {archive} ist kein SHA-256 bekannt, und ohne wird nichts installiert.',
    hint: 'Prüfen Sie, ob der Hersteller Version {version} veröffentlicht hat, oder geben Sie dessen Prüfsumme mit --sha256 an.',
  },
  'sdk.no-library': {
    message: 'Das Archiv enthält die Bibliothek {library} nicht.',
    hint: 'Prüfen Sie, ob es das Archiv des Herstellers für dieses System ist, oder versuchen Sie eine andere Version.',
  },
  'sdk.licence-question': {
    message: 'Die Bibliothek ai-coustics SDK {version} steht unter der eigenen Lizenz ihres Herstellers: {url}',
    hint: 'Nehmen Sie diese Lizenz an?',
  },
  'sdk.licence-not-accepted': {
    message:
      'Die Bibliothek steht unter der eigenen Lizenz ihres Herstellers ({url}), die hier niemand angenommen hat.',
    hint: 'Lesen Sie sie, und führen Sie den Befehl mit --accept-licence noch einmal aus, wenn Sie sie annehmen.',
  },
  'sdk.licence-declined': {
    message: 'Die Lizenz des Herstellers wurde nicht angenommen; es wurde nichts installiert.',
    hint: 'Verwenden Sie die eingebaute Engine, oder führen Sie den Befehl noch einmal aus und nehmen Sie die Lizenz an.',
  },

  'model.manifest': {
    message: 'Die Liste der Modelle ist nicht lesbar.',
    hint: 'Versuchen Sie es später; kommt sie von einem eigenen Server, prüfen Sie LIMPID_MODELS_BASE_URL.',
  },
  'model.unknown': {
    message: 'Das Modell „{id}“ gibt es nicht.',
    hint: '„limpid models list“ zeigt die Modelle.',
  },
  'model.incompatible': {
    message: 'Die Bibliothek nimmt Modelle der Version {version}; {id} hat nur: {versions}.',
    hint: 'Wählen Sie mit „limpid models list“ ein passendes, oder installieren Sie eine andere Version der Bibliothek.',
  },
  'model.no-library': {
    message: 'Welche Modelle passen, ist erst bekannt, wenn die Bibliothek installiert ist, und das ist sie nicht.',
    hint: 'Führen Sie zuerst „limpid sdk install“ aus.',
  },
} as const satisfies Record<keyof typeof en, Message>;
