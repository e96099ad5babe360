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

  'menu.about': label('About Limpid'),
  'menu.hide': label('Hide Limpid'),
  'menu.hide-others': label('Hide others'),
  'menu.show-all': label('Show all'),
  'menu.edit': label('Edit'),
  'menu.undo': label('Undo'),
  'menu.redo': label('Redo'),
  'menu.cut': label('Cut'),
  'menu.copy': label('Copy'),
  'menu.paste': label('Paste'),
  'menu.select-all': label('Select all'),
  'menu.view': label('View'),
  'menu.actual-size': label('Actual size'),
  'menu.zoom-in': label('Zoom in'),
  'menu.zoom-out': label('Zoom out'),
  'menu.window': label('Window'),
  'menu.minimise': label('Minimise'),
  'menu.zoom': label('Zoom'),
  'menu.close': label('Close window'),
  'menu.front': label('Bring all to front'),

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

  'window.keys': label(
    'Keys for the whole system',
    'They work while another program is in front, too. Choose keys that no other program needs.',
  ),
  'window.keys.none': label('No keys'),
  'window.keys.press': label('Press the keys…'),
  'window.keys.recording': label('Escape leaves it as it is, Delete removes the keys.'),
  'window.keys.remove': label('Remove'),
  'window.keys.remove.of': label('Remove the keys: {action}'),
  'window.keys.needs-modifier': label(
    'Hold a key such as {modifier} with it: otherwise no program could receive this key any more.',
  ),
  'window.keys.unusable': label('This key cannot be used. Take a letter, a digit or a function key.'),
  'window.keys.wayland': label(
    'If the keys do nothing',
    'Some Linux desktops (Wayland) pass no keys on to programs. Open the keyboard settings of your desktop, and give keys of your choice to these commands:',
  ),
  'window.key.control': label('Ctrl'),
  'window.key.shift': label('Shift'),
  'window.key.option': label('Option'),
  'window.key.command': label('Command'),
  'window.key.enter': label('Enter'),
  'window.key.backspace': label('Backspace'),
  'window.key.insert': label('Insert'),
  'window.key.home': label('Home'),
  'window.key.end': label('End'),
  'window.key.page-up': label('Page Up'),
  'window.key.page-down': label('Page Down'),
  'window.shortcut.anywhere.toggle': label('In every program: switch Limpid on or off'),
  'window.shortcut.anywhere.bypass': label('In every program: switch to the original voice and back'),
  'window.shortcut.anywhere.show': label('In every program: show the window of Limpid'),

  'window.desktop': label('At login and in the background'),
  'window.settings.startsAtLogin': label(
    'Start Limpid when you log in',
    'It starts in the background, or with its window where the desktop shows no icon for it.',
  ),
  'window.settings.staysInTray': label(
    'Keep running when the window is closed',
    'Your voice goes on. Open Limpid again with its icon in the notification area or the menu bar.',
  ),
  'window.settings.notifies': label(
    'System notifications',
    'Limpid tells you what you should know while no window is in sight, such as a microphone that is gone.',
  ),
  'window.desktop.no-tray': label('This desktop shows no such icons: a closed window could not be opened again.'),
  'window.desktop.no-login-item': label('Here Limpid cannot be started at login.'),

  'window.updates': label('Updates'),
  'window.updates.off': label('Limpid does not update itself here.'),
  'window.updates.unknown': label('Limpid has not looked for a newer version yet.'),
  'window.updates.newest': label('This is the newest version.'),
  'window.updates.checking': label('Looking for a newer version…'),
  'window.updates.downloading': label('Version {version} is being downloaded.', 'Limpid works on meanwhile.'),
  'window.updates.downloading.unnamed': label('A newer version is being downloaded.', 'Limpid works on meanwhile.'),
  'window.updates.ready': label('Version {version} is ready.', 'It is installed when Limpid ends, or now if you like.'),
  'window.updates.ready.unnamed': label(
    'A newer version is ready.',
    'It is installed when Limpid ends, or now if you like.',
  ),
  'window.updates.failed': label('Looking for updates failed.', 'Try again later.'),
  'window.updates.progress': label('Downloaded'),
  'window.updates.percent': label('{percent}\u00a0%'),
  'window.updates.version': label('This version'),
  'window.updates.channel': label('Channel'),
  'window.updates.channel.stable': label('Stable'),
  'window.updates.checked': label('Last looked for'),
  'window.updates.never': label('Never'),
  'window.updates.check': label('Look for updates now'),
  'window.updates.install': label('Install and restart…'),
  'window.updates.install.ask': label(
    'Install the new version and restart Limpid?',
    'Your voice is silent until Limpid is back, for about a minute.',
  ),
  'window.updates.install.yes': label('Install and restart'),
  'window.updates.install.no': label('Not now'),
  'window.settings.looksForUpdates': label(
    'Look for updates',
    'A newer version is downloaded by itself, and installed when Limpid ends, or sooner if you wish.',
  ),
  'window.settings.reset.desktop': label(
    'Reset to defaults',
    'Resets appearance, start, keys, background, updates and error reports. Folders and usage metrics stay.',
  ),
  'window.locked.beside': label('Beside the original'),
};
