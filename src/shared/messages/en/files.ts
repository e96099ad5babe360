/** Sound files, as people read about them. Native errors fill `{detail}` only: the path, and what was found there. */
export const files = {
  'file.not-found': { message: 'There is no file {detail}.', hint: 'Check the path.' },
  'file.unreadable': {
    message: 'The file cannot be read: {detail}.',
    hint: 'Check that it is a file and that you may read it.',
  },
  'file.not-wav': {
    message: 'This file cannot be read as sound: {detail}.',
    hint: 'Check that it plays in another program, then save it there as WAV.',
  },
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
    message: '{input} ends sooner than its header says, and was enhanced as far as it goes.',
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

  'files.path-missing': {
    message: 'What was dropped is no file on this computer.',
    hint: 'Save it to a folder first, then add it from there.',
  },
  'files.path-not-absolute': {
    message: 'This is not a full path of a file or folder: {path}.',
    hint: 'Write the whole path, such as /home/me/Music or C:\\Users\\me\\Music.',
  },
  'files.path-on-server': {
    message: 'Files cannot be taken straight from a server: {path}.',
    hint: 'Copy them to this computer, or give the server’s folder a drive letter.',
  },
  'files.limit': {
    message: 'The list is full with {count} files, and the rest was left out.',
    hint: 'Take files off the list when they are done, then add the rest.',
  },
  'files.folder-unread': {
    message: 'A folder cannot be read and was left out: {folder}.',
    hint: 'Check that you may read it, then add it again.',
  },
  'files.left-out.one': {
    message: '{count} file was left out: Limpid cannot open its kind.',
    hint: 'If it holds sound, convert it to WAV.',
  },
  'files.left-out.other': {
    message: '{count} files were left out: Limpid cannot open their kind.',
    hint: 'If they hold sound, convert them to WAV.',
  },
  'files.doubles.one': {
    message: '{count} file is on the list already and was not added again.',
    hint: 'Wait until it is done if you want it enhanced once more.',
  },
  'files.doubles.other': {
    message: '{count} files are on the list already and were not added again.',
    hint: 'Wait until they are done if you want them enhanced once more.',
  },
  'files.results-left-out.one': {
    message: '{count} result of an earlier enhancement was left out.',
    hint: 'Add it by itself if you want it enhanced once more.',
  },
  'files.results-left-out.other': {
    message: '{count} results of earlier enhancements were left out.',
    hint: 'Add them by themselves if you want them enhanced once more.',
  },
  'files.some-refused.one': {
    message: '{count} file was not added. The reason: {reason}.',
    hint: 'Mend that, then add it again.',
  },
  'files.some-refused.other': {
    message: '{count} files were not added. The first reason: {reason}.',
    hint: 'Mend that, then add them again.',
  },
  'files.none-found': {
    message: 'No sound files were found there.',
    hint: 'Add WAV files or, with ffmpeg installed, files such as MP3, M4A or MP4.',
  },
  'files.unknown': {
    message: 'This file is not on the list any more.',
    hint: 'Add it again if you need it.',
  },
  'files.exists': {
    message: 'There is a result of that name already: {path}.',
    hint: 'Choose whether to replace it, to keep both, or to skip this file.',
  },
  'files.not-asking': {
    message: 'This file needs no answer any more.',
    hint: 'Look at the list again.',
  },
  'files.skipped': {
    message: 'This file was skipped: its output was there already.',
    hint: 'Retry it if you want it enhanced all the same.',
  },
  'files.output-is-input': {
    message: 'The output would take the place of an original: {path}.',
    hint: 'Choose another folder for the outputs, or another pattern for their names.',
  },
  'files.pattern-empty': {
    message: 'The pattern for names is empty.',
    hint: 'Write one with {name}, which stands for the name of the original.',
  },
  'files.pattern-placeholder': {
    message: 'The pattern for names has a placeholder that Limpid does not know: {placeholder}.',
    hint: 'Use the placeholders for the original’s name, the engine, the date and the time.',
  },
  'files.pattern-character': {
    message: 'The pattern for names has a character that no file name may have everywhere: {character}.',
    hint: 'Leave out slashes, colons, quotation marks, angle brackets, bars, question marks and asterisks.',
  },
  'files.pattern-same': {
    message: 'With this pattern each output would have the name of its original.',
    hint: 'Add a word to the pattern, or choose another folder for the outputs.',
  },
  'files.folder-not-absolute': {
    message: 'This is not a full path of a folder: {folder}.',
    hint: 'Write the whole path, such as /home/me/Music or C:\\Users\\me\\Music.',
  },
  'files.folder-on-server': {
    message: 'Outputs cannot go straight to a server: {folder}.',
    hint: 'Choose a folder on a disk of this computer, or give the server’s folder a drive letter.',
  },
  'files.folder-unusable': {
    message: 'Nothing can be written in {folder}: {detail}.',
    hint: 'Choose a folder in which you may write.',
  },
  'files.folder-unwritable': {
    message: 'The output cannot be written in this folder: {folder}.',
    hint: 'Choose another folder for the outputs, then retry.',
  },
  'files.no-ffmpeg-linux': {
    message: 'Only WAV files can be opened without ffmpeg, which is not installed.',
    hint: 'Install the package ffmpeg, for example with “sudo apt install ffmpeg”, then retry.',
  },
  'files.no-ffmpeg-mac': {
    message: 'Only WAV files can be opened without ffmpeg, which is not installed.',
    hint: 'Install it with “brew install ffmpeg”, then retry.',
  },
  'files.no-ffmpeg-windows': {
    message: 'Only WAV files can be opened without ffmpeg, which is not installed.',
    hint: 'Install it with “winget install ffmpeg”, start Limpid again, then retry.',
  },
  'files.ffmpeg-failed': {
    message: 'The program ffmpeg could not convert the file: {detail}.',
    hint: 'Check that it plays in another program, or convert it to WAV yourself.',
  },
  'files.ffmpeg-stalled': {
    message: 'The program ffmpeg made no progress for a minute and was ended.',
    hint: 'Check that the disk is still there, then retry.',
  },
  'files.no-sound-track': {
    message: 'The file has no sound track.',
    hint: 'Check that it plays with sound in another program.',
  },
  'files.stood-in': {
    message: 'The built-in engine stood in for the licensed one: {reason}.',
    hint: 'Mend that on the Backend screen, then add the file again.',
  },
  'files.no-result': {
    message: 'There is no result of this file.',
    hint: 'Wait until it is done, or retry it.',
  },
  'files.cannot-open': {
    message: 'The folder could not be opened by the system: {folder}.',
    hint: 'Open it yourself with the file manager of the computer on which Limpid runs.',
  },
  'files.not-sound': {
    message: 'A file of this kind holds no sound that Limpid can open: {name}.',
    hint: 'Convert it to WAV first.',
  },
  'files.too-large': {
    message: 'The file is larger than what a browser may send, 8\u00a0GiB: {name}.',
    hint: 'Add it in the desktop app, or cut it into parts.',
  },
  'files.receive-failed': {
    message: 'The file did not arrive whole: {name}.',
    hint: 'Send it again.',
  },
} as const;
