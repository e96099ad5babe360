/** Signing in at an identity provider, in the window, in the terminal and in errors. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const signIn = {
  'window.signIn': label('Sign-in'),
  'window.signIn.issuer': label(
    'Identity provider',
    'The https address where people of your organisation sign in, without what follows it.',
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
};
