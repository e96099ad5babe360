/** Comparison, player and a look at the microphone, as people read it. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const listening = {
  'comparison.busy': label('A recording is under way.', 'Stop the recording, then compare.'),
  'comparison.no-sound': {
    message: 'Nothing can be recorded yet, because the sound is not running.',
    hint: 'Wait until Limpid enhances, or switch it off, then record.',
  },
  'comparison.none': {
    message: 'There is no comparison to keep.',
    hint: 'Record one first.',
  },
  'comparison.kept': {
    message: 'Kept in {folder}.',
    hint: 'Original and enhanced voice are two files there.',
  },
  'comparison.failed': {
    message: 'There is nothing to compare: {reason}',
    hint: 'Record again.',
  },
  'comparison.cut.one': {
    message: 'Only {count} second was recorded: {reason}',
    hint: 'Compare what there is, or record again.',
  },
  'comparison.cut.other': {
    message: 'Only {count} seconds were recorded: {reason}',
    hint: 'Compare what there is, or record again.',
  },
  'comparison.too-short': label('It was stopped within the first second.'),
  'comparison.disk-full': label('The disk for temporary files is full.'),
  'comparison.unwritable': label('The temporary files could not be written.'),
  'comparison.interrupted': label('The microphone stopped delivering.'),
  'comparison.sound-interrupted': label('The sound was interrupted, as when another device is chosen.'),
  'comparison.sound-off': label('Limpid was switched off.'),
  'comparison.sound-on': label('Limpid was switched on.'),
  'comparison.recording': label('A recording was started.'),
  'comparison.self-test': label('The self-test was started.'),
  'comparison.rescan': label('Limpid looked for devices again.'),
  'comparison.unchanged': {
    message: 'Both versions sound the same: your voice was passed through unchanged.',
    hint: 'Switch bypass off, select an engine and raise the strength, then record again.',
  },
  'comparison.partly-unchanged': {
    message: 'In part both versions sound the same: for a while your voice was passed through unchanged.',
    hint: 'Leave bypass, engine and strength as they are while you record, then record again.',
  },
  'comparison.stand-in': {
    message: 'The built-in engine is heard here: the licensed engine was not ready.',
    hint: 'See Backend for what it lacks, then record again.',
  },
  'comparison.partly-stand-in': {
    message: 'In part the built-in engine is heard here: for a while the licensed engine was not ready.',
    hint: 'See Backend for what it lacks, then record again.',
  },
  'listening.comparing': {
    message: 'A comparison is being recorded, and would hear what is played.',
    hint: 'Wait until it is over, or stop it, then play.',
  },
  'listening.self-test': {
    message: 'The self-test is under way.',
    hint: 'Wait until it is over, or stop it on the Diagnostics screen.',
  },
  'sound.gone': {
    message: 'This sound is not there any more.',
    hint: 'Record again, or enhance the file again.',
  },
  'player.nothing-open': { message: 'Nothing is open to be played.', hint: 'Choose a sound first.' },
  'player.output-lost': {
    message: 'This cannot be played, because {name} is gone.',
    hint: 'Plug it in again, or choose another output under “This recording plays on”.',
  },
  'player.no-output': {
    message: 'There is no output to play this on.',
    hint: 'Plug in headphones or loudspeakers.',
  },

  'window.compare': label('Before and after', 'Speak for ten seconds, then hear your voice without and with Limpid.'),
  'window.compare.record': label('Record {seconds}\u00a0s and compare'),
  'window.compare.preparing': label('Opening the microphone…'),
  'window.compare.progress': label('Recorded of the ten seconds'),
  'window.compare.left.one': label('Speak now: {count} second left'),
  'window.compare.left.other': label('Speak now: {count} seconds left'),
  'window.compare.stop': label('Stop and compare'),
  'window.compare.cancel': label('Cancel'),
  'window.compare.started': label('Recording for the comparison. Speak now.'),
  'window.compare.ready': label('The comparison is ready.'),
  'window.compare.keep': label('Keep'),
  'window.compare.kept': label('Kept'),
  'window.compare.again': label('Record again'),
  'window.compare.discard': label('Discard'),
  'window.compare.close': label('Close'),
  'window.compare.denied': label('Allow the microphone to compare.'),
  'window.compare.while-recording': label('Stop the recording to compare.'),
  'window.compare.while-starting': label('You can compare once the sound runs.'),

  'window.player': label('Player'),
  'window.player.play': label('Play'),
  'window.player.pause': label('Pause'),
  'window.player.head': label('Position'),
  'window.player.head.value': label('{position} of {duration}'),
  'window.player.version': label('Version you hear', 'The X key switches while the player has the focus.'),
  'window.player.original': label('Original'),
  'window.player.enhanced': label('Enhanced'),
  'window.player.waveform': label('Loudness over time: the original above, the enhanced version below'),
  'window.player.output': label('This recording plays on'),
  'window.player.output.on': label('This recording plays on: {name}'),
  'window.player.output.none': label('This recording plays on: no output'),
  'window.player.output.auto': label('Automatic'),
  'window.player.output.auto-named': label('Automatic: {name}'),
  'window.player.output.help': label(
    'Automatic: the output of your enhanced voice if that is a loudspeaker or headphones, else the default output of the system.',
  ),
} as const;
