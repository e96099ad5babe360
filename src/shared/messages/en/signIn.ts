/** Signing in at an identity provider, in the window, in the terminal and in errors. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const signIn = {
  'window.signIn': label('Sign-in'),
  'window.signIn.issuer': label(
    'Identity provider',
    'The https address where people of your organisation sign in. Limpid finds the rest there by itself.',
  ),
  'window.signIn.client-id': label(
    'Client ID',
    'The name by which the provider knows Limpid. No secret belongs to it.',
  ),
  'window.signIn.scope': label(
    'Scope',
    'What Limpid asks the provider for. Without offline_access people sign in often.',
  ),
  'window.signIn.resource': label('Resource', 'The address of your backend, if the provider asks for it (RFC 8707).'),
  'window.signIn.audience': label('Audience', 'The same for providers that know it by this name. Usually empty.'),
  'window.signIn.more': label('For whom the sign-in is', 'Most providers need neither of the two.'),

  'window.signIn.out': label('Nobody is signed in.', 'After you have signed in, Limpid fetches tokens in your name.'),
  'window.signIn.in': label('Signed in.', 'Limpid renews the sign-in by itself.'),
  'window.signIn.in-as': label('Signed in as {name}.', 'Limpid renews the sign-in by itself.'),
  'window.signIn.memory': label('Signed in, until Limpid ends.', 'There is no keychain that could keep the sign-in.'),
  'window.signIn.memory-as': label(
    'Signed in as {name}, until Limpid ends.',
    'There is no keychain that could keep the sign-in.',
  ),
  'window.signIn.lost': label(
    'The keychain does not hand the sign-in back.',
    'Unlock the keychain and try again, or sign in again.',
  ),
  'window.signIn.new': label('Save the environment first, then sign in.'),
  'window.signIn.unsaved': label('Save your changes first: you sign in with what is saved.'),
  'window.signIn.start': label('Sign in'),
  'window.signIn.start.busy': label('One moment…'),
  'window.signIn.start.again': label('Sign in again'),
  'window.signIn.code': label('Sign in with a code instead'),
  'window.signIn.code.only': label('Sign in with a code'),
  'window.signIn.browser': label(
    'Go on in your browser.',
    'The page of the provider is open there. Limpid notices by itself when you have signed in.',
  ),
  'window.signIn.device.asking': label('The provider is asked for a code…'),
  'window.signIn.device': label(
    'Open the address below in any browser, also on another device, and enter the code.',
    'Limpid notices by itself when you have signed in. Do not give the code to anybody.',
  ),
  'window.signIn.device.spoken': label('The code is {code}.'),
  'window.signIn.user-code': label('Code'),
  'window.signIn.address': label('Address'),
  'window.signIn.left': label('Time left'),
  'window.signIn.copy.code': label('Copy the code'),
  'window.signIn.copy.address': label('Copy the address'),
  'window.signIn.copied': label('Copied.'),
  'window.signIn.not-copied': label('The system did not allow copying. Select the text and copy it.'),
  'window.signIn.cancel': label('Cancel sign-in'),
  'window.signIn.end': label('Sign out…'),
  'window.signIn.end.ask': label(
    'Sign out of “{name}”?',
    'The provider is told, and Limpid forgets the sign-in. No more tokens are fetched until somebody signs in again.',
  ),
  'window.signIn.end.yes': label('Sign out'),
  'window.signIn.lead': label('Sign in under Backend'),
  'window.token.state.sign-in': label(
    'Nobody is signed in',
    'Sign in under Backend; tokens are then fetched by themselves.',
  ),

  'window.problem.issuer': label('Write the provider’s address in full, such as https://login.example.com.'),
  'window.problem.issuer-missing': label('Enter the address of the identity provider.'),
  'window.problem.client-id': label('Enter the client ID that the provider gave Limpid.'),
  'window.problem.sign-in': label('This is too long.'),

  'signIn.not-configured': {
    message: 'It is not known where people sign in for “{environment}”.',
    hint: 'Enter identity provider and client ID in the backend settings, or ask your administrator for them.',
  },
  'signIn.issuer-invalid': {
    message: 'The address of the identity provider is not a web address, or contains more than it may.',
    hint: 'Enter it as its metadata has it under “issuer”, such as https://login.example.com/company.',
  },
  'signIn.issuer-not-https': {
    message: 'The address of the identity provider at {host} is not encrypted.',
    hint: 'Use an address with https://; plain http:// is allowed on this computer only.',
  },
  'signIn.wrong-kind': {
    message: 'Nobody can sign in for “{environment}”, whose credential is of another kind.',
    hint: 'Choose “A person signs in” under “How Limpid signs in” in the backend settings first.',
  },
  'signIn.no-credential': {
    message: 'The environment “{environment}” takes no credential: a person signs in there.',
    hint: 'Sign in or out instead, or choose another kind of credential.',
  },
  'signIn.variable-ignored': {
    message: 'LIMPID_BACKEND_CREDENTIAL is not used for “{environment}”: a person signs in there.',
    hint: 'Sign in, or set LIMPID_BACKEND_URL as well: the credential is then for that address.',
  },
  'signIn.needed': {
    message: 'Nobody is signed in for “{environment}”.',
    hint: 'Sign in on the Backend screen, or with “limpid sign-in”.',
  },
  'signIn.revoked': {
    message: 'The identity provider at {host} has ended the sign-in for “{environment}”.',
    hint: 'Sign in again; if that happens often, ask your administrator how long a sign-in may last.',
  },
  'signIn.not-accepted': {
    message: 'The token backend at {host} does not accept this sign-in.',
    hint: 'Sign out and in again; if it goes on, ask your administrator whether the backend knows this provider, and for whom its tokens are.',
  },
  'signIn.changed': {
    message: 'The environment “{environment}” was changed while somebody signed in, so that sign-in does not count.',
    hint: 'Sign in again.',
  },
  'signIn.no-browser': {
    message: 'Limpid opens no browser for a sign-in from here.',
    hint: 'Sign in with a code instead: it can be entered in any browser, on any device.',
  },
  'signIn.not-opened': {
    message: 'The browser could not be opened.',
    hint: 'Sign in with a code instead: it can be entered in any browser, on any device.',
  },
  'signIn.no-port': {
    message: 'Limpid could not wait on this computer for the browser’s answer ({detail}).',
    hint: 'Sign in with a code instead: it can be entered in any browser, on any device.',
  },
  'signIn.timed-out.one': {
    message: 'Nobody came back from the browser within {count} minute.',
    hint: 'Begin again, and stay with the page until it sends you back to Limpid.',
  },
  'signIn.timed-out.other': {
    message: 'Nobody came back from the browser within {count} minutes.',
    hint: 'Begin again, and stay with the page until it sends you back to Limpid.',
  },
  'signIn.wrong-state': {
    message: 'What came back from the browser did not belong to this sign-in.',
    hint: 'Close other pages of the provider and begin again; if it happens again, tell your administrator.',
  },
  'signIn.denied': {
    message: 'The sign-in was refused at {host}.',
    hint: 'Begin again and agree there, or ask your administrator whether you may use Limpid.',
  },
  'signIn.code-expired': {
    message: 'The code was not entered in time.',
    hint: 'Begin again for a new one.',
  },
  'signIn.no-device': {
    message: 'The identity provider at {host} knows no sign-in with a code.',
    hint: 'Sign in with the browser, or ask your administrator to allow codes (device authorization grant).',
  },
  'signIn.no-browser-flow': {
    message: 'The identity provider at {host} knows no sign-in with a browser.',
    hint: 'Sign in with a code instead, or check the provider’s address.',
  },
  'signIn.refused': {
    message: 'The identity provider at {host} refuses Limpid ({detail}).',
    hint: 'Check client ID, scope and resource in the backend settings, or tell your administrator.',
  },
  'signIn.identity': {
    message: 'What {host} says about the person does not belong to this sign-in.',
    hint: 'Begin again; if it happens again, check provider and client ID, and tell your administrator.',
  },
  'signIn.clock': {
    message: 'By this computer’s clock the sign-in from {host} is out of date or not good yet.',
    hint: 'Let the system set date and time by itself; up to a minute of difference does no harm.',
  },
  'signIn.clock-ahead': {
    message: 'This computer’s clock is {difference} ahead of the one of {host}, too much to sign in.',
    hint: 'Let the system set date and time by itself; up to a minute of difference does no harm.',
  },
  'signIn.clock-behind': {
    message: 'This computer’s clock is {difference} behind the one of {host}, too much to sign in.',
    hint: 'Let the system set date and time by itself; up to a minute of difference does no harm.',
  },
  'signIn.unreachable': {
    message: 'The identity provider could not be asked. {reason}.',
    hint: 'Check the network and the provider’s address; in a company network the VPN may be needed.',
  },
  'signIn.timeout': {
    message: 'The identity provider at {host} did not answer completely within {seconds}\u00a0s.',
    hint: 'Check the network, or allow more time in the backend settings.',
  },
  'signIn.provider-error': {
    message: 'The identity provider at {host} has a fault of its own, or too much to do ({status}).',
    hint: 'Try again in a while; Limpid does so by itself where somebody is signed in.',
  },
  'signIn.redirected': {
    message: 'The identity provider at {host} leads elsewhere, and Limpid does not follow.',
    hint: 'Enter its final address; in a guest network, log in there first.',
  },
  'signIn.metadata': {
    message: 'What answers at {host} does not describe itself as an identity provider.',
    hint: 'Check the provider’s address: what stands before “/.well-known/openid-configuration”.',
  },
  'signIn.issuer-mismatch': {
    message: 'What answers at {host} says that it is another identity provider.',
    hint: 'Enter the address exactly as the provider’s metadata has it under “issuer”, a stroke at its end included.',
  },
  'signIn.bad-answer': {
    message: 'The identity provider at {host} gave an answer that Limpid does not understand.',
    hint: 'Check the provider’s address, or tell your administrator.',
  },
  'signIn.bad-address': {
    message: 'The identity provider at {host} named an address that is not safe to use.',
    hint: 'Tell your administrator: every address in its metadata has to begin with https://.',
  },
  'signIn.not-revoked': {
    message: 'You are signed out here, but the identity provider could not be told. {reason}.',
    hint: 'What was kept on this computer is gone; end the session on the provider’s own page to be sure.',
  },
  'signIn.no-refresh-token': {
    message: 'The identity provider gives no lasting sign-in for “{environment}”, so it would end with this command.',
    hint: 'Ask your administrator to allow it (scope “offline_access”, refresh tokens for this client).',
  },
  'signIn.not-kept': {
    message: 'The sign-in could not be kept, so it would end with this command. {reason}.',
    hint: 'Unlock the keychain, or sign in on a desktop that has one; the provider was told that this sign-in is over.',
  },
  'signIn.not-kept-untold': {
    message: 'The sign-in could not be kept, so it would end with this command. {reason}.',
    hint: 'Unlock the keychain, or sign in on a desktop that has one; the provider could not be told, so end the session on its own page.',
  },
  'signIn.enter-code': {
    message: 'Open {url} in any browser, also on another device, and enter the code {code}.',
    hint: 'Waiting until somebody has; Ctrl-C gives up.',
  },
  'signIn.in-browser': { message: 'Go on in the browser.', hint: 'Waiting for it; Ctrl-C gives up.' },
  'signIn.page': {
    message: 'You can go back to Limpid.',
    hint: 'It says there whether you are signed in. You can close this page.',
  },
  'signIn.page-refused': {
    message: 'This page belongs to no sign-in that Limpid waits for.',
    hint: 'Go back to Limpid and begin again if you want to sign in. You can close this page.',
  },

  'connection.signed-in': { message: 'Signed in as {account}.', hint: '' },
  'connection.signed-in-unnamed': {
    message: 'Somebody is signed in, whose name the provider does not tell.',
    hint: '',
  },
};
