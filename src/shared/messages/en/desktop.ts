/** Tray, keys of the whole system, login, updates and what the administrator fixed. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const desktop = {
  'desktop.none': label('This works in the desktop app alone.', 'Open Limpid on the computer that runs it.'),
  'updates.recording': label('Limpid cannot be updated while it records.', 'Stop the recording first.'),

  'tray.switch-on': label('Switch on'),
  'tray.switch-off': label('Switch off'),
  'tray.bypass': label('Bypass: hear the original voice'),
  'tray.show': label('Show Limpid'),
  'tray.quit': label('Quit Limpid'),

  'quit.recording': label(
    'Limpid is recording. Stop the recording and quit?',
    'What was recorded is kept, and Limpid quits once it is completed.',
  ),
  'quit.recording.stop': label('Stop recording and quit'),
  'quit.recording.cancel': label('Keep recording'),
  'quit.unsaved': label(
    'There are changes in the window that were not saved. Discard them?',
    'To keep them, go back to the window and save them.',
  ),
  'quit.unsaved.discard': label('Discard changes'),
  'quit.unsaved.stay': label('Back to the window'),
  'unresponsive.page': label(
    'The window of Limpid does not answer.',
    'Your voice and a recording go on meanwhile. Wait for the window, or load it anew.',
  ),
  'unresponsive.page.wait': label('Wait'),
  'unresponsive.page.reload': label('Load the window anew'),

  'desktop.action.toggle': label('Switch on or off'),
  'desktop.action.bypass': label('Bypass'),
  'desktop.action.show': label('Show the window'),
  'shortcut.taken': label('Another program uses {keys} already.', 'Choose other keys, or free them in that program.'),
  'shortcut.duplicate': label('{keys} are already the keys for “{other}”.', 'Choose other keys for one of the two.'),
  'shortcut.unusable': label('This system does not take {keys} as keys of its own.', 'Choose other keys.'),
  'shortcut.wayland': label(
    'On this Wayland desktop {keys} may not reach Limpid.',
    'Give keys in the settings of your desktop to the command “{command}”.',
  ),

  'login.refused': label(
    'The system did not accept that change to what starts at login.',
    'Change it in the settings of the system, under login items or startup apps.',
  ),
  'login.unwritable': label(
    'The entry that starts Limpid at login could not be changed in {path} ({detail}).',
    'Check who owns that folder and its permissions, then try again.',
  ),

  'notification.back': label('Limpid is cleaning your voice again.'),
};
