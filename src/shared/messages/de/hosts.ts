import type { hosts as en } from '../en/hosts.js';
import type { Message } from '../index.js';

/** Was zwischen der App und ihren Fenstern steht: der Durchlass, das Fenster von Electron, das Panel im Browser. */
export const hosts = {
  'gateway.sender': {
    message: 'Eine Seite, die kein Fenster von Limpid ist, hat etwas verlangt.',
    hint: 'Verwenden Sie das Fenster, das Limpid geöffnet hat, oder öffnen Sie einen neuen Link von „limpid panel“.',
  },
  'gateway.unknown-call': {
    message: 'Das Fenster hat „{name}“ verlangt; das kennt Limpid nicht.',
    hint: 'Laden Sie das Fenster neu; bleibt es so, installieren Sie Limpid neu.',
  },
  'gateway.argument': {
    message: 'Das Fenster hat „{name}“ mit einem Wert verlangt, der nicht erlaubt ist.',
    hint: 'Laden Sie das Fenster neu; bleibt es so, installieren Sie Limpid neu.',
  },
  'help.no-sound-server': {
    message: 'Unter Linux braucht das Mikrofon für andere Programme einen Soundserver, und es läuft keiner.',
    hint: 'Installieren oder starten Sie PipeWire (mit pipewire-pulse) oder PulseAudio; dann bietet Limpid sein eigenes Mikrofon an.',
  },
  'link.refused': {
    message: 'Die Adresse {url} öffnet Limpid nicht.',
    hint: 'Öffnen Sie sie selbst im Browser, wenn Sie ihr vertrauen.',
  },
  'link.cannot-open': {
    message: 'Für {url} ließ sich kein Browser starten.',
    hint: 'Kopieren Sie die Adresse in Ihren Browser.',
  },
  'panel.disconnected': {
    message: 'Die Verbindung zu Limpid ist unterbrochen.',
    hint: 'Die Seite versucht es von selbst erneut; kommt sie nicht wieder, starten Sie „limpid panel“ noch einmal.',
  },
  'panel.link-needed': {
    message: 'Dieser Browser darf Limpid noch nicht steuern, oder sein Link wurde schon benutzt.',
    hint: 'Führen Sie „limpid panel --new-link“ aus, und öffnen Sie die Adresse, die dort steht.',
  },
  'panel.overloaded': {
    message: 'Diese Seite hat zu viele Fragen zugleich offen.',
    hint: 'Warten Sie einen Moment, und versuchen Sie es erneut.',
  },
  'panel.port-busy': {
    message: 'Port {port} auf 127.0.0.1 ist belegt oder nicht erlaubt.',
    hint: 'Wählen Sie mit --port einen anderen, oder lassen Sie die Angabe weg, um einen freien zu nehmen.',
  },
  'panel.running': {
    message: 'Das Panel läuft schon auf Port {port}.',
    hint: '„limpid panel --new-link“ gibt einen weiteren Link dorthin.',
  },
  'panel.not-running': {
    message: 'Für diese Einstellungen läuft kein Panel.',
    hint: 'Starten Sie eines mit „limpid panel“.',
  },
  'panel.not-built': {
    message: 'Die Seiten des Panels fehlen.',
    hint: 'Führen Sie „npm run build:app“ aus, und versuchen Sie es erneut.',
  },
  'panel.not-opened': {
    message: 'Es ließ sich kein Browser starten.',
    hint: 'Kopieren Sie die Adresse in Ihren Browser.',
  },
  'panel.ready': {
    message: 'Limpid läuft im Browser: {url}',
    hint: 'Die Adresse gilt für einen Browser; „limpid panel --new-link“ gibt eine weitere. Strg-C beendet Limpid.',
  },
  'permission.no-settings': {
    message: 'Dieses System hat keine Seite für die Mikrofonfreigabe.',
    hint: 'Prüfen Sie die Klangeinstellungen Ihres Desktops.',
  },
  mishap: {
    message: 'In Limpid ist ein unerwarteter Fehler aufgetreten; der Ton läuft weiter, wo es geht.',
    hint: 'Wenn etwas nicht mehr geht, speichern Sie unter Diagnose ein Diagnosepaket, und starten Sie Limpid dann neu.',
  },
  'window.crashed': {
    message: 'Das Fenster hat sich innerhalb einer Minute dreimal unerwartet geschlossen; der Ton läuft weiter.',
    hint: 'Öffnen Sie es noch einmal, oder beenden Sie Limpid.',
  },
  'window.crashed.reopen': { message: 'Noch einmal öffnen', hint: '' },
  'window.crashed.quit': { message: 'Limpid beenden', hint: '' },
} as const satisfies Record<keyof typeof en, Message>;
