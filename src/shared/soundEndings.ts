/** Endings of the files that Limpid opens by itself. */
export const wavEndings: readonly string[] = ['wav', 'wave'];

/** Endings of the files that need ffmpeg. */
export const ffmpegEndings: readonly string[] = [
  'mp3',
  'm4a',
  'm4b',
  'aac',
  'mp4',
  'm4v',
  'mov',
  'ogg',
  'oga',
  'opus',
  'flac',
  'wma',
  'aif',
  'aiff',
  'aifc',
  'caf',
  'au',
  'mka',
  'mkv',
  'webm',
  'avi',
  'wv',
  'w64',
];

/** The ending of a file's name in small letters and without its dot; empty when it has none, or is nothing but an ending. */
export const endingOf = (name: string): string => /[^./\\]\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? '';

/** Whether a file of this name may hold sound that Limpid can enhance. */
export const hasSoundEnding = (name: string): boolean =>
  wavEndings.includes(endingOf(name)) || ffmpegEndings.includes(endingOf(name));
