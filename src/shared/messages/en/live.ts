/** Devices, engines and the live loop, as people read them. Native errors fill `{detail}` only. */
export const live = {
  'status.off': { message: 'Off.', hint: 'Switch Limpid on to clean your voice.' },
  'status.starting': { message: 'From {input} to {output}.', hint: 'This takes a moment.' },
  'status.preparing': { message: 'Getting the engine ready.', hint: 'This takes a moment.' },
  'status.question': { message: 'Waiting for your answer.', hint: 'Answer the question to go on.' },
  'status.asking-permission': {
    message: 'Waiting for permission to use the microphone.',
    hint: 'Answer the question of the system.',
  },
  'status.enhancing': {
    message: 'Enhancing {input} with {engine}, playing to {output}.',
    hint: 'Your voice is clean.',
  },
  'status.passing-bypass': {
    message: 'Passing your voice through unchanged because bypass is on.',
    hint: 'Switch bypass off to clean your voice again.',
  },
  'status.passing-engine': {
    message: 'Passing your voice through unchanged because no enhancing engine is selected.',
    hint: 'Select an engine to clean your voice.',
  },
  'status.passing-level': {
    message: 'Passing your voice through unchanged because the strength is zero.',
    hint: 'Raise the strength to clean your voice.',
  },
  'status.passing-failed': {
    message: 'Passing your voice through unchanged because {engine} failed ({reason}).',
    hint: 'Restart the engine to try it again.',
  },
  'status.muted-feedback': {
    message: 'Muted because the microphone hears the loudspeaker.',
    hint: 'Use headphones or turn the loudspeaker down, then unmute.',
  },
  'input.silent': {
    message: 'Nothing but digital silence comes from {input}.',
    hint: 'Check whether the microphone is muted by a key, a switch or the system, or pick another one.',
  },
  'status.streams-closed': { message: 'the streams were closed', hint: '' },
  'status.no-delivery': { message: 'the device stopped delivering', hint: '' },
  'status.engine-crashed': { message: 'it crashed', hint: '' },
  'status.engine-bad-output': { message: 'it delivered unusable sound', hint: '' },
  'status.unknown': { message: 'unknown', hint: '' },
  'status.microphone': { message: 'microphone', hint: '' },
  'status.stalled': { message: 'The sound has stopped: {detail}.', hint: 'Limpid restarts it by itself in a moment.' },
  'status.restarting': {
    message: 'Restarting the sound: {detail}.',
    hint: 'If it does not come back, replug the device.',
  },
  'status.waiting-input': {
    message: 'Waiting for {name} to come back.',
    hint: 'Plug the microphone in again or pick another one.',
  },
  'status.waiting-output': {
    message: 'Waiting for {name} to come back.',
    hint: 'Plug the output in again or pick another one.',
  },
  'status.waiting-microphone': {
    message: 'Waiting for a microphone.',
    hint: 'Plug one in, or pick an input by name.',
  },
  'status.waiting-retry': {
    message: 'Waiting to open the devices again.',
    hint: 'Limpid tries by itself; pick another device if it takes long.',
  },
  'status.failed': { message: 'Off, because the start failed.', hint: 'Follow the advice above and switch on again.' },

  'question.speakers': {
    message: 'Play through {output} while {input} listens?',
    hint: 'A loudspeaker beside the microphone can howl. Headphones are better.',
  },

  'output.not-chosen': {
    message: 'No output was chosen, and nothing plays until one is.',
    hint: 'Choose where the clean voice goes.',
  },
  'output.virtual-in-use': {
    message: 'Another Limpid (process {pid}) already provides the Limpid microphone.',
    hint: 'Close that Limpid or choose another output.',
  },
  'output.virtual-name-taken': {
    message: 'The sound server already has a device named {name} that Limpid did not make.',
    hint: 'Remove that device (pactl unload-module) or choose another output.',
  },
  'output.virtual-unsupported': {
    message: 'The Limpid microphone needs Linux with PulseAudio or PipeWire.',
    hint: 'Install a virtual cable such as VB-Cable or BlackHole and choose it as the output.',
  },
  'sound-server.unavailable': {
    message: 'The sound server did not answer: {detail}.',
    hint: 'Check that PulseAudio or PipeWire runs and that pactl (pulseaudio-utils) is installed.',
  },

  'permission.denied': {
    message: 'The system does not let Limpid use the microphone.',
    hint: 'Allow Limpid in the privacy settings of the system, then try again.',
  },

  'device.lost': {
    message: '{name} is gone.',
    hint: 'Plug it in again or pick another device. A voice that was on goes on by itself.',
  },
  'device.awaited': {
    message: '{name} is to be used now, but it is not there; the voice goes on with {input} and {output}.',
    hint: 'Plug it in, and Limpid changes over once it finds it.',
  },
  'device.awaits-answer': {
    message:
      'The built-in microphone is to be used beside the built-in loudspeakers now; the voice goes on with {input} and {output} until you agree.',
    hint: 'Switch Limpid off and on again, and it asks you; or use headphones.',
  },
  'device.ambiguous': {
    message: 'More than one device fits “{detail}”: {candidates}.',
    hint: 'Use one of the ids in brackets.',
  },
  'device.unknown': {
    message: 'There is no such device: {detail}.',
    hint: 'Run “limpid devices” to see what is there.',
  },
  'device.busy': {
    message: 'Another program is using the device.',
    hint: 'Close that program or pick another device. The sound system says: {detail}.',
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
  'live.start-timeout': {
    message: 'The sound did not start within {seconds} seconds.',
    hint: 'Try again, and restart Limpid or the computer if it happens again.',
  },
  'live.stop-timeout': {
    message: 'The sound did not stop within {seconds} seconds.',
    hint: 'Restart Limpid, and replug the device if it happens again.',
  },

  'engine.name.gtcrn': { message: 'the built-in engine', hint: '' },
  'engine.name.with-gtcrn': { message: 'the built-in engine', hint: '' },
  'engine.unknown': { message: 'There is no engine “{detail}”.', hint: 'Use gtcrn, aic or bypass.' },
  'engine.prepare-failed': {
    message: 'The engine could not be prepared: {detail}.',
    hint: 'Close other programs to free memory and try again, or use the engine bypass.',
  },
  'engine.failed': {
    message: 'The engine failed: {detail}.',
    hint: 'Try again, or use the engine bypass.',
  },
  'engine.passing-through': {
    message: 'Your voice passes through unchanged because {engine} failed ({reason}).',
    hint: 'Restart the engine to try it again.',
  },
  'engine.standing-in': {
    message: 'The built-in engine stands in because {engine} failed ({reason}).',
    hint: 'Restart the engine to try it again.',
  },
  'feedback.muted': {
    message: 'The output was muted because the microphone hears it.',
    hint: 'Use headphones or turn the loudspeaker down, then unmute.',
  },
  'native.missing': {
    message: 'The audio core could not be loaded: {detail}.',
    hint: 'Run “npm run build:native” in a clone, or install Limpid again.',
  },

  'platform.unsupported': {
    message: 'Limpid does not run on {platform}.',
    hint: 'Use Linux, macOS or Windows.',
  },

  'settings.recovered': {
    message: 'The settings in {path} could not be read; the last good copy is used.',
    hint: 'The broken file was kept as {broken}.',
  },
  'settings.lost': {
    message: 'The settings in {path} could not be read, and there was no good copy: Limpid starts with its defaults.',
    hint: 'The broken file was kept as {broken}.',
  },
  'settings.unreadable': {
    message: 'The settings in {path} could not be opened ({detail}): Limpid starts with its defaults.',
    hint: 'Check who owns that file and its permissions.',
  },
  'settings.field-ignored': {
    message: 'The setting “{field}” had a value that Limpid does not take, so its default is used.',
    hint: 'Set it again in Limpid, or correct it in the settings file.',
  },
  'settings.unwritable': {
    message: 'The settings could not be written to {path} ({detail}).',
    hint: 'They hold until Limpid ends. Check the free space and the permissions of that folder.',
  },

  cancelled: { message: 'The work was cancelled.', hint: 'Start it again when you are ready.' },
  argument: { message: 'A value was refused: {detail}.', hint: 'Check the values and try again.' },
  internal: {
    message: 'Something went wrong inside Limpid.',
    hint: 'Set LIMPID_DEBUG=1 and try again to see the details.',
  },
} as const;
