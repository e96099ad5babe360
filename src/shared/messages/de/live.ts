import type { live as en } from '../en/live.js';
import type { Message } from '../index.js';

/** Geräte, Engines und der laufende Ton. Fehler des Kerns füllen nur `{detail}`. */
export const live = {
  'status.off': { message: 'Aus.', hint: 'Schalten Sie Limpid ein, um Ihre Stimme zu entrauschen.' },
  'status.starting': { message: 'Von {input} zu {output}.', hint: 'Das dauert einen Moment.' },
  'status.preparing': { message: 'Die Engine wird vorbereitet.', hint: 'Das dauert einen Moment.' },
  'status.question': { message: 'Wartet auf Ihre Antwort.', hint: 'Beantworten Sie die Frage, dann geht es weiter.' },
  'status.asking-permission': {
    message: 'Wartet auf die Erlaubnis, das Mikrofon zu benutzen.',
    hint: 'Beantworten Sie die Frage des Systems.',
  },
  'status.enhancing': {
    message: 'Verbessert {input} mit {engine}; zu hören über {output}.',
    hint: 'Ihre Stimme ist klar.',
  },
  'status.passing-bypass': {
    message: 'Ihre Stimme läuft unverändert durch, weil der Bypass an ist.',
    hint: 'Schalten Sie den Bypass aus, um Ihre Stimme wieder zu entrauschen.',
  },
  'status.passing-engine': {
    message: 'Ihre Stimme läuft unverändert durch, weil keine verbessernde Engine gewählt ist.',
    hint: 'Wählen Sie eine Engine, um Ihre Stimme zu entrauschen.',
  },
  'status.passing-level': {
    message: 'Ihre Stimme läuft unverändert durch, weil die Stärke null ist.',
    hint: 'Erhöhen Sie die Stärke, um Ihre Stimme zu entrauschen.',
  },
  'status.passing-failed': {
    message: 'Ihre Stimme läuft unverändert durch, weil {engine} ausgefallen ist ({reason}).',
    hint: 'Starten Sie die Engine neu, um es noch einmal zu versuchen.',
  },
  'status.muted-feedback': {
    message: 'Stummgeschaltet, weil das Mikrofon den Lautsprecher hört.',
    hint: 'Nehmen Sie Kopfhörer, oder stellen Sie den Lautsprecher leiser; heben Sie dann die Stummschaltung auf.',
  },
  'input.silent': {
    message: 'Von {input} kommt nichts als digitale Stille.',
    hint: 'Prüfen Sie, ob das Mikrofon durch eine Taste, einen Schalter oder das System stumm ist, oder wählen Sie ein anderes.',
  },
  'status.streams-closed': { message: 'die Tonströme wurden geschlossen', hint: '' },
  'status.no-delivery': { message: 'das Gerät liefert nichts mehr', hint: '' },
  'status.engine-crashed': { message: 'sie ist abgestürzt', hint: '' },
  'status.engine-bad-output': { message: 'sie hat unbrauchbaren Ton geliefert', hint: '' },
  'status.unknown': { message: 'unbekannt', hint: '' },
  'status.microphone': { message: 'Mikrofon', hint: '' },
  'status.stalled': { message: 'Der Ton steht: {detail}.', hint: 'Limpid startet ihn gleich von selbst neu.' },
  'status.restarting': {
    message: 'Der Ton wird neu gestartet: {detail}.',
    hint: 'Kommt er nicht wieder, stecken Sie das Gerät ab und wieder an.',
  },
  'status.waiting-input': {
    message: 'Wartet, bis {name} wieder da ist.',
    hint: 'Stecken Sie das Mikrofon wieder an, oder wählen Sie ein anderes.',
  },
  'status.waiting-output': {
    message: 'Wartet, bis {name} wieder da ist.',
    hint: 'Stecken Sie den Ausgang wieder an, oder wählen Sie einen anderen.',
  },
  'status.waiting-microphone': {
    message: 'Wartet auf ein Mikrofon.',
    hint: 'Stecken Sie eines an, oder wählen Sie einen Eingang aus der Liste.',
  },
  'status.waiting-retry': {
    message: 'Wartet kurz und öffnet die Geräte dann noch einmal.',
    hint: 'Limpid versucht es von selbst; dauert es lange, wählen Sie ein anderes Gerät.',
  },
  'status.failed': {
    message: 'Aus, weil der Start fehlgeschlagen ist.',
    hint: 'Folgen Sie dem Rat oben, und schalten Sie wieder ein.',
  },

  'question.speakers': {
    message: 'Über {output} wiedergeben, während {input} mithört?',
    hint: 'Ein Lautsprecher neben dem Mikrofon kann pfeifen. Kopfhörer sind besser.',
  },

  'output.not-chosen': {
    message: 'Es wurde kein Ausgang gewählt; bis dahin ist nichts zu hören.',
    hint: 'Wählen Sie, wohin die klare Stimme geht.',
  },
  'output.virtual-in-use': {
    message: 'Ein anderes Limpid (Prozess {pid}) stellt das Limpid-Mikrofon schon bereit.',
    hint: 'Schließen Sie das andere Limpid, oder wählen Sie einen anderen Ausgang.',
  },
  'output.virtual-name-taken': {
    message: 'Der Soundserver hat schon ein Gerät namens {name}, das nicht von Limpid ist.',
    hint: 'Entfernen Sie dieses Gerät (pactl unload-module), oder wählen Sie einen anderen Ausgang.',
  },
  'output.virtual-unsupported': {
    message: 'Das Limpid-Mikrofon braucht Linux mit PulseAudio oder PipeWire.',
    hint: 'Installieren Sie ein virtuelles Kabel wie VB-Cable oder BlackHole, und wählen Sie es als Ausgang.',
  },
  'sound-server.unavailable': {
    message: 'Der Soundserver hat nicht geantwortet: {detail}.',
    hint: 'Prüfen Sie, ob PulseAudio oder PipeWire läuft und pactl (pulseaudio-utils) installiert ist.',
  },

  'permission.denied': {
    message: 'Das System lässt Limpid das Mikrofon nicht benutzen.',
    hint: 'Erlauben Sie Limpid in den Datenschutzeinstellungen des Systems den Zugriff auf das Mikrofon, und versuchen Sie es dann erneut.',
  },

  'device.lost': {
    message: '{name} ist nicht mehr da.',
    hint: 'Stecken Sie es wieder an, oder wählen Sie ein anderes Gerät. War Ihre Stimme an, läuft sie dann von selbst weiter.',
  },
  'device.awaited': {
    message: '{name} soll jetzt benutzt werden, ist aber nicht da; die Stimme läuft mit {input} und {output} weiter.',
    hint: 'Stecken Sie es an; sobald Limpid es findet, wechselt es dorthin.',
  },
  'device.awaits-answer': {
    message:
      'Das eingebaute Mikrofon soll jetzt neben den eingebauten Lautsprechern benutzt werden; bis Sie zustimmen, läuft die Stimme mit {input} und {output} weiter.',
    hint: 'Schalten Sie Limpid aus und wieder ein, dann werden Sie gefragt; oder benutzen Sie Kopfhörer.',
  },
  'device.ambiguous': {
    message: 'Auf „{detail}“ passt mehr als ein Gerät: {candidates}.',
    hint: 'Verwenden Sie eine der Kennungen in Klammern.',
  },
  'device.unknown': {
    message: 'Ein solches Gerät gibt es nicht: {detail}.',
    hint: '„limpid devices“ zeigt, was es gibt.',
  },
  'device.busy': {
    message: 'Ein anderes Programm benutzt gerade das Gerät.',
    hint: 'Schließen Sie das andere Programm, oder wählen Sie ein anderes Gerät. Das Soundsystem meldet: {detail}.',
  },
  'device.rate-refused': {
    message: 'Das Gerät unterstützt weder 48\u00a0kHz noch seine eigene Standardrate: {detail}.',
    hint: 'Wählen Sie ein anderes Gerät, oder ändern Sie seine Rate in den Systemeinstellungen.',
  },
  'device.none': {
    message: 'Dieser Computer hat dafür kein Gerät: {detail}.',
    hint: 'Stecken Sie ein Mikrofon oder Kopfhörer an, und führen Sie „limpid doctor“ aus.',
  },
  'device.failed': {
    message: 'Das Soundsystem hat das Gerät abgelehnt: {detail}.',
    hint: 'Stecken Sie das Gerät ab und wieder an, oder wählen Sie ein anderes.',
  },
  'device.hung': {
    message: 'Das Soundsystem hat nicht innerhalb von 5\u00a0s geantwortet: {detail}.',
    hint: 'Starten Sie Limpid neu; kommt es wieder vor, stecken Sie das Gerät ab und wieder an.',
  },
  'live.start-timeout': {
    message: 'Der Ton ist nicht innerhalb von {seconds}\u00a0s gestartet.',
    hint: 'Versuchen Sie es erneut; kommt es wieder vor, starten Sie Limpid oder den Computer neu.',
  },
  'live.stop-timeout': {
    message: 'Der Ton hat nicht innerhalb von {seconds}\u00a0s angehalten.',
    hint: 'Starten Sie Limpid neu; kommt es wieder vor, stecken Sie das Gerät ab und wieder an.',
  },

  'engine.name.gtcrn': { message: 'die eingebaute Engine', hint: '' },
  'engine.name.with-gtcrn': { message: 'der eingebauten Engine', hint: '' },
  'engine.unknown': {
    message: 'Die Engine „{detail}“ gibt es nicht.',
    hint: 'Verwenden Sie gtcrn, aic oder bypass.',
  },
  'engine.prepare-failed': {
    message: 'Die Engine ließ sich nicht vorbereiten: {detail}.',
    hint: 'Schließen Sie andere Programme, um Speicher frei zu machen, oder verwenden Sie die Engine bypass.',
  },
  'engine.failed': {
    message: 'Die Engine ist ausgefallen: {detail}.',
    hint: 'Versuchen Sie es erneut, oder verwenden Sie die Engine bypass.',
  },
  'engine.passing-through': {
    message: 'Ihre Stimme läuft unverändert durch, weil {engine} ausgefallen ist ({reason}).',
    hint: 'Starten Sie die Engine neu, um es noch einmal zu versuchen.',
  },
  'engine.standing-in': {
    message: 'Die eingebaute Engine springt ein, weil {engine} ausgefallen ist ({reason}).',
    hint: 'Starten Sie die Engine neu, um es noch einmal zu versuchen.',
  },
  'feedback.muted': {
    message: 'Der Ausgang wurde stummgeschaltet, weil das Mikrofon ihn hört.',
    hint: 'Nehmen Sie Kopfhörer, oder stellen Sie den Lautsprecher leiser; heben Sie dann die Stummschaltung auf.',
  },
  'native.missing': {
    message: 'Der Audiokern konnte nicht geladen werden: {detail}.',
    hint: 'Führen Sie in einem Klon „npm run build:native“ aus, oder installieren Sie Limpid neu.',
  },

  'platform.unsupported': {
    message: 'Limpid läuft nicht auf {platform}.',
    hint: 'Verwenden Sie Linux, macOS oder Windows.',
  },

  'settings.recovered': {
    message: 'Die Einstellungen in {path} waren nicht lesbar; es gilt die letzte gute Kopie.',
    hint: 'Die kaputte Datei liegt als {broken} daneben.',
  },
  'settings.lost': {
    message:
      'Die Einstellungen in {path} waren nicht lesbar, und es gab keine gute Kopie: Limpid beginnt mit den Standardwerten.',
    hint: 'Die kaputte Datei liegt als {broken} daneben.',
  },
  'settings.unreadable': {
    message: 'Die Einstellungen in {path} ließen sich nicht öffnen ({detail}): Limpid beginnt mit den Standardwerten.',
    hint: 'Prüfen Sie, wem die Datei gehört und wer sie lesen darf.',
  },
  'settings.field-ignored': {
    message: 'Die Einstellung „{field}“ hatte einen Wert, den Limpid nicht annimmt; es gilt der Standardwert.',
    hint: 'Stellen Sie sie in Limpid neu ein, oder berichtigen Sie sie in der Einstellungsdatei.',
  },
  'settings.unwritable': {
    message: 'Die Einstellungen ließen sich nicht nach {path} schreiben ({detail}).',
    hint: 'Sie gelten, bis Limpid endet. Prüfen Sie den freien Platz und die Rechte dieses Ordners.',
  },

  cancelled: { message: 'Die Arbeit wurde abgebrochen.', hint: 'Starten Sie sie noch einmal, wenn Sie so weit sind.' },
  argument: {
    message: 'Ein Wert wurde abgelehnt: {detail}.',
    hint: 'Prüfen Sie die Werte, und versuchen Sie es erneut.',
  },
  internal: {
    message: 'In Limpid ist etwas schiefgegangen.',
    hint: 'Setzen Sie LIMPID_DEBUG=1, und versuchen Sie es erneut, um die Einzelheiten zu sehen.',
  },
} as const satisfies Record<keyof typeof en, Message>;
