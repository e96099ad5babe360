/** The command line and its checks. */
export const cli = {
  'usage.unknown-command': {
    message: 'There is no command “{command}”.',
    hint: 'Run “limpid --help” to see the commands.',
  },
  'usage.no-command': {
    message: 'No command was given.',
    hint: 'Run “limpid --help” to see the commands.',
  },
  'usage.unknown-option': {
    message: 'There is no option “{option}”.',
    hint: 'Run “{command} --help” to see the options.',
  },
  'usage.missing-value': {
    message: 'The option “{option}” needs a value.',
    hint: 'Run “{command} --help” to see which.',
  },
  'usage.missing-option': {
    message: 'The option “{option}” is required.',
    hint: 'Run “{command} --help” to see an example.',
  },
  'usage.missing-argument': {
    message: 'The argument “{argument}” is missing.',
    hint: 'Run “{command} --help” to see an example.',
  },
  'usage.excess-argument': {
    message: 'There are more arguments than this command takes.',
    hint: 'Put names with spaces in quotes, or run “{command} --help” to see an example.',
  },
  'usage.invalid': {
    message: 'The command line was not understood.',
    hint: 'Run “{command} --help” to see an example.',
  },
  'usage.number': {
    message: '{option} cannot be “{value}”.',
    hint: 'Give a number from {min} to {max}.',
  },
  'usage.integer': {
    message: '{option} cannot be “{value}”.',
    hint: 'Give a whole number from {min} to {max}.',
  },
  'usage.engine': {
    message: 'There is no engine “{value}”.',
    hint: 'Use one of: {engines}.',
  },
  'usage.no-output': {
    message: 'No output was chosen, and nothing plays until one is.',
    hint: 'Name one with --output (see “limpid devices”), or make a microphone for other programs with --output virtual.',
  },
  'live.speakers-unconfirmed': {
    message: 'Playing through {output} while {input} listens can howl, so it needs your consent.',
    hint: 'Use headphones, or start once on a terminal and say yes; the answer is remembered.',
  },
  'live.record-folder': {
    message: 'Nothing can be recorded in {folder}: {detail}.',
    hint: 'Name a folder with --record in which you may write.',
  },
} as const;
