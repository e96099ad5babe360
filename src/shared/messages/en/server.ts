/** The token backend that customers run (`limpid backend`), as whoever runs it reads about it. */
export const server = {
  'server.configuration': {
    message: 'The configuration of the token backend cannot be used ({count} of its settings, named above).',
    hint: 'Mend them, then look again with “limpid backend --check”.',
  },
  'server.port-in-use': {
    message: 'Another program listens on port {port} of {host} already.',
    hint: 'End it, or choose another port with --port or LIMPID_TOKENS_PORT.',
  },
  'server.port-privileged': {
    message: 'This user may not listen on port {port}.',
    hint: 'Choose one from 1024 on with --port or LIMPID_TOKENS_PORT, and put a load balancer in front.',
  },
  'server.host-unknown': {
    message: '{host} is no address of this computer.',
    hint: 'Give one of its own with --host or LIMPID_TOKENS_HOST: 127.0.0.1 for this computer alone, 0.0.0.0 for the network.',
  },
  'server.not-listening': {
    message: 'The token backend could not listen on port {port} of {host} ({detail}).',
    hint: 'Check --host and --port, or LIMPID_TOKENS_HOST and LIMPID_TOKENS_PORT.',
  },
  'server.client-exists': {
    message: 'There is a client “{name}” in {path} already.',
    hint: 'Choose another name, or remove that entry first, which withdraws its key.',
  },
  'server.file-invalid': {
    message: '{path} is not valid JSON or YAML from line {line}, column {column} on ({detail}).',
    hint: 'Mend it, or print the entry with --print and paste it yourself.',
  },
  'server.file-locked': {
    message: '{path} is being changed by another program: {lock} is there.',
    hint: 'If none runs any more, remove that file; then add the client again.',
  },
  'server.file-odd': {
    message: '{path} has no list “clients” in “callers” where one could be added.',
    hint: 'Look at it with “limpid backend --check”, or print the entry with --print and paste it yourself.',
  },
  'server.file-unwritable': {
    message: '{path} cannot be changed ({detail}).',
    hint: 'Check that its folder exists and that you may write there, or print the entry with --print and paste it yourself.',
  },
  'usage.client-name': {
    message: 'This is no name for a client.',
    hint: 'Give 1 to 100 characters, such as “front-desk”.',
  },
  'usage.provider': {
    message: 'The option --provider cannot be “{value}”.',
    hint: 'Give one of {providers}, and its ceilings if you like: soniox:expires_in_seconds=300,max_session_duration_seconds=3600.',
  },
  'usage.provider-twice': {
    message: 'The option --provider names {provider} twice.',
    hint: 'Name it once, with all its ceilings: {provider}:field=max,field=max.',
  },
  'usage.ceiling-twice': {
    message: 'The option --provider gives the ceiling “{field}” of {provider} twice.',
    hint: 'Give it once.',
  },
  'usage.ceiling': {
    message: 'A client of {provider} cannot have the ceiling “{value}”.',
    hint: '{allowed}.',
  },
} as const;
