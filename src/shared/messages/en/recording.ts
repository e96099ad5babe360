/** Recording, as people read it. A label of the window is a `message`; its `hint` is the line of help, or empty. */
const label = (message: string, hint = '') => ({ message, hint });

export const recording = {
  'recording.saved': { message: 'Saved in {folder}.', hint: 'Original and enhanced voice are two files there.' },
  'recording.saved-gaps': {
    message: 'Saved in {folder}, with gaps of {seconds} seconds in all: the disk was too slow.',
    hint: 'Record to a faster disk, such as one inside this computer.',
  },
  'recording.nothing': {
    message: 'Nothing was recorded, because no sound came.',
    hint: 'Check the microphone and record again.',
  },
  'recording.disk-full': {
    message: 'The recording ended because the disk is full. What was recorded until then is saved in {folder}.',
    hint: 'Free some space or choose another folder, then record again. Your voice was not interrupted.',
  },
  'recording.folder-gone': {
    message: 'The recording ended because its folder is gone: {folder}.',
    hint: 'Plug its disk in again or choose another folder, then record again. Your voice was not interrupted.',
  },
  'recording.failed': {
    message: 'The recording ended because its files could not be written any more: {folder}.',
    hint: 'Check that disk or choose another folder, then record again. Your voice was not interrupted.',
  },
  'recording.disk-low': {
    message: 'Less than five minutes of recording fit on the disk.',
    hint: 'Free some space: the recording ends when the disk is full; your voice goes on.',
  },
  'recording.sound-off': {
    message: 'Nothing can be recorded while Limpid is off.',
    hint: 'Switch Limpid on, then record.',
  },
  'recording.folder-not-absolute': {
    message: 'This is not a full path of a folder: {folder}.',
    hint: 'Write the whole path, such as /home/me/Music or C:\\Users\\me\\Music.',
  },
  'recording.folder-on-server': {
    message: 'Recordings cannot go straight to a server: {folder}.',
    hint: 'Choose a folder on a disk of this computer, or give the server’s folder a drive letter.',
  },
  'recording.folder-unusable': {
    message: 'Nothing can be recorded in {folder}: {detail}.',
    hint: 'Choose a folder in which you may write.',
  },
  'recording.cannot-open': {
    message: 'The folder could not be opened by the system: {folder}.',
    hint: 'Open it yourself with the file manager of the computer on which Limpid runs.',
  },

  'window.record': label('Recording', 'Original and enhanced voice, each in a WAV file of its own.'),
  'window.record.start': label('Record'),
  'window.record.stop': label('Stop recording'),
  'window.record.off': label('Switch Limpid on to record.'),
  'window.record.denied': label('Allow the microphone, then switch Limpid on to record.'),
  'window.record.when-on': label('The recording begins as soon as there is sound.'),
  'window.record.when-back': label('The recording begins when the sound is back.'),
  'window.record.time': label('Recorded time'),
  'window.record.space.days': label('Space for {days} days'),
  'window.record.space.hours': label('Space for {hours}\u00a0h'),
  'window.record.space.minutes': label('Space for {minutes}\u00a0min'),
  'window.record.takes': label('Take {number}'),
  'window.record.waiting': label('Waits for sound'),
  'window.record.open': label('Open folder'),
  'window.record.started': label('Recording started.'),
  'window.record.stopped': label('Recording stopped.'),
  'window.record.change': label('Change the folder'),
  'window.record.path': label('Folder for recordings', 'Full path. Each recording gets a folder of its own in it.'),
  'window.record.path.save': label('Use this folder'),
  'window.record.path.saved': label('New recordings go there.'),
  'window.record.path.usual': label('Use the usual folder'),
} as const;
