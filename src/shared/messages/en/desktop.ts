/** Tray, keys of the whole system, login, updates and what the administrator fixed. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const desktop = {
  'desktop.none': label('This works in the desktop app alone.', 'Open Limpid on the computer that runs it.'),
  'updates.recording': label('Limpid cannot be updated while it records.', 'Stop the recording first.'),
  'updates.starting': label('Limpid is still starting.', 'Look for new versions in a moment.'),
  'updates.unpackaged': label(
    'This Limpid runs from its build folder and does not update itself.',
    'Update it with the tool that fetched it.',
  ),
  'updates.by-system': label(
    'This Limpid is updated by your system.',
    'New versions come with the updates of your system, or from your administrator.',
  ),
  'updates.no-image': label(
    'This copy of Limpid does not update itself.',
    'Install the AppImage, or the package for your system, to get new versions.',
  ),
  'updates.read-only': label(
    'Limpid may not replace the AppImage that it was started from.',
    'Keep the AppImage in a folder of your own, or ask your administrator for the new version.',
  ),
  'updates.off-by-policy': label(
    'Your administrator decides when Limpid is updated.',
    'Ask your administrator when you need a newer version.',
  ),
  'updates.off-by-choice': label(
    'Limpid looks for new versions only when you ask.',
    'Let it look by itself in the settings, or ask now.',
  ),
  'updates.unsigned': label(
    'This Limpid is not signed, so it cannot tell whether an update is genuine.',
    'Install new versions yourself, from where this one came from.',
  ),
  'updates.no-feed': label(
    'This Limpid does not know where new versions are published.',
    'Install new versions yourself, from where this one came from.',
  ),
  'updates.insecure': label(
    'New versions are offered at an address without encryption, so Limpid does not fetch them.',
    'Tell your administrator, or whoever publishes Limpid for you: the address has to begin with https.',
  ),
  'updates.unreachable': label(
    'The server for new versions cannot be reached.',
    'Limpid tries again by itself. If this lasts, check the network connection and the proxy.',
  ),
  'updates.feed-broken': label(
    'The list of new versions cannot be read.',
    'Limpid tries again by itself. In a public network, sign in to it first; if this lasts, tell whoever publishes Limpid for you.',
  ),
  'updates.untrusted': label(
    'The new version that came is not the one that was published: Limpid has deleted it and installed nothing.',
    'Do not install it yourself either. Tell your administrator, or whoever publishes Limpid for you.',
  ),
  'updates.disk-full': label(
    'There is no room for the new version on this disk.',
    'Free some space; Limpid tries again by itself.',
  ),
  'updates.unwritable': label(
    'The new version cannot be stored on this computer.',
    'Check that you may write to your own folders and to the folder of Limpid.',
  ),
  'updates.failed': label(
    'Limpid could not be updated.',
    'It tries again by itself. If this lasts, install the new version yourself.',
  ),
  'updates.not-ready': label('There is no new version to install yet.', 'Look for new versions first.'),

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
