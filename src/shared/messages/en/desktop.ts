/** Tray, keys of the whole system, login, updates and what the administrator fixed. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const desktop = {
  'desktop.none': label('This works in the desktop app alone.', 'Open Limpid on the computer that runs it.'),
  'updates.recording': label('Limpid cannot be updated while it records.', 'Stop the recording first.'),
};
