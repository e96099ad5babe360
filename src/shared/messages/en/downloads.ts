/** Installing the licensed engine's library and models, as people read them. */
export const downloads = {
  'download.base-url': {
    message: 'The address that {name} gives for downloads is not allowed.',
    hint: 'Use an https address without a user name or a question mark; http only for this computer itself.',
  },
  'download.dns': {
    message: 'The server {host} cannot be found.',
    hint: 'Check the connection to the Internet; where a proxy is needed, set HTTPS_PROXY.',
  },
  'download.unreachable': {
    message: 'The server {host} cannot be reached ({detail}).',
    hint: 'Check the connection and the firewall, then try again; where a proxy is needed, set HTTPS_PROXY.',
  },
  'download.proxy': {
    message: 'The proxy does not let Limpid through to {host} ({detail}).',
    hint: 'Check HTTPS_PROXY, or ask whoever runs the network to allow this server.',
  },
  'download.tls': {
    message: 'The connection to {host} is not secure: its certificate is not trusted ({detail}).',
    hint: 'Check the clock of this computer; where the network has certificates of its own, set NODE_EXTRA_CA_CERTS to their file.',
  },
  'download.tls-untrusted': {
    message: 'The certificate of {host} was made by “{issuer}”, which Limpid does not trust.',
    hint: 'If that is the authority of your network or company, set NODE_EXTRA_CA_CERTS to the file with its certificate.',
  },
  'download.timeout': {
    message: 'The server {host} stopped answering.',
    hint: 'Run the command again: it goes on where it stopped.',
  },
  'download.interrupted': {
    message: 'The connection to {host} broke off.',
    hint: 'Run the command again: it goes on where it stopped.',
  },
  'download.redirect': {
    message: 'The server {host} points to an address that is not safe, or in circles.',
    hint: 'Check the address that downloads come from, or try again later.',
  },
  'download.not-found': {
    message: 'There is no {url}.',
    hint: 'Check the version; where downloads come from a server of your own, check that it has this file.',
  },
  'download.forbidden': {
    message: 'The server refuses to hand out {url} (status {status}).',
    hint: 'Ask whoever runs the server or the network.',
  },
  'download.server-error': {
    message: 'The server {host} has a problem of its own (status {status}).',
    hint: 'Try again in a few minutes.',
  },
  'download.unexpected-status': {
    message: 'The server answered {url} with status {status}, which is no download.',
    hint: 'Check the address that downloads come from.',
  },
  'download.web-page': {
    message: 'A web page came instead of {url}.',
    hint: 'Open a browser and see whether this network wants you to sign in, then try again.',
  },
  'download.too-large': {
    message: 'What {url} holds is larger than {limitMb} MB, so it was not taken.',
    hint: 'Check the address that downloads come from.',
  },
  'download.hash-mismatch': {
    message: 'What was downloaded as {file} is not what it should be, so it was thrown away.',
    hint: 'Try again; if it happens again, do not use this source and tell whoever runs it.',
  },
  'download.disk-full': {
    message: 'The disk is full: {path}.',
    hint: 'Free some space and run the command again, or name another folder in LIMPID_DATA_DIR.',
  },
  'download.unwritable': {
    message: 'Limpid cannot write {path} ({detail}).',
    hint: 'Check the permissions of that folder and close other Limpids, or name another folder in LIMPID_DATA_DIR.',
  },

  'archive.damaged': {
    message: 'The archive is damaged and cannot be unpacked.',
    hint: 'Check --sha256, and where the archive comes from.',
  },
  'archive.unsafe': {
    message:
      'The archive holds “{path}”, which is no plain file or would end up in another folder, so nothing was installed.',
    hint: 'Do not use this archive; get it from the vendor.',
  },
  'archive.too-large': {
    message: 'The archive holds more than {limitMb} MB, so nothing was installed.',
    hint: 'Do not use this archive; get it from the vendor.',
  },
  'archive.too-many': {
    message: 'The archive holds more than {limit} files, so nothing was installed.',
    hint: 'Do not use this archive; get it from the vendor.',
  },

  'sdk.version': {
    message: '“{version}” is no version of the library.',
    hint: 'Write three numbers, such as 0.25.1.',
  },
  'sdk.version-too-old': {
    message: 'Version {version} of the library is too old for Limpid.',
    hint: 'Use {oldest} or later.',
  },
  'sdk.unsupported-platform': {
    message: 'The vendor has no library for {platform}.',
    hint: 'Use the built-in engine, which runs here.',
  },
  'sdk.sha256': {
    message: 'What was given with --sha256 is no SHA-256.',
    hint: 'Give its 64 hexadecimal digits, as “sha256sum” prints them.',
  },
  'sdk.no-checksum': {
    message: 'There is no known SHA-256 for {archive}, and without one nothing is installed.',
    hint: 'Check that the vendor has published version {version}, or give the hash you got from the vendor with --sha256.',
  },
  'sdk.no-library': {
    message: 'The archive does not hold the library {library}.',
    hint: 'Check that it is the vendor’s archive for this system, or try another version.',
  },
  'sdk.licence-question': {
    message: 'The library ai-coustics SDK {version} is under its vendor’s own licence: {url}',
    hint: 'Do you accept that licence?',
  },
  'sdk.licence-not-accepted': {
    message: 'The library is under its vendor’s own licence ({url}), which nobody has accepted here.',
    hint: 'Read it, and run the command again with --accept-licence if you accept it.',
  },
  'sdk.licence-declined': {
    message: 'The vendor’s licence was not accepted, so nothing was installed.',
    hint: 'Use the built-in engine, or run the command again and accept the licence.',
  },

  'model.manifest': {
    message: 'The list of models cannot be read.',
    hint: 'Try again later; where it comes from a server of your own, check LIMPID_MODELS_BASE_URL.',
  },
  'model.unknown': {
    message: 'There is no model “{id}”.',
    hint: 'Run “limpid models list” to see the models.',
  },
  'model.incompatible': {
    message: 'The library takes models of version {version}, and {id} has only: {versions}.',
    hint: 'Run “limpid models list” and pick one that fits, or install another version of the library.',
  },
  'model.no-library': {
    message: 'Which models fit is known only when the library is installed, and it is not.',
    hint: 'Run “limpid sdk install” first.',
  },
} as const;
