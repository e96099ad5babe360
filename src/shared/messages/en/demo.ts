export const demo = {
  'demo.no-voice': {
    message: 'This machine has no speech to show the demo with.',
    hint: 'Install alsa-utils (recordings) or espeak-ng (speech synthesis), then start the demo again.',
  },
  'demo.unwritable': {
    message: 'The folder {folder} cannot be written to.',
    hint: 'Name another folder with --out.',
  },
} as const;
