/** Keychain, policy file and backend settings, as people read them. */
export const credentials = {
  'keychain.waiting': {
    message: 'The keychain has not answered for {seconds} seconds.',
    hint: 'Look for a window that asks you to unlock it; Limpid goes on meanwhile and keeps credentials in memory only.',
  },
  'keychain.locked': {
    message: 'The keychain is locked.',
    hint: 'Unlock it and try again; until then credentials are kept in memory, for this run only.',
  },
  'keychain.no-collection': {
    message: 'There is no keyring yet that the keychain could keep a credential in.',
    hint: 'Make one (on GNOME in “Passwords and Keys”) and enter the credential again; until then it is kept in memory, for this run only.',
  },
  'keychain.unavailable': {
    message: 'The keychain cannot be used: {detail}.',
    hint: 'Credentials are kept in memory, for this run only; on Linux, log in with a keyring such as gnome-keyring.',
  },
  'keychain.no-reason': { message: 'it gave no reason', hint: '' },
  'keychain.no-library': {
    message: 'The keychain library could not be loaded: {detail}.',
    hint: 'Credentials are kept in memory, for this run only; run “npm start” once, or install Limpid again, to mend it.',
  },
  'check.keychain-locked': {
    message: 'The keychain is locked.',
    hint: 'Unlock it; until then credentials are kept in memory only.',
  },
  'credential.lost': {
    message:
      'The keychain no longer gives the credential of “{environment}”: it was removed there, or the keychain is locked.',
    hint: 'Unlock the keychain and try again, or enter the credential once more.',
  },
  'credential.left-behind': {
    message: 'Limpid no longer uses the credential of “{environment}”, but the keychain may still hold it.',
    hint: 'Unlock the keychain and forget it again, or delete “Limpid/{account}” in your keychain’s own program.',
  },
  'credential.invalid': {
    message: 'This is no credential that can be sent: it is empty, too long, or has line breaks in it.',
    hint: 'Copy it again, in one piece and on one line.',
  },
  'credential.from-variable': {
    message: 'The credential is fixed by LIMPID_BACKEND_CREDENTIAL for this run.',
    hint: 'Start Limpid without that variable to enter another one here.',
  },
  'policy.locked': {
    message: 'Your administrator has set this. Reason: {reason}.',
    hint: 'Ask your administrator if it has to be different (policy file {path}).',
  },
  'policy.locked-environments': {
    message: 'Your administrator has set these environments. Reason: {reason}.',
    hint: 'Ask your administrator if they have to be different (policy file {path}).',
  },
  'policy.broken': {
    message: 'The administrator’s policy file {path} has a mistake ({detail}), so what it can fix is locked.',
    hint: 'Tell your administrator; the built-in engine works meanwhile.',
  },
  'policy.unreadable': {
    message: 'The administrator’s policy file {path} cannot be read ({detail}), so what it can fix is locked.',
    hint: 'Tell your administrator: everyone who uses Limpid must be able to read it.',
  },
  'policy.unsafe': {
    message: 'The administrator’s policy file {path} is not safe to follow ({detail}), so what it can fix is locked.',
    hint: 'Tell your administrator: file and folder must belong to root and be writable by nobody else.',
  },
  'policy.no-reason': { message: 'none was given', hint: '' },
  'policy.flaw.no-file': { message: 'it is not a file', hint: '' },
  'policy.flaw.too-big': { message: 'it is over 1\u00a0MB', hint: '' },
  'policy.flaw.no-json': { message: 'it is no valid JSON', hint: '' },
  'policy.flaw.whole': { message: 'the whole: {detail}', hint: '' },
  'policy.flaw.value': { message: '{place}: {detail}', hint: '' },
  'policy.flaw.twice': { message: 'two environments are called {name}', hint: '' },
  'policy.flaw.url': { message: 'the address of {name} is not https, or not an address without a password', hint: '' },
  'policy.flaw.proxy': { message: 'the proxy of {name} is not http://host:port, or has a password', hint: '' },
  'policy.flaw.proxy-use': { message: '{name} has a proxy, which an address without https cannot have', hint: '' },
  'policy.flaw.header': { message: '{name} has a header that belongs to the connection', hint: '' },
  'policy.flaw.issuer': {
    message: 'the identity provider of {name} is not https, or not an address without a password',
    hint: '',
  },
  'policy.flaw.client': { message: 'the sign-in of {name} has no “clientId”', hint: '' },
  'policy.flaw.ca-file': { message: 'the “caFile” of {name} is not a full path', hint: '' },
  'policy.flaw.owner': { message: 'it belongs to another user', hint: '' },
  'policy.flaw.open': { message: 'other users may change it', hint: '' },
  'policy.flaw.folder-open': { message: 'other users may replace it, as its folder is open to them', hint: '' },
  'policy.flaw.unknown': { message: 'for an unknown reason', hint: '' },
  'policy.unknown-field': {
    message: 'The administrator’s policy file {path} has a field that this version does not know: “{field}”.',
    hint: 'Tell your administrator, who may have mistyped it; the rest of the file counts.',
  },
  'backend.from-variables': {
    message: 'The backend is fixed by LIMPID_BACKEND_URL for this run.',
    hint: 'Start Limpid without that variable to choose here.',
  },
  'backend-settings.variables-ignored': {
    message: 'LIMPID_BACKEND_URL is not used: the administrator’s policy decides about the backend.',
    hint: 'Start Limpid without that variable, or ask your administrator.',
  },
  'backend-settings.active-missing': {
    message: 'The chosen environment “{name}” does not exist.',
    hint: 'Choose another one in the backend settings.',
  },
  'backend-settings.unknown': {
    message: 'There is no environment called “{name}”.',
    hint: 'Choose one of those in the list; another window may have changed it.',
  },
  'backend-settings.name-taken': {
    message: 'There is already an environment called “{name}”, or the name is reserved.',
    hint: 'Choose another name.',
  },
  'backend-settings.last': {
    message: 'The last environment cannot be deleted.',
    hint: 'Change “{name}”, or add another one first.',
  },
  'backend-settings.too-many': {
    message: 'There are {count} environments already, which is as many as there can be.',
    hint: 'Delete one that is not needed any more.',
  },
  'backend-settings.invalid': {
    message: 'The environment was not saved: “{field}” has a value that is not allowed.',
    hint: 'Correct that field and save again.',
  },
  'backend-settings.secret-header': {
    message: 'The header “{header}” carries a secret, which would lie readable in the settings file.',
    hint: 'Remove it here, choose how the credential is sent, and enter it as the credential: it is kept in the keychain.',
  },
  'backend-settings.ca-not-absolute': {
    message: 'The certificate file {path} is not given by its full path on this computer.',
    hint: 'Give the path from the root of the disk on.',
  },
  'backend-settings.ca-unreadable': {
    message: 'The certificate file {path} cannot be read ({detail}).',
    hint: 'Correct the path, or leave the field empty if the backend’s certificate is a usual one.',
  },
  'backend-settings.ca-no-pem': {
    message: 'The certificate file {path} holds no certificate in PEM form.',
    hint: 'Ask for it as a PEM file: a text with “BEGIN CERTIFICATE” in it.',
  },
  'settings.environment-ignored': {
    message: 'The environment “{name}” in the settings file is wrong or there twice, so it is left out.',
    hint: 'Correct it in the file, or delete it there; the other environments count.',
  },
} as const;
