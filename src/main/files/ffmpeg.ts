import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { LimpidError } from '../../shared/errors.js';
import { childEnvironment } from '../childEnvironment.js';
import { containerOf, encoderArguments, readFormats, type SoundTrack } from './containers.js';
import { endingOf } from '../../shared/soundEndings.js';

/** Without any sign of progress for so long, it hangs. */
const longestPatienceMs = 60_000;
const lowestRate = 8000;
const highestRate = 192_000;

/** What ffprobe says of a file's first sound track. */
export interface ProbedSound extends SoundTrack {
  sampleRate: number;
  /** Null where the file does not say. */
  seconds: number | null;
  /** How much later than the file's beginning it begins. */
  startSeconds: number;
  hasVideo: boolean;
}

export interface FfmpegControls {
  signal: AbortSignal;
  /** Seconds of sound done. */
  onProgress?(seconds: number): void;
}

interface RunControls extends FfmpegControls {
  patienceMs?: number;
}

/** What came of one run: all that it printed. */
interface Printed {
  stdout: string;
  stderr: string;
}

const probed = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string().optional(),
      codec_name: z.string().default(''),
      sample_rate: z.coerce.number().optional(),
      channels: z.number().optional(),
      bits_per_sample: z.number().optional(),
      bits_per_raw_sample: z.coerce.number().optional(),
      start_time: z.coerce.number().catch(0),
      duration: z.coerce.number().optional().catch(undefined),
      disposition: z.object({ attached_pic: z.number() }).partial().optional(),
    }),
  ),
  format: z.object({
    duration: z.coerce.number().optional().catch(undefined),
    start_time: z.coerce.number().catch(0),
  }),
});

/**
 * The system's ffmpeg and ffprobe. Both get lists of arguments, never a line for a shell; a file is given as `file:path`, so that no
 * name is an option or an address; no other protocol is open to them, and no format that leads to other files.
 */
export class Ffmpeg {
  private constructor(
    readonly version: string,
    private readonly ffmpegPath: string,
    private readonly ffprobePath: string,
    private readonly patienceMs: number,
  ) {}

  /** The first on the path of programs that has both and runs; null when there is none. */
  static async find(
    environment: NodeJS.ProcessEnv = process.env,
    patienceMs = longestPatienceMs,
  ): Promise<Ffmpeg | null> {
    const [ffmpegPath, ffprobePath] = await Promise.all(
      ['ffmpeg', 'ffprobe'].map((name) => lookFor(name, environment)),
    );
    if (!ffmpegPath || !ffprobePath) return null;
    try {
      const { stdout } = await run(ffmpegPath, ['-hide_banner', '-version'], { signal: AbortSignal.timeout(10_000) });
      const [, version = null] = /^ffmpeg version (\S+)/.exec(stdout) ?? [];
      return version === null ? null : new Ffmpeg(version.slice(0, 60), ffmpegPath, ffprobePath, patienceMs);
    } catch {
      return null;
    }
  }

  /** Rejects with `files.no-sound-track` or `files.ffmpeg-failed`. */
  async probe(path: string, { signal }: FfmpegControls): Promise<ProbedSound> {
    const { stdout } = await run(
      this.ffprobePath,
      ['-hide_banner', '-v', 'error', '-show_streams', '-show_format', '-of', 'json', ...inputArguments(path)],
      { signal, patienceMs: this.patienceMs },
    );
    const { streams, format } = readProbe(stdout);
    const sound = streams.find(({ codec_type: type }) => type === 'audio');
    if (!sound?.sample_rate || !sound.channels) throw new LimpidError('files.no-sound-track');
    const seconds = format.duration ?? sound.duration ?? null;
    return {
      codec: sound.codec_name,
      channels: sound.channels,
      bits: sound.bits_per_raw_sample || sound.bits_per_sample || null,
      sampleRate: sound.sample_rate,
      seconds: seconds !== null && seconds > 0 ? seconds : null,
      startSeconds: Math.max(0, sound.start_time - format.start_time),
      hasVideo: streams.some(({ codec_type: type, disposition }) => type === 'video' && !disposition?.attached_pic),
    };
  }

  /** Writes the first sound track as a WAV file of floats with its rate and channels. Rejects with `files.ffmpeg-*`. */
  async decode(input: string, wavPath: string, sound: ProbedSound, controls: FfmpegControls): Promise<void> {
    const { sampleRate } = sound;
    const rate = Math.min(Math.max(sampleRate, lowestRate), highestRate);
    await run(
      this.ffmpegPath,
      [
        ...commonArguments,
        ...inputArguments(input),
        '-map',
        '0:a:0',
        '-c:a',
        'pcm_f32le',
        ...(rate === sampleRate ? [] : ['-ar', String(rate)]),
        // What is missing in the middle of a film's sound is silence, or the rest would come too early.
        ...(sound.hasVideo ? ['-af', 'aresample=async=1'] : []),
        '-rf64',
        'auto',
        '-f',
        'wav',
        `file:${wavPath}`,
      ],
      { ...controls, patienceMs: this.patienceMs },
    );
  }

  /**
   * Writes a copy of `original` to `output` with the sound of `wavPath` in place of its first sound track. `original` names the
   * container; what else it holds and its tags are copied. Rejects with `files.ffmpeg-*`.
   */
  async encode(
    files: { original: string; wavPath: string; output: string },
    sound: ProbedSound,
    controls: FfmpegControls,
  ): Promise<void> {
    const container = containerOf(endingOf(files.original));
    if (!container) throw new LimpidError('files.ffmpeg-failed', { detail: endingOf(files.original) });
    const { muxer, keeps } = container;
    const others = {
      video: ['-map', '0:v?', '-map', '1:a:0', '-map', '0:a?', '-map', '-0:a:0', '-map', '0:s?', '-c', 'copy'],
      cover: ['-map', '1:a:0', '-map', '0:v?', '-c:v', 'copy'],
      sound: ['-map', '1:a:0'],
    }[keeps];
    await run(
      this.ffmpegPath,
      [
        ...commonArguments,
        ...inputArguments(files.original),
        ...(keeps === 'video' && sound.startSeconds > 0 ? ['-itsoffset', sound.startSeconds.toFixed(6)] : []),
        ...inputArguments(files.wavPath),
        ...others,
        '-map_metadata',
        '0',
        '-map_metadata:s:a:0',
        '0:s:a:0',
        '-map_chapters',
        '0',
        ...encoderArguments(container, sound),
        ...(muxer === 'mp3' || muxer === 'aiff' ? ['-write_id3v2', '1'] : []),
        '-f',
        muxer,
        `file:${files.output}`,
      ],
      { ...controls, patienceMs: this.patienceMs },
    );
  }
}

const commonArguments = ['-nostdin', '-hide_banner', '-v', 'error', '-y', '-progress', 'pipe:1'];

const inputArguments = (path: string): string[] => [
  '-protocol_whitelist',
  'file,pipe',
  '-format_whitelist',
  readFormats,
  '-i',
  `file:${path}`,
];

/** Only in folders that are named in full: nothing is started from wherever Limpid happens to run. */
async function lookFor(name: string, environment: NodeJS.ProcessEnv): Promise<string | null> {
  const fileName = process.platform === 'win32' ? `${name}.exe` : name;
  const folders = (environment['PATH'] ?? environment['Path'] ?? '')
    .split(delimiter)
    .filter((each) => isAbsolute(each));
  // A program that was started from a macOS desktop has a short path, without that of Homebrew.
  if (process.platform === 'darwin') folders.push('/opt/homebrew/bin', '/usr/local/bin');
  for (const folder of folders) {
    const path = join(folder, fileName);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}

function readProbe(text: string): z.infer<typeof probed> {
  try {
    return probed.parse(JSON.parse(text));
  } catch (cause) {
    throw new LimpidError('files.ffmpeg-failed', { detail: 'ffprobe' }, { cause });
  }
}

/** Runs a program to its end. An abort kills it and rejects with `cancelled`. */
async function run(program: string, args: string[], controls: RunControls): Promise<Printed> {
  const { signal, onProgress, patienceMs = longestPatienceMs } = controls;
  if (signal.aborted) throw new LimpidError('cancelled');
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: childEnvironment(),
    windowsHide: true,
  });
  const kill = (): void => void child.kill('SIGKILL');
  const printed: Printed = { stdout: '', stderr: '' };
  let isStalled = false;
  // Of time and bytes. Newer ones print on while they hang.
  const furthest: Record<string, number> = {};
  const timer = setTimeout(() => {
    isStalled = true;
    kill();
  }, patienceMs);
  signal.addEventListener('abort', kill);
  try {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, what = '', text] = /^(out_time_us|total_size)=(\d+)$/.exec(line) ?? [];
      const amount = Number(text);
      if (amount > (furthest[what] ?? 0)) {
        furthest[what] = amount;
        timer.refresh();
      }
      if (what === 'out_time_us') onProgress?.(amount / 1e6);
      else if (printed.stdout.length < 1e6) printed.stdout += `${line}\n`;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr = (printed.stderr + text).slice(-4000);
    });
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (signal.aborted) throw new LimpidError('cancelled');
    if (isStalled) throw new LimpidError('files.ffmpeg-stalled');
    if (exitCode !== 0) throw failure(printed.stderr);
    return printed;
  } catch (error) {
    throw error instanceof LimpidError ? error : new LimpidError('files.ffmpeg-failed', { detail: String(error) });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', kill);
  }
}

/** In its own words: the last line that is more than a repetition of the paths. */
function failure(stderr: string): LimpidError {
  const lines = stderr.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (/no space left on device/i.test(stderr)) return new LimpidError('file.disk-full', { detail: lastOf(lines) });
  return new LimpidError('files.ffmpeg-failed', { detail: lastOf(lines) });
}

const lastOf = (lines: string[]): string => (lines.at(-1) ?? 'ffmpeg').replace(/^\[[^\]]*\]\s*/, '').slice(0, 300);
