export const demo = {
  'demo.no-voice': {
    message: 'This machine has no speech to show the demo with.',
    hint: 'Install alsa-utils (recordings) or espeak-ng (speech synthesis), then start the demo again.',
  },
  'demo.no-sound-server': {
    message: 'The private sound server of the demo did not start, or has ended too early.',
    hint: 'Install pulseaudio and pulseaudio-utils, or start the demo with --device timer.',
  },
  'demo.unwritable': {
    message: 'The folder {folder} cannot be written to.',
    hint: 'Name another folder with --out.',
  },
} as const;
