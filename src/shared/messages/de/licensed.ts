import type { licensed as en } from '../en/licensed.js';
import type { Message } from '../index.js';

/** Die lizenzierte Engine: ihre Bibliothek, ihre Modelle, ihre Antworten. `{name}` und `{code}` sind die des Herstellers. */
export const licensed = {
  'status.standing-in': {
    message: 'Verbessert {input} mit {engine} statt {wished}; zu hören über {output}.',
    hint: 'Limpid wechselt von selbst zurück.',
  },
  'status.passing-instead': {
    message: 'Ihre Stimme läuft unverändert durch, weil {wished} gerade nicht arbeiten kann.',
    hint: 'Limpid wechselt von selbst zurück.',
  },

  'aic.active': { message: 'Die ai-coustics-Engine arbeitet.', hint: 'Es ist nichts zu tun.' },
  'aic.loading': { message: 'Die ai-coustics-Engine wird geladen.', hint: 'Das dauert einen Moment.' },
  'aic.waiting-token': {
    message: 'Die ai-coustics-Engine wartet auf ihr erstes Token.',
    hint: 'Limpid holt es von selbst; dauert es lange, sehen Sie auf die Token-Karte.',
  },
  'aic.no-token-because': {
    message: 'Die ai-coustics-Engine hat noch kein Token. {reason}',
    hint: 'Limpid versucht es weiter; mehr steht auf der Token-Karte und auf dem Backend-Bildschirm.',
  },
  'aic.not-allowed': {
    message: 'ai-coustics erlaubt dieser Lizenz gerade keine Verbesserung.',
    hint: 'Limpid verlangt weiter ein neues Token. Fragen Sie den Betreiber Ihres Backends, ob die Lizenz entzogen wurde ({name},\u00a0{code}).',
  },
  'aic.expired': {
    message: 'Das Token der ai-coustics-Engine ist abgelaufen.',
    hint: 'Limpid holt sofort ein neues. Kommt das wieder vor, prüfen Sie die Uhr dieses Computers ({name},\u00a0{code}).',
  },
  'aic.expired-because': {
    message: 'Das Token der ai-coustics-Engine ist abgelaufen, und es kam kein neues. {reason}',
    hint: 'Starten Sie die Prüfungen unter „Diagnose“, um zu sehen, warum.',
  },
  'aic.token-invalid': {
    message: 'Die ai-coustics-Engine nimmt das Token nicht an, das vom Backend kommt.',
    hint: 'Fragen Sie den Betreiber Ihres Backends, ob es Token für das ai-coustics SDK ausstellt ({name},\u00a0{code}).',
  },
  'aic.token-version': {
    message: 'Diese Version der ai-coustics-Bibliothek nimmt diese Art von Token nicht an.',
    hint: 'Installieren Sie die aktuelle Bibliothek mit „limpid sdk install“ ({name},\u00a0{code}).',
  },
  'aic.token-unsupported': {
    message: 'Die ai-coustics-Engine konnte ihr Token nicht im Betrieb wechseln und wurde neu gestartet.',
    hint: 'Es ist nichts zu tun. Kommt das wieder vor, lassen Sie das Backend Token statt Lizenzschlüssel ausgeben ({name},\u00a0{code}).',
  },
  'aic.engine-problem': {
    message: 'Die ai-coustics-Engine hat den Ton abgelehnt.',
    hint: 'Schalten Sie Limpid aus und ein. Kommt das wieder vor, installieren Sie die aktuelle Bibliothek mit „limpid sdk install“ ({name},\u00a0{code}).',
  },
  'aic.model-invalid': {
    message: 'Das ai-coustics-Modell ist beschädigt oder kein Modell.',
    hint: 'Installieren Sie es noch einmal mit „limpid models install“ ({name},\u00a0{code}).',
  },
  'aic.model-version': {
    message: 'Das ai-coustics-Modell gehört zu einer anderen Version der Bibliothek.',
    hint: 'Installieren Sie das passende mit „limpid models install“ ({name},\u00a0{code}).',
  },
  'aic.model-path': {
    message: 'Die ai-coustics-Bibliothek kann mit dem Pfad des Modells nichts anfangen.',
    hint: 'Prüfen Sie den Pfad des Modells auf dem Backend-Bildschirm, oder installieren Sie es mit „limpid models install“ ({name},\u00a0{code}).',
  },
  'aic.model-unreadable': {
    message: 'Das ai-coustics-Modell war nicht lesbar.',
    hint: 'Prüfen Sie, ob Sie die Datei lesen dürfen, oder installieren Sie sie noch einmal mit „limpid models install“ ({name},\u00a0{code}).',
  },
  'aic.model-type': {
    message: 'Dieses ai-coustics-Modell ist nicht von der Art, die hier gebraucht wird.',
    hint: 'Wählen Sie ein Modell, das eine Stimme verbessert; ein Modell, das Sprache erkennt, gehört in sein eigenes Feld ({name},\u00a0{code}).',
  },
  'aic.no-model': {
    message: 'Es ist kein ai-coustics-Modell installiert.',
    hint: '„limpid models list“ zeigt, was es gibt; „limpid models install“ installiert eines.',
  },
  'aic.model-missing': {
    message: 'Bei {detail} gibt es kein ai-coustics-Modell.',
    hint: 'Berichtigen Sie den Pfad, oder installieren Sie ein Modell mit „limpid models install“.',
  },
  'licensed.path-not-absolute': {
    message: 'Der Pfad {path} ist nicht vollständig.',
    hint: 'Geben Sie den Pfad ab der Wurzel des Laufwerks an.',
  },
  'licensed.path-on-server': {
    message: 'Der Pfad {path} führt zu einem anderen Computer.',
    hint: 'Kopieren Sie die Datei auf ein Laufwerk dieses Computers, und geben Sie den Pfad dort an.',
  },
  'aic.library-missing': {
    message: 'Die ai-coustics-Bibliothek wurde nicht gefunden: {detail}.',
    hint: 'Installieren Sie sie mit „limpid sdk install“, oder setzen Sie AIC_LIB_PATH auf ihren Ort.',
  },
  'aic.library-unloadable': {
    message: 'Die ai-coustics-Bibliothek lässt sich auf diesem Computer nicht öffnen: {detail}.',
    hint: 'Installieren Sie die für dieses System und diesen Prozessor mit „limpid sdk install“.',
  },
  'aic.library-too-old': {
    message: 'Die ai-coustics-Bibliothek ist zu alt: {detail}. Limpid braucht 0.22 oder neuer.',
    hint: 'Installieren Sie die aktuelle mit „limpid sdk install“.',
  },
  'aic.library-incomplete': {
    message: 'Der ai-coustics-Bibliothek fehlt etwas, das Limpid braucht: {detail}.',
    hint: 'Installieren Sie die aktuelle mit „limpid sdk install“.',
  },
  'aic.no-token': {
    message: 'Die ai-coustics-Engine hat noch kein Token.',
    hint: 'Richten Sie auf dem Backend-Bildschirm ein Backend ein, oder setzen Sie LIMPID_BACKEND_URL und LIMPID_BACKEND_CREDENTIAL.',
  },
  'aic.vendor': {
    message: 'Die ai-coustics-Bibliothek hat mit dem Code {detail} geantwortet.',
    hint: 'Installieren Sie die aktuelle Bibliothek mit „limpid sdk install“, und versuchen Sie es erneut.',
  },
  'aic.closed': {
    message: 'Die ai-coustics-Engine wurde geschlossen.',
    hint: 'Schalten Sie Limpid aus und ein.',
  },
} as const satisfies Record<keyof typeof en, Message>;
