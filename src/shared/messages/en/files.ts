/** Sound files, as people read about them. Native errors fill `{detail}` only: the path, and what was found there. */
export const files = {
  'file.not-found': { message: 'There is no file {detail}.', hint: 'Check the path.' },
  'file.unreadable': {
    message: 'The file cannot be read: {detail}.',
    hint: 'Check that it is a file and that you may read it.',
  },
  'file.not-wav': { message: 'This is not a WAV file: {detail}.', hint: 'Convert it to WAV first.' },
  'file.empty': { message: 'The file holds no sound: {detail}.', hint: 'Pick a file that was recorded to its end.' },
  'file.truncated': {
    message: 'The file ends before its first sample: {detail}.',
    hint: 'Copy or record the file again.',
  },
  'file.bad-rate': {
    message: 'The file has a sample rate that Limpid does not take: {detail}.',
    hint: 'Convert it to a rate from 8000 to 192000 Hz.',
  },
  'file.bad-channels': {
    message: 'The file has a number of channels that Limpid does not take: {detail}.',
    hint: 'Convert it to 1 to 64 channels.',
  },
  'file.unsupported': {
    message: 'This kind of WAV is not supported: {detail}.',
    hint: 'Convert it to PCM of 16, 24 or 32 bits or to floating point.',
  },
  'file.same': { message: 'Input and output are the same file.', hint: 'Name another output with -o.' },
  'file.unwritable': {
    message: 'The output cannot be written: {detail}.',
    hint: 'Pick a folder in which you may write.',
  },
  'file.disk-full': {
    message: 'The disk is full: {detail}.',
    hint: 'Free some space or pick another disk.',
  },

  'file.cut-short': {
    message: '{input} ends before its header says so, and was enhanced up to the cut.',
    hint: 'Copy or record it again if its end is missing.',
  },
  'file.not-finite.one': {
    message: '{count} sample was no valid number and was taken as silence.',
    hint: 'Check the program that wrote the file.',
  },
  'file.not-finite.other': {
    message: '{count} samples were no valid numbers and were taken as silence.',
    hint: 'Check the program that wrote the file.',
  },
  'file.blocks-replaced.one': {
    message: '{count} block could not be enhanced and is as in the input.',
    hint: 'Check the input for extreme levels and try again.',
  },
  'file.blocks-replaced.other': {
    message: '{count} blocks could not be enhanced and are as in the input.',
    hint: 'Check the input for extreme levels and try again.',
  },
} as const;
