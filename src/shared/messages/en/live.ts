/** Devices, engines and the live loop, as people read them. Native errors fill `{detail}` only. */
export const live = {
  'device.unknown': {
    message: 'There is no device “{detail}”.',
    hint: 'Run “limpid devices” to see what is there.',
  },
  'device.busy': {
    message: 'Another program holds the device: {detail}.',
    hint: 'Close that program or pick another device.',
  },
  'device.rate-refused': {
    message: 'The device takes neither 48 kHz nor its own default rate: {detail}.',
    hint: 'Pick another device or change its rate in the system settings.',
  },
  'device.none': {
    message: 'This computer has no device for that direction: {detail}.',
    hint: 'Plug in a microphone or headphones and run “limpid doctor”.',
  },
  'device.failed': {
    message: 'The sound system refused the device: {detail}.',
    hint: 'Unplug and replug the device, or pick another one.',
  },
  'device.hung': {
    message: 'The sound system did not answer within 5 seconds: {detail}.',
    hint: 'Restart Limpid, and replug the device if it happens again.',
  },
  'engine.unknown': {
    message: 'There is no engine “{detail}”.',
    hint: 'Use gtcrn or bypass.',
  },
  'engine.prepare-failed': {
    message: 'The engine could not be prepared: {detail}.',
    hint: 'Close other programs to free memory and try again, or use the engine bypass.',
  },
  cancelled: { message: 'The work was cancelled.', hint: 'Start it again when you are ready.' },
  argument: { message: 'A value was refused: {detail}.', hint: 'Check the values and try again.' },
  internal: {
    message: 'Something went wrong inside Limpid.',
    hint: 'Set LIMPID_DEBUG=1 and try again to see the details.',
  },
} as const;
