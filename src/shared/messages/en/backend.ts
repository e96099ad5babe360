/** The backend that hands out tokens, as people read it: what may fail, and the steps of “Test connection”. */
export const backend = {
  'backend.not-configured': {
    message: 'No token backend is configured.',
    hint: 'Enter the address that your administrator gave you, or use the built-in engine, which needs none.',
  },
  'backend.url-invalid': {
    message: 'The address of the token backend is not a web address.',
    hint: 'Enter it in full, for example https://tokens.example.com/token.',
  },
  'backend.url-credentials': {
    message: 'The address of the token backend at {host} holds a name or a password.',
    hint: 'Remove what stands before the @, and enter it as the credential.',
  },
  'backend.not-https': {
    message: 'The address of the token backend at {host} is not encrypted.',
    hint: 'Use an address that begins with https://; plain http:// is allowed on this computer only.',
  },
  'backend.header-reserved': {
    message: 'The header “{name}” is set by the connection itself.',
    hint: 'Remove it from the headers of the backend.',
  },
  'backend.credential-missing': {
    message: 'There is no credential for the backend “{environment}”.',
    hint: 'Enter it in the backend settings, or set LIMPID_BACKEND_CREDENTIAL for a run without a window.',
  },
  'backend.credential-invalid': {
    message: 'The credential holds characters that cannot be sent, such as a line break.',
    hint: 'Copy it again, without line breaks, and save it once more.',
  },
  'backend.ca-unreadable': {
    message: 'No certificate could be read from {path} ({detail}).',
    hint: 'Choose a file with certificates in PEM form, or remove it from the backend settings.',
  },
  'backend.proxy-invalid': {
    message: 'The address of the proxy is not one that Limpid can use.',
    hint: 'Enter it as http://host:port, or correct HTTPS_PROXY; SOCKS proxies are not supported.',
  },
  'backend.proxy-credentials': {
    message: 'The address of the proxy at {host} holds a name or a password, which would lie open in the settings.',
    hint: 'Remove them here, and give the whole address in the variable HTTPS_PROXY.',
  },
  'backend.proxy-not-https': {
    message: 'A proxy would read the credential for {host}, as the address begins with http://.',
    hint: 'Leave the proxy empty: a backend on this computer needs none. Any other needs an address with https://.',
  },
  'backend.proxy-unreachable': {
    message: 'The proxy at {host} does not answer ({detail}).',
    hint: 'Check the network and the address of the proxy.',
  },
  'backend.proxy-login': {
    message: 'The proxy at {host} asks for a name and a password.',
    hint: 'Set HTTPS_PROXY to http://name:password@host:port, or ask your administrator for a way past it.',
  },
  'backend.proxy-login-refused': {
    message: 'The proxy at {host} does not accept the name and the password in HTTPS_PROXY.',
    hint: 'Correct them (characters such as @ as %40), or ask your administrator for a way past the proxy.',
  },
  'backend.proxy-silent': {
    message: 'The proxy at {host} did not let Limpid through within {seconds} seconds.',
    hint: 'Check the network and the address of the proxy, or allow more time in the backend settings.',
  },
  'backend.proxy-socks': {
    message: 'The system’s settings lead to {host} by a SOCKS proxy only, which Limpid cannot use.',
    hint: 'Enter an HTTP proxy in the backend settings, or ask your administrator for one.',
  },
  'backend.proxy-refused': {
    message: 'The proxy at {host} does not let Limpid through (status {status}).',
    hint: 'Ask your administrator to allow the token backend.',
  },
  'backend.dns': {
    message: 'The name {host} was not found.',
    hint: 'Check the network and the spelling of the address; inside a company it may need the VPN.',
  },
  'backend.refused': {
    message: 'Nothing answers at {host}.',
    hint: 'Check the port in the address, and whether the token backend is running.',
  },
  'backend.network': {
    message: 'The connection to {host} failed ({detail}).',
    hint: 'Check the network; Limpid tries again by itself.',
  },
  'backend.timeout': {
    message: 'The token backend at {host} did not answer in full within {seconds}\u00a0s.',
    hint: 'Check the network, or allow more time in the backend settings; Limpid tries again by itself.',
  },
  'backend.tls-untrusted': {
    message: 'The certificate of {host} was made by “{issuer}”, which Limpid does not trust.',
    hint: 'If that is your company’s own authority, enter its certificate file under “More settings”, “Extra certificates”, or have it added to the certificates of this system, which the desktop app trusts too, and restart Limpid.',
  },
  'backend.tls-dates': {
    message: 'The certificate of {host} is out of date, or not valid yet.',
    hint: 'Check the date and time of this computer; if they are right, the backend needs a new certificate.',
  },
  'backend.tls-name': {
    message: 'The certificate of {host} was made for another name.',
    hint: 'Use the name that the backend’s certificate carries, or ask your administrator.',
  },
  'backend.tls': {
    message: 'No encrypted connection to {host} could be made ({detail}).',
    hint: 'Check that the address leads to an https server, and that nothing in between interferes.',
  },
  'backend.not-http': {
    message: 'What answers at {host} does not speak HTTP.',
    hint: 'Check the address and its port.',
  },
  'backend.redirect': {
    message: 'The token backend at {host} sends its visitors on to {target}; Limpid does not follow.',
    hint: 'Enter the final address, if you trust it; on a guest network, log in to it first.',
  },
  'backend.unauthorised': {
    message: 'The token backend at {host} does not accept the credential.',
    hint: 'Enter the credential again, or ask your administrator for a new one.',
  },
  'backend.forbidden': {
    message: 'The token backend at {host} gives this credential no tokens.',
    hint: 'Ask your administrator to allow it.',
  },
  'backend.not-found': {
    message: 'There is no such page at {host}.',
    hint: 'Check the path at the end of the backend’s address.',
  },
  'backend.rate-limited': {
    message: 'The token backend at {host} has had too many requests.',
    hint: 'Nothing to do: Limpid waits and tries again by itself.',
  },
  'backend.server-error': {
    message: 'The token backend at {host} reports an error (status {status}).',
    hint: 'Limpid tries again by itself; if it lasts, tell whoever runs the backend.',
  },
  'backend.unexpected-status': {
    message: 'The token backend at {host} answered with status {status}.',
    hint: 'Check address, method and body in the backend settings.',
  },
  'backend.empty': {
    message: 'The token backend at {host} answered with nothing.',
    hint: 'Check address and method in the backend settings.',
  },
  'backend.html': {
    message: 'A web page came from {host} instead of a token.',
    hint: 'Check the backend’s address; on a guest network, log in to it first.',
  },
  'backend.not-json': {
    message: 'The reply of the token backend at {host} is not JSON.',
    hint: 'Check the backend’s address, or tell whoever runs it.',
  },
  'backend.too-large': {
    message: 'The reply of {host} is longer than {kilobytes} KiB, which no token is.',
    hint: 'Check the backend’s address.',
  },
  'backend.no-token': {
    message: 'The reply of {host} has no token at “{path}”.',
    hint: 'Enter where the token is found under “Reply” in the backend settings.',
  },
  'backend.not-jwt': {
    message: 'What {host} gives out as a token is not one (a JWT has three parts).',
    hint: 'Check where the token is found under “Reply”, or tell whoever runs the backend.',
  },
  'backend.no-expiry': {
    message: 'The token from {host} does not say when it ends.',
    hint: 'Tell whoever runs the backend that its tokens need the claim “exp”.',
  },
  'backend.expired-on-arrival': {
    message: 'The token from {host} was out of date when it arrived.',
    hint: 'Tell whoever runs the backend: it hands out old tokens, or its clock is wrong.',
  },

  'connection.url': { message: 'The address is well formed: {host}.', hint: '' },
  'connection.url-proxy': {
    message: 'The address is well formed: {host}, through the proxy {proxy} of these settings.',
    hint: '',
  },
  'connection.url-proxy-variable': {
    message: 'The address is well formed: {host}, through the proxy {proxy} from the variable {variable}.',
    hint: '',
  },
  'connection.url-proxy-system': {
    message: 'The address is well formed: {host}, through the proxy {proxy} from the system’s settings.',
    hint: '',
  },
  'connection.url-direct': {
    message: 'The address is well formed: {host}. {detail}',
    hint: 'If only a proxy leads out of your network, enter it in the backend settings.',
  },
  'connection.system-proxy-late': {
    message: 'The system did not name a proxy within {seconds} seconds, so none is used.',
    hint: '',
  },
  'connection.system-proxy-failed': {
    message: 'The system could not say which proxy to use, so none is used.',
    hint: '',
  },
  'connection.system-proxy-unreadable': {
    message: 'What the system said about its proxy makes no sense, so none is used.',
    hint: '',
  },
  'connection.credential': { message: 'There is a credential, sent as {kind}.', hint: '' },
  'connection.credential-none': { message: 'No credential is sent.', hint: '' },
  'connection.dns-address': { message: '{host} is an address already, so no name had to be looked up.', hint: '' },
  'connection.dns': { message: '{host} is {addresses}.', hint: '' },
  'connection.connect': { message: 'Connected to {address}, port {port}.', hint: '' },
  'connection.connect-proxy': { message: 'Connected through the proxy at {address}, port {port}.', hint: '' },
  'connection.connect-instead': {
    message: 'Connected by way of {address}, port {port}, as the proxy {proxy} cannot be reached.',
    hint: 'Tell your administrator: the system names that proxy first.',
  },
  'connection.tls.one': { message: '{protocol}; certificate by {issuer}, good for {count} more day.', hint: '' },
  'connection.tls.other': { message: '{protocol}; certificate by {issuer}, good for {count} more days.', hint: '' },
  'connection.tls-ending.one': {
    message: '{protocol}; certificate by {issuer}, good for {count} more day only.',
    hint: 'Remind whoever runs the backend to renew it.',
  },
  'connection.tls-ending.other': {
    message: '{protocol}; certificate by {issuer}, good for {count} more days only.',
    hint: 'Remind whoever runs the backend to renew it.',
  },
  'connection.tls-none': { message: 'Not encrypted, which is allowed on this computer only.', hint: '' },
  'connection.http': { message: 'The backend answered with status {status}.', hint: '' },
  'connection.shape': { message: 'The token is where it should be, at “{path}”.', hint: '' },
  'connection.claims': { message: 'The token is good for {remaining}.', hint: '' },
  'connection.claims-differ': {
    message: 'The token is good for {remaining}, but the reply beside it says something else.',
    hint: 'Nothing to do: Limpid goes by the token itself.',
  },
  'connection.clock': { message: 'The clocks agree to within {seconds}\u00a0s.', hint: '' },
  'connection.clock-ahead': {
    message: 'This computer’s clock is {difference} ahead of the backend’s.',
    hint: 'Let the system set date and time by itself; Limpid goes by the backend’s clock until then.',
  },
  'connection.clock-behind': {
    message: 'This computer’s clock is {difference} behind the backend’s.',
    hint: 'Let the system set date and time by itself; Limpid goes by the backend’s clock until then.',
  },
  'connection.clock-unknown': {
    message: 'The reply has no date, so the clocks cannot be compared.',
    hint: 'Keep this computer’s clock right: tokens are judged by it.',
  },
  'connection.skipped': { message: 'Not tried, because of what failed before.', hint: '' },
} as const;
