/** Sound files, as people read about them. Native errors fill `{detail}` only. */
export const files = {
  'file.not-found': { message: 'There is no file {detail}.', hint: 'Check the path.' },
  'file.unreadable': { message: 'The file cannot be read: {detail}.', hint: 'Check its permissions.' },
  'file.not-wav': { message: 'This is not a WAV file: {detail}.', hint: 'Convert it to WAV first.' },
  'file.empty': { message: 'The file holds no sound: {detail}.', hint: 'Pick a file that was recorded to its end.' },
  'file.truncated': {
    message: 'The file ends before its first sample: {detail}.',
    hint: 'Copy or record the file again.',
  },
  'file.unsupported': {
    message: 'This kind of WAV is not supported: {detail}.',
    hint: 'Convert it to 16, 24 or 32 bits or to floating point.',
  },
  'file.same': { message: 'Input and output are the same file.', hint: 'Name another output with -o.' },
  'file.unwritable': {
    message: 'The output cannot be written: {detail}.',
    hint: 'Pick a folder in which you may write.',
  },
  'file.disk-full': { message: 'The disk is full.', hint: 'Free some space or pick another disk.' },
} as const;
