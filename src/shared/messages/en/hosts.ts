/** What stands between the app and its windows: the gateway, Electron's window, the browser panel. */
export const hosts = {
  'gateway.sender': {
    message: 'A page that is not Limpid’s own window asked for something.',
    hint: 'Use the window that Limpid opened, or open a new link of “limpid panel”.',
  },
  'gateway.unknown-call': {
    message: 'The window asked for “{name}”, which Limpid does not know.',
    hint: 'Reload the window; if it stays, install Limpid again.',
  },
  'gateway.argument': {
    message: 'The window asked for “{name}” with a value that is not allowed.',
    hint: 'Reload the window; if it stays, install Limpid again.',
  },
  'help.no-sound-server': {
    message: 'On Linux the microphone for other apps needs a sound server, and none is running.',
    hint: 'Install or start PipeWire (with pipewire-pulse) or PulseAudio; Limpid then offers its own microphone.',
  },
  'link.refused': {
    message: 'The address {url} is not one that Limpid opens.',
    hint: 'Open it in your browser yourself if you trust it.',
  },
  'link.cannot-open': {
    message: 'No browser could be started for {url}.',
    hint: 'Copy the address into your browser.',
  },
  'panel.disconnected': {
    message: 'The connection to Limpid is lost.',
    hint: 'The page tries again by itself; if it does not come back, start “limpid panel” again.',
  },
  'panel.link-needed': {
    message: 'This browser may not control Limpid yet, or its link was used before.',
    hint: 'Run “limpid panel --new-link” and open the address it prints.',
  },
  'panel.overloaded': {
    message: 'This page has too many questions open at once.',
    hint: 'Wait a moment and try again.',
  },
  'panel.port-busy': {
    message: 'Port {port} on 127.0.0.1 is taken or not allowed.',
    hint: 'Pick another with --port, or leave it out to take a free one.',
  },
  'panel.running': {
    message: 'The panel already runs on port {port}.',
    hint: 'Run “limpid panel --new-link” for another link to it.',
  },
  'panel.not-running': {
    message: 'No panel runs for these settings.',
    hint: 'Start one with “limpid panel”.',
  },
  'panel.not-built': {
    message: 'The pages of the panel are missing.',
    hint: 'Run “npm run build:app” and try again.',
  },
  'panel.not-opened': {
    message: 'No browser could be started.',
    hint: 'Copy the address into your browser.',
  },
  'panel.ready': {
    message: 'Limpid runs in the browser: {url}',
    hint: 'The address works for one browser; “limpid panel --new-link” prints another. Ctrl-C ends Limpid.',
  },
  'permission.no-settings': {
    message: 'This system has no page for the microphone permission.',
    hint: 'Check the sound settings of your desktop.',
  },
  mishap: {
    message: 'Limpid met an unexpected error; the sound goes on where it can.',
    hint: 'If something does not work any more, save a support bundle under Diagnostics, then start Limpid again.',
  },
  'window.crashed': {
    message: 'The window closed unexpectedly three times within a minute; the sound goes on.',
    hint: 'Open it again, or quit Limpid.',
  },
  'window.crashed.reopen': { message: 'Open again', hint: '' },
  'window.crashed.quit': { message: 'Quit Limpid', hint: '' },
} as const;
