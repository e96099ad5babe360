import type { diagnostics as en } from '../en/diagnostics.js';
import type { Message } from '../index.js';

/** Was `limpid doctor` findet. Eine Prüfung ohne Befund hat keinen Rat. */
export const diagnostics = {
  'check.addon': { message: 'Der Kern ist geladen (Engines: {engines}; Compiler: {compiler}).', hint: '' },
  'check.portaudio': { message: '{version}; gefundene Geräte: {count}.', hint: '' },
  'check.portaudio-no-addon': {
    message: 'PortAudio gehört zum Kern, und der ließ sich nicht laden.',
    hint: 'Beheben Sie zuerst, was die Prüfung „{check}“ fand.',
  },
  'check.sound-server': { message: 'Der Soundserver antwortet: {server}.', hint: '' },
  'check.sound-server-builtin': { message: 'Das Soundsystem dieses Betriebssystems wird direkt benutzt.', hint: '' },
  'check.devices': {
    message: 'Eingänge: {inputs} (Standard „{defaultInput}“); Ausgänge: {outputs} (Standard „{defaultOutput}“).',
    hint: '',
  },
  'check.devices-no-input': {
    message: 'Es gibt kein Mikrofon und keinen anderen Eingang.',
    hint: 'Stecken Sie eines an, und prüfen Sie die Klangeinstellungen des Systems; „limpid demo“ im Terminal braucht keines.',
  },
  'check.devices-no-output': {
    message: 'Es gibt keinen Ausgang.',
    hint: 'Stecken Sie Kopfhörer an, oder wählen Sie unter Linux auf dem Bildschirm „Live“ das Limpid-Mikrofon (im Terminal: --output virtual).',
  },
  'check.permission-not-needed': { message: 'Programme brauchen hier keine Erlaubnis für das Mikrofon.', hint: '' },
  'check.too-late': {
    message: 'Die Prüfung war nach {seconds} Sekunden nicht zu Ende.',
    hint: 'Prüfen Sie noch einmal; geschieht es wieder, starten Sie den Computer neu, und schicken Sie ein Diagnosepaket.',
  },
  'check.no-default': { message: 'keiner', hint: '' },
  'check.permission-granted': { message: 'Das System lässt Limpid das Mikrofon hören.', hint: '' },
  'check.permission-asked': {
    message: 'Das System fragt nach dem Mikrofon, wenn Limpid zum ersten Mal zuhört.',
    hint: '',
  },
  'check.virtual-microphone': { message: 'Es ist kein altes Limpid-Mikrofon zurückgeblieben.', hint: '' },
  'check.virtual-microphone-unsupported': {
    message:
      'Limpid stellt hier kein eigenes Mikrofon bereit; das übernimmt ein virtuelles Kabel (VB-Cable, BlackHole).',
    hint: '',
  },
  'check.virtual-microphone-leftover': {
    message: 'Ein Limpid-Mikrofon von früher ist noch im Soundserver geladen.',
    hint: 'Starten Sie Limpid neu, oder führen Sie im Terminal „limpid live --output virtual“ aus: Es wird beim Start entfernt.',
  },
  'check.real-time': { message: 'Der Audio-Thread darf mit Echtzeitpriorität laufen ({reason}).', hint: '' },
  'check.real-time-system': { message: 'das System gewährt sie Audioprogrammen', hint: '' },
  'check.real-time-limit': { message: 'Grenze {limit}', hint: '' },
  'check.real-time-root': { message: 'als root', hint: '' },
  'check.real-time-refused': {
    message: 'Der Audio-Thread läuft mit normaler Priorität; unter hoher Last kann die Stimme Lücken haben.',
    hint: 'Treten Sie der Gruppe „audio“ bei, schreiben Sie „@audio - rtprio 95“ in /etc/security/limits.d/audio.conf und melden Sie sich neu an.',
  },
  'check.policy': { message: 'Die Richtliniendatei des Administrators {path} gilt.', hint: '' },
  'check.policy-none': { message: 'Kein Administrator hat etwas festgelegt: {path} gibt es nicht.', hint: '' },
  'check.keychain': { message: 'Der Schlüsselbund antwortet.', hint: '' },
  'check.keychain-silent': {
    message: 'Der Schlüsselbund hat nicht innerhalb von {seconds}\u00a0s geantwortet.',
    hint: 'Entsperren Sie ihn; vielleicht hat er einen Dialog geöffnet. Geheimnisse bleiben nur im Speicher, bis er antwortet.',
  },
  'check.keychain-unreachable': {
    message: 'Der Schlüsselbund lässt sich nicht verwenden: {detail}.',
    hint: 'Unter Linux melden Sie sich mit einem Schlüsselbund wie gnome-keyring an; ohne ihn bleiben Geheimnisse nur im Speicher.',
  },
  'check.keychain-missing': {
    message: 'Die Bibliothek des Schlüsselbunds ist nicht installiert.',
    hint: 'Installieren Sie Limpid neu, oder führen Sie in einem Klon einmal „npm start“ aus; ohne sie bleiben Geheimnisse nur im Speicher.',
  },
  'check.backend': {
    message: 'Das Token-Backend „{environment}“ hat in {latencyMs}\u00a0ms ein Token ausgegeben.',
    hint: '',
  },
  'check.backend-clock-ahead': {
    message: 'Die Uhr dieses Computers geht gegenüber dem Token-Backend „{environment}“ vor, um {minutes}\u00a0min.',
    hint: 'Lassen Sie das System Datum und Uhrzeit selbst stellen; bis dahin richtet sich Limpid nach der Uhr des Backends.',
  },
  'check.backend-clock-behind': {
    message: 'Die Uhr dieses Computers geht gegenüber dem Token-Backend „{environment}“ nach, um {minutes}\u00a0min.',
    hint: 'Lassen Sie das System Datum und Uhrzeit selbst stellen; bis dahin richtet sich Limpid nach der Uhr des Backends.',
  },
  'check.backend-not-configured': {
    message: 'Es ist kein Token-Backend eingerichtet; die eingebaute Engine braucht keines.',
    hint: 'Nichts zu tun, außer Sie haben die lizenzierte Engine: Dann tragen Sie es auf dem Bildschirm „Backend“ ein, oder setzen Sie im Terminal LIMPID_BACKEND_URL.',
  },
  'check.libaic': {
    message: 'Die ai-coustics-Bibliothek {version} liegt bei {path}; sie nimmt Modelle der Version {modelVersion}.',
    hint: '',
  },
  'check.libaic-not-installed': {
    message: 'Die ai-coustics-Bibliothek ist nicht installiert; es arbeitet die eingebaute Engine.',
    hint: 'Nichts zu tun, außer Sie haben die lizenzierte Engine: Dann tragen Sie ihren Pfad auf dem Bildschirm „Backend“ ein, oder führen Sie im Terminal „limpid sdk install“ aus.',
  },
  'check.model': { message: 'Das Modell {model} ({rate}\u00a0Hz) lädt von {path}.', hint: '' },
  'check.model-not-installed': {
    message: 'Es ist kein ai-coustics-Modell installiert; die eingebaute Engine bringt ihr eigenes mit.',
    hint: 'Nichts zu tun, außer Sie haben die lizenzierte Engine: Dann tragen Sie seinen Pfad auf dem Bildschirm „Backend“ ein, oder führen Sie im Terminal „limpid models install“ aus.',
  },
  'check.model-no-library': {
    message: 'Das Modell bei {path} lässt sich ohne seine Bibliothek nicht ausprobieren.',
    hint: 'Beheben Sie zuerst, was die Prüfung „{check}“ fand.',
  },
  'check.electron': { message: 'Electron {version} ist installiert.', hint: '' },
  'check.electron-missing': {
    message: 'Das Programm von Electron fehlt, also gibt es kein Desktop-Fenster.',
    hint: 'Laden Sie es im Terminal mit „npx install-electron“, oder nehmen Sie den Browser: „limpid panel“.',
  },
  'check.display': { message: 'Es gibt einen Bildschirm für ein Fenster.', hint: '' },
  'check.display-missing': {
    message: 'Es gibt keinen Bildschirm (weder DISPLAY noch WAYLAND_DISPLAY ist gesetzt).',
    hint: 'Nehmen Sie stattdessen den Browser: Führen Sie im Terminal „limpid panel“ aus.',
  },
} as const satisfies Record<keyof typeof en, Message>;
