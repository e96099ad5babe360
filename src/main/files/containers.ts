/** How sound is written back into one kind of file. */
export interface Container {
  muxer: string;
  /** Codecs that it holds, as ffprobe names them: that of the original is kept when it is one of them, else the first is used. */
  codecs: readonly string[];
  /** Any kind of PCM is kept, too. */
  pcm?: boolean;
  /** What else of the original is copied: pictures and subtitles, a cover, or the sound alone. */
  keeps: 'video' | 'cover' | 'sound';
}

const inVideo = ['aac', 'mp3', 'ac3', 'alac', 'flac', 'opus'];
const mp4: Container = { muxer: 'mp4', codecs: inVideo, keeps: 'video' };
const m4a: Container = { muxer: 'ipod', codecs: ['aac', 'alac'], keeps: 'cover' };
const ogg: Container = { muxer: 'ogg', codecs: ['vorbis', 'opus', 'flac'], keeps: 'sound' };
const aiff: Container = { muxer: 'aiff', codecs: ['pcm_s24be'], pcm: true, keeps: 'sound' };

const wav: Container = { muxer: 'wav', codecs: ['pcm_s16le'], pcm: true, keeps: 'sound' };

const containers: Readonly<Record<string, Container>> = {
  mp3: { muxer: 'mp3', codecs: ['mp3'], keeps: 'cover' },
  m4a,
  m4b: m4a,
  aac: { muxer: 'adts', codecs: ['aac'], keeps: 'sound' },
  mp4,
  m4v: mp4,
  mov: { muxer: 'mov', codecs: ['aac', 'mp3', 'ac3', 'alac'], pcm: true, keeps: 'video' },
  ogg,
  oga: ogg,
  opus: { muxer: 'opus', codecs: ['opus'], keeps: 'sound' },
  flac: { muxer: 'flac', codecs: ['flac'], keeps: 'cover' },
  wma: { muxer: 'asf', codecs: ['wmav2'], keeps: 'sound' },
  aif: aiff,
  aiff,
  aifc: aiff,
  caf: { muxer: 'caf', codecs: ['pcm_s24be', 'alac'], pcm: true, keeps: 'sound' },
  au: { muxer: 'au', codecs: ['pcm_s24be'], pcm: true, keeps: 'sound' },
  mka: { muxer: 'matroska', codecs: ['flac', 'vorbis', ...inVideo], pcm: true, keeps: 'cover' },
  mkv: { muxer: 'matroska', codecs: [...inVideo, 'vorbis'], pcm: true, keeps: 'video' },
  webm: { muxer: 'webm', codecs: ['opus', 'vorbis'], keeps: 'video' },
  avi: { muxer: 'avi', codecs: ['mp3', 'ac3'], pcm: true, keeps: 'video' },
  wv: { muxer: 'wv', codecs: ['wavpack'], keeps: 'sound' },
  wav,
  wave: wav,
  w64: { muxer: 'w64', codecs: ['pcm_s24le'], pcm: true, keeps: 'sound' },
};

/** The container of an ending; undefined for one that ffmpeg is not asked to write. */
export const containerOf = (ending: string): Container | undefined => containers[ending];

/** The formats that ffmpeg may take a file for. Playlists and the like, which name other files, are none of them. */
export const readFormats =
  'mp3,mov,mp4,m4a,3gp,3g2,mj2,aac,ogg,flac,asf,aiff,caf,au,matroska,webm,avi,wv,w64,wav,aa,ac3,loas,mpeg,mpegts';

/** The sound of an original. */
export interface SoundTrack {
  codec: string;
  channels: number;
  /** Of its samples; null where its codec has none. */
  bits: number | null;
}

/** Arguments that choose the encoder, at a quality that costs nothing one could hear. */
export function encoderArguments({ codecs, pcm = false }: Container, { codec, channels, bits }: SoundTrack): string[] {
  const keepsPcm = pcm && /^pcm_([suf]\d+(le|be)?|alaw|mulaw)$/.test(codec);
  const wanted = keepsPcm || codecs.includes(codec) ? codec : (codecs[0] ?? codec);
  switch (wanted) {
    case 'mp3':
      return ['-c:a:0', 'libmp3lame', '-q:a:0', '0'];
    case 'aac':
      return ['-c:a:0', 'aac', '-b:a:0', `${128 * channels}k`];
    case 'vorbis':
      return ['-c:a:0', 'libvorbis', '-q:a:0', '8'];
    case 'opus':
      return ['-c:a:0', 'libopus', '-b:a:0', `${96 * channels}k`];
    case 'wmav2':
      return ['-c:a:0', 'wmav2', '-b:a:0', `${96 * channels}k`];
    case 'ac3':
      return ['-c:a:0', 'ac3', '-b:a:0', channels > 2 ? '640k' : '256k'];
    case 'flac':
      return ['-c:a:0', 'flac', '-sample_fmt:a:0', bits !== null && bits <= 16 ? 's16' : 's32'];
    case 'alac':
      return ['-c:a:0', 'alac', '-sample_fmt:a:0', bits !== null && bits <= 16 ? 's16p' : 's32p'];
    default:
      return ['-c:a:0', wanted];
  }
}
