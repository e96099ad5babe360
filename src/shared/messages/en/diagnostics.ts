/** What `limpid doctor` finds. A check that is well has nothing to hint at. */
export const diagnostics = {
  'check.addon': { message: 'The native core is loaded (engines: {engines}; compiler: {compiler}).', hint: '' },
  'check.portaudio': { message: '{version}; devices found: {count}.', hint: '' },
  'check.portaudio-no-addon': {
    message: 'PortAudio comes with the native core, which could not be loaded.',
    hint: 'Mend the check “{check}” first.',
  },
  'check.sound-server': { message: 'The sound server answers: {server}.', hint: '' },
  'check.sound-server-builtin': { message: 'The sound system of this OS is used directly.', hint: '' },
  'check.devices': {
    message: 'Inputs: {inputs} (default “{defaultInput}”); outputs: {outputs} (default “{defaultOutput}”).',
    hint: '',
  },
  'check.devices-no-input': {
    message: 'There is no microphone or other input.',
    hint: 'Plug one in and check the sound settings of the system; in a terminal, “limpid demo” works without one.',
  },
  'check.devices-no-output': {
    message: 'There is no output to play to.',
    hint: 'Plug in headphones, or on Linux choose the Limpid microphone on the Live screen (in a terminal: --output virtual).',
  },
  'check.permission-not-needed': { message: 'Programs need no permission for the microphone here.', hint: '' },
  'check.too-late': {
    message: 'The check did not end within {seconds} seconds.',
    hint: 'Run the checks again; if it happens again, restart the computer, and send a support bundle.',
  },
  'check.no-default': { message: 'none', hint: '' },
  'check.permission-granted': { message: 'The system lets Limpid hear the microphone.', hint: '' },
  'check.permission-asked': {
    message: 'The system asks for the microphone when a live voice first starts.',
    hint: '',
  },
  'check.virtual-microphone': { message: 'No Limpid microphone of an earlier run is left over.', hint: '' },
  'check.virtual-microphone-unsupported': {
    message: 'Limpid makes no microphone of its own here; a virtual cable (VB-Cable, BlackHole) does it.',
    hint: '',
  },
  'check.virtual-microphone-leftover': {
    message: 'A Limpid microphone of an earlier run is still loaded in the sound server.',
    hint: 'Start Limpid again, or run “limpid live --output virtual” in a terminal: it is removed at the start.',
  },
  'check.real-time': { message: 'The audio thread may run at real-time priority ({reason}).', hint: '' },
  'check.real-time-system': { message: 'the system grants it to audio programs', hint: '' },
  'check.real-time-limit': { message: 'limit {limit}', hint: '' },
  'check.real-time-root': { message: 'as root', hint: '' },
  'check.real-time-refused': {
    message: 'The audio thread runs at normal priority; under heavy load the voice may have gaps.',
    hint: 'Join the group “audio”, write “@audio - rtprio 95” into /etc/security/limits.d/audio.conf and log in again.',
  },
  'check.policy': { message: 'The administrator’s policy file {path} is in force.', hint: '' },
  'check.policy-none': { message: 'No administrator has set anything: there is no {path}.', hint: '' },
  'check.keychain': { message: 'The keychain answers.', hint: '' },
  'check.keychain-silent': {
    message: 'The keychain did not answer within {seconds} seconds.',
    hint: 'Unlock it and look for a dialogue it may have opened; secrets are kept in memory only until it answers.',
  },
  'check.keychain-unreachable': {
    message: 'The keychain cannot be used: {detail}.',
    hint: 'On Linux, log in with a keyring such as gnome-keyring; without one, secrets are kept in memory only.',
  },
  'check.keychain-missing': {
    message: 'The keychain library is not installed.',
    hint: 'Install Limpid again, or run “npm start” once in a clone; without it, secrets are kept in memory only.',
  },
  'check.backend': {
    message: 'The token backend “{environment}” gave a token within {latencyMs} ms.',
    hint: '',
  },
  'check.backend-clock-ahead': {
    message: 'This computer’s clock is {minutes}\u00a0min ahead of that of the token backend “{environment}”.',
    hint: 'Let the system set date and time by itself; Limpid goes by the backend’s clock until then.',
  },
  'check.backend-clock-behind': {
    message: 'This computer’s clock is {minutes}\u00a0min behind that of the token backend “{environment}”.',
    hint: 'Let the system set date and time by itself; Limpid goes by the backend’s clock until then.',
  },
  'check.backend-not-configured': {
    message: 'No token backend is configured; the built-in engine needs none.',
    hint: 'Nothing to do, unless you have the licensed engine: then enter it on the Backend screen, or set LIMPID_BACKEND_URL in a terminal.',
  },
  'check.libaic': {
    message: 'The ai-coustics library {version} is at {path}; it takes models of version {modelVersion}.',
    hint: '',
  },
  'check.libaic-not-installed': {
    message: 'The ai-coustics library is not installed; the built-in engine is used.',
    hint: 'Nothing to do, unless you have the licensed engine: then enter its path on the Backend screen, or run “limpid sdk install” in a terminal.',
  },
  'check.model': { message: 'The model {model} ({rate} Hz) loads from {path}.', hint: '' },
  'check.model-not-installed': {
    message: 'No ai-coustics model is installed; the built-in engine brings its own.',
    hint: 'Nothing to do, unless you have the licensed engine: then enter its path on the Backend screen, or run “limpid models install” in a terminal.',
  },
  'check.model-no-library': {
    message: 'The model at {path} cannot be tried without its library.',
    hint: 'Mend the check “{check}” first.',
  },
  'check.electron': { message: 'Electron {version} is installed.', hint: '' },
  'check.electron-missing': {
    message: 'Electron’s binary is missing, so there is no desktop window.',
    hint: 'In a terminal, download it with “npx install-electron”, or use the browser: “limpid panel”.',
  },
  'check.display': { message: 'There is a screen to show a window on.', hint: '' },
  'check.display-missing': {
    message: 'There is no screen (neither DISPLAY nor WAYLAND_DISPLAY is set).',
    hint: 'Use the browser instead: run “limpid panel” in a terminal.',
  },
} as const;
