import type { server as en } from '../en/server.js';
import type { Message } from '../index.js';

/** Das Token-Backend, das Kunden selbst betreiben (`limpid backend`). */
export const server = {
  'server.configuration': {
    message:
      'Die Konfiguration des Token-Backends ist nicht verwendbar ({count} ihrer Einstellungen, oben einzeln genannt).',
    hint: 'Berichtigen Sie sie, und prüfen Sie dann noch einmal mit „limpid backend --check“.',
  },
  'server.port-in-use': {
    message: 'Auf Port {port} von {host} lauscht schon ein anderes Programm.',
    hint: 'Beenden Sie es, oder wählen Sie mit --port oder LIMPID_TOKENS_PORT einen anderen Port.',
  },
  'server.port-privileged': {
    message: 'Dieser Benutzer darf nicht auf Port {port} lauschen.',
    hint: 'Wählen Sie mit --port oder LIMPID_TOKENS_PORT einen ab 1024, und stellen Sie einen Load-Balancer davor.',
  },
  'server.host-unknown': {
    message: '{host} ist keine Adresse dieses Computers.',
    hint: 'Geben Sie mit --host oder LIMPID_TOKENS_HOST eine eigene an: 127.0.0.1 nur für diesen Computer, 0.0.0.0 für das Netz.',
  },
  'server.not-listening': {
    message: 'Das Token-Backend konnte nicht auf Port {port} von {host} lauschen ({detail}).',
    hint: 'Prüfen Sie --host und --port, oder LIMPID_TOKENS_HOST und LIMPID_TOKENS_PORT.',
  },
  'server.client-exists': {
    message: 'In {path} gibt es schon einen Client „{name}“.',
    hint: 'Wählen Sie einen anderen Namen, oder entfernen Sie zuerst jenen Eintrag; damit verfällt sein Schlüssel.',
  },
  'server.file-invalid': {
    message: '{path} ist ab Zeile {line}, Spalte {column} kein gültiges JSON oder YAML ({detail}).',
    hint: 'Berichtigen Sie die Datei, oder lassen Sie den Eintrag mit --print ausgeben und fügen Sie ihn selbst ein.',
  },
  'server.file-locked': {
    message: '{path} wird gerade von einem anderen Programm geändert: {lock} ist da.',
    hint: 'Läuft keines mehr, löschen Sie diese Datei, und fügen Sie den Client noch einmal hinzu.',
  },
  'server.file-odd': {
    message: '{path} hat keine Liste „clients“ in „callers“, in die einer aufgenommen werden könnte.',
    hint: 'Prüfen Sie mit „limpid backend --check“, oder lassen Sie den Eintrag mit --print ausgeben und fügen Sie ihn selbst ein.',
  },
  'server.file-unwritable': {
    message: '{path} lässt sich nicht ändern ({detail}).',
    hint: 'Prüfen Sie, ob der Ordner da ist und Sie dort schreiben dürfen, oder lassen Sie den Eintrag mit --print ausgeben und fügen Sie ihn selbst ein.',
  },
  'usage.client-name': {
    message: 'So kann ein Client nicht heißen.',
    hint: 'Geben Sie 1 bis 100 Zeichen an, zum Beispiel „empfang“.',
  },
  'usage.provider': {
    message: 'Die Option --provider kann nicht „{value}“ sein.',
    hint: 'Geben Sie eines von {providers} an, auf Wunsch mit Obergrenzen: soniox:expires_in_seconds=300,max_session_duration_seconds=3600.',
  },
  'usage.provider-twice': {
    message: 'Die Option --provider nennt {provider} zweimal.',
    hint: 'Nennen Sie es einmal, mit allen Obergrenzen: {provider}:feld=max,feld=max.',
  },
  'usage.ceiling-twice': {
    message: 'Die Option --provider gibt die Obergrenze „{field}“ von {provider} zweimal an.',
    hint: 'Geben Sie sie einmal an.',
  },
  'usage.ceiling': {
    message: 'Ein Client von {provider} kann die Obergrenze „{value}“ nicht haben.',
    hint: '{allowed}.',
  },
} as const satisfies Record<keyof typeof en, Message>;
