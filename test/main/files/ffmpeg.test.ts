import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WorkFolder } from '../../../src/main/files/workFolder.js';
import { Ffmpeg } from '../../../src/main/files/ffmpeg.js';
import { HeardSounds } from '../../../src/main/files/heardSounds.js';
import type { FileItem } from '../../../src/shared/files.js';
import * as wav from '../../wavFile.js';
import { openQueue, type OpenQueue } from './openQueue.js';

const run = promisify(execFile);
let rig: OpenQueue;
let folder: string;

beforeEach(async () => {
  rig = await openQueue();
  ({ folder } = rig);
});
afterEach(() => rig.close());

const add = (...paths: string[]) => rig.queue.add(paths);
const tone = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100:duration=0.6'];
const picture = ['-f', 'lavfi', '-i', 'testsrc=size=64x64:rate=10:duration=0.6'];
const make = async (name: string, ...args: string[]): Promise<string> => {
  const path = join(folder, name);
  await run('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args, `file:${path}`]);
  return path;
};

interface Probed {
  streams: {
    codec_type: string;
    codec_name: string;
    sample_rate?: string;
    channels?: number;
    start_time: string;
    tags?: Record<string, string>;
  }[];
  format: { duration: string; tags?: Record<string, string> };
}
const probe = async (path: string): Promise<Probed> => {
  const args = ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', `file:${path}`];
  return JSON.parse((await run('ffprobe', args)).stdout) as Probed;
};
const named = (items: FileItem[]) => Object.fromEntries(items.map((item) => [item.name, item]));
/** What of the queue's own folder is left. */
const leftovers = async (): Promise<string[]> =>
  (await readdir(join(folder, '.work'), { recursive: true }).catch(() => [])).filter((name) => name.endsWith('.wav'));

describe('files of other formats', () => {
  test('come back in their own format, with their length, channels and tags', { timeout: 60_000 }, async () => {
    const codecs = {
      'a.mp3': 'mp3',
      'b.m4a': 'aac',
      'c.ogg': 'vorbis',
      'd.opus': 'opus',
      'e.flac': 'flac',
      'f.wma': 'wmav2',
      'g.aiff': 'pcm_s16be',
    };
    const names = Object.keys(codecs);
    const facts = ['-ac', '2', '-metadata', 'title=A talk'];
    const outputs = names.flatMap((name) => [
      ...facts,
      ...(name === 'e.flac' ? ['-sample_fmt', 's16'] : []),
      join(folder, name),
    ]);
    await run('ffmpeg', ['-nostdin', '-v', 'error', ...tone, ...outputs]);
    await add(folder);
    const items = await rig.idle();
    expect(items.map(({ name, status, notice }) => [name, status, notice])).toEqual(
      names.map((name) => [name, 'done', null]),
    );
    for (const [name, codec] of Object.entries(codecs)) {
      const result = named(items)[name]!.result!;
      const { streams, format } = await probe(result.path);
      expect(streams).toMatchObject([
        { codec_name: codec, channels: 2, sample_rate: codec === 'opus' ? '48000' : '44100' },
      ]);
      expect(Math.abs(Number(format.duration) - 0.6)).toBeLessThan(0.08);
      expect(result.seconds).toBeCloseTo(0.6, 1);
      const tags = { ...format.tags, ...streams[0]?.tags };
      expect(tags['title'] ?? tags['TITLE']).toBe('A talk');
    }
    expect(await leftovers()).toEqual([]);
    expect(rig.queue.view.ffmpegVersion).toMatch(/^\d/);
  });

  test('the sound stays where it is: what is not changed comes back sample for sample', async () => {
    const samples = wav.makeNoise(4410, 0.3);
    await writeFile(join(folder, 'a.wav'), wav.makeWav(samples, { sampleRate: 44_100, channels: 1, bits: 16 }));
    const path = await make('a.flac', '-i', join(folder, 'a.wav'));
    rig.live.engine = 'bypass';
    await add(path);
    const [item] = await rig.idle();
    expect(item).toMatchObject({ status: 'done', result: { engine: 'bypass' } });
    const back = await make('back.wav', '-i', item!.result!.path);
    expect((await wav.readWav(back)).samples).toEqual((await wav.readWav(join(folder, 'a.wav'))).samples);
  });

  test('a film keeps its picture and its other tracks, and the sound stays in time with them', async () => {
    const inputs = [...picture, '-itsoffset', '0.2', ...tone, '-f', 'lavfi', '-i', 'sine=frequency=880:duration=0.6'];
    const tracks = '-map 0:v -map 1:a -map 2:a -c:v mpeg4 -c:a aac -metadata:s:a:0 language=deu'.split(' ');
    const path = await make('film.mkv', ...inputs, ...tracks);
    await add(path);
    const [item] = await rig.idle();
    expect(item).toMatchObject({ status: 'done', notice: null });
    const [before, after] = [await probe(path), await probe(item!.result!.path)];
    expect(after.streams.map((stream) => stream.codec_name)).toEqual(['mpeg4', 'aac', 'aac']);
    expect(after.streams[1]?.tags).toMatchObject({ language: before.streams[1]?.tags?.['language'] });
    const startOf = ({ streams }: Probed) =>
      Number(streams.find((stream) => stream.codec_type === 'audio')?.start_time);
    expect(startOf(before)).toBeGreaterThan(0.15);
    expect(Math.abs(startOf(after) - startOf(before))).toBeLessThan(0.03);
    const packets = async (file: string) =>
      (
        await run('ffprobe', [
          '-v',
          'error',
          '-select_streams',
          'v',
          '-show_entries',
          'packet=size',
          '-of',
          'csv',
          file,
        ])
      ).stdout;
    expect(await packets(item!.result!.path)).toBe(await packets(path));
  });

  test('can be heard before and after as WAV files, which go with them', async () => {
    await copyFile(await make('a.mp3', ...tone), join(folder, 'b.mp3'));
    await add(folder);
    const [first, second] = await rig.idle();
    const paths = await rig.queue.pathsOf(first!.id);
    const [before, after] = await Promise.all([wav.readWav(paths!.original), wav.readWav(paths!.enhanced)]);
    expect(before.samples.length).toBe(after.samples.length);
    expect(before.samples).not.toEqual(after.samples);
    expect(await rig.queue.pathsOf(first!.id)).toEqual(paths);
    await rig.queue.pathsOf(second!.id);
    await expect.poll(leftovers).toHaveLength(2);
    rig.queue.remove(null);
    await expect.poll(leftovers).toEqual([]);
  });

  test('WAV files of telephones are among them, and can be heard as well', async () => {
    const path = await make('call.wav', ...tone, '-ar', '8000', '-c:a', 'pcm_alaw');
    await add(path);
    const [item] = await rig.idle();
    expect(item).toMatchObject({ status: 'done', notice: null, result: { path: join(folder, 'call (enhanced).wav') } });
    expect((await probe(item!.result!.path)).streams).toMatchObject([{ codec_name: 'pcm_alaw', sample_rate: '8000' }]);
    const heard = await rig.queue.pathsOf(item!.id);
    expect((await wav.readWav(heard!.enhanced)).samples.length).toBe(4800);
  });

  test('are taken whatever they are called', async () => {
    const path = await make('-i.mp3', ...tone);
    const names = ['-i.mp3', 'http:x.mp3', "it's “a” %03d;$(id).mp3"];
    for (const name of names.slice(1)) await copyFile(path, join(folder, name));
    await add(...names.map((name) => join(folder, name)));
    expect((await rig.idle()).map(({ status }) => status)).toEqual(['done', 'done', 'done']);
  });

  test('that are none are refused and leave nothing behind: text, and lists that name other files', async () => {
    await make('secret.mp3', ...tone);
    const texts = {
      'concat.mp3': 'ffconcat version 1.0\nfile secret.mp3\n',
      'stream.mp3': '#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nsecret.mp3\n#EXT-X-ENDLIST\n',
      'text.mp3': 'This is no sound at all, but a text.',
    };
    for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
    await add(...Object.keys(texts).map((name) => join(folder, name)));
    for (const item of await rig.idle()) {
      expect(item).toMatchObject({
        status: 'failed',
        notice: { code: expect.stringMatching(/^files\.(ffmpeg-failed|no-sound-track)$/) },
      });
    }
    expect((await readdir(folder)).filter((name) => name.endsWith('.mp3'))).toHaveLength(4);
    expect(await leftovers()).toEqual([]);
  });

  test('a film without sound says so', async () => {
    await add(await make('silent.mp4', ...picture, '-c:v', 'mpeg4'));
    expect((await rig.idle())[0]).toMatchObject({ status: 'failed', notice: { code: 'files.no-sound-track' } });
  });

  test('one that is cancelled ends ffmpeg at once and leaves nothing', async () => {
    const path = await make(
      'long.flac',
      '-f',
      'lavfi',
      '-i',
      'anullsrc=r=48000:cl=stereo:d=1200',
      '-compression_level',
      '0',
    );
    await add(path);
    const id = (await rig.items())[0]!.id;
    await expect
      .poll(async () => (await rig.items())[0]!.progress, { timeout: 15_000, interval: 10 })
      .toBeGreaterThan(0);
    expect(await leftovers()).not.toEqual([]);
    rig.queue.cancel(id);
    await rig.queue.dispose();
    expect(await leftovers()).toEqual([]);
    expect((await readdir(folder)).filter((name) => name.includes('long'))).toEqual(['long.flac']);
  });
});

describe('a disk', () => {
  /** A disk that has no room when it is looked at for the second time, while the sound is being written. */
  class FillingFolder extends WorkFolder {
    looks = 0;
    protected override freeBytes = async (): Promise<number> => ((this.looks += 1) === 2 ? 1e6 : 1e12);
  }

  test('is not filled by a sound that does not say how long it is, enhanced or heard', async () => {
    const path = join(folder, 'long.flac');
    // Into a pipe, the length cannot be written back.
    const sound = 'ffmpeg -nostdin -v error -f lavfi -i anullsrc=r=48000:cl=stereo:d=300 -f flac pipe:1';
    await run('sh', ['-c', `${sound} > "$0"`, path]);
    const work = new FillingFolder(join(folder, '.work'));
    const tight = await openQueue({ work });
    await tight.queue.add([path]);
    expect((await tight.idle())[0]).toMatchObject({ status: 'failed', notice: { code: 'file.disk-full' } });
    expect(await leftovers()).toEqual([]);
    work.looks = 0;
    const ffmpeg = await Ffmpeg.find();
    const heard = new HeardSounds(async () => ({ ffmpeg, work }));
    await expect(heard.pathsOf('a', { original: path, enhanced: path })).rejects.toMatchObject({
      code: 'file.disk-full',
    });
    expect(await leftovers()).toEqual([]);
    await tight.close();
  });
});

describe('listening', () => {
  test('to another one, or to none, ends what was being made; it is made anew when it is asked for again', async () => {
    const long = await make('long.flac', '-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo:d=300');
    const short = await make('short.flac', ...tone);
    const ffmpeg = await Ffmpeg.find();
    const heard = new HeardSounds(async () => ({ ffmpeg, work: new WorkFolder(join(folder, '.work')) }));
    const [first, second] = [
      { original: short, enhanced: long },
      { original: short, enhanced: short },
    ];
    const begun = heard.pathsOf('1', first);
    begun.catch(() => undefined);
    const other = heard.pathsOf('2', second);
    const again = heard.pathsOf('1', second);
    await expect(begun).rejects.toMatchObject({ code: 'cancelled' });
    await expect(other).rejects.toMatchObject({ code: 'cancelled' });
    expect((await wav.readWav((await again).enhanced)).samples.length).toBeGreaterThan(0);
    heard.leave('1');
    // What is made stays for the next time.
    expect(await heard.pathsOf('1', second)).toBe(await again);
    const left = heard.pathsOf('3', first);
    heard.leave('3');
    await expect(left).rejects.toMatchObject({ code: 'cancelled' });
    await expect.poll(leftovers).toEqual([]);
  });
});

describe('a program that hangs', () => {
  const sound = {
    codec: 'mp3',
    channels: 1,
    bits: null,
    sampleRate: 8000,
    seconds: 1,
    startSeconds: 0,
    hasVideo: false,
  };
  /** Prints progress twenty times a second, for longer than it may hang. */
  const decodeWith = async (progress: string) => {
    const programs = join(folder, 'bin');
    await mkdir(programs);
    const script = `#!/bin/sh
case "$*" in *-version*) echo ffmpeg version 9.9; exit;; esac
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
  printf '${progress}speed=1x\\nprogress=continue\\n'
  sleep 0.05
done
`;
    for (const name of ['ffmpeg', 'ffprobe']) await writeFile(join(programs, name), script, { mode: 0o755 });
    const ffmpeg = await Ffmpeg.find({ ...process.env, PATH: programs }, 500);
    return ffmpeg!.decode('a', 'b', sound, { signal: new AbortController().signal });
  };

  test('is ended though it goes on to print how far it is', async () => {
    await expect(decodeWith('out_time_us=500000\\ntotal_size=10\\n')).rejects.toMatchObject({
      code: 'files.ffmpeg-stalled',
    });
  });

  test.each(['out_time_us', 'total_size'])('is not one whose %s grows', async (what) => {
    await expect(decodeWith(`${what}='$n'000\\n`)).resolves.toBeUndefined();
  });
});

describe('without ffmpeg', () => {
  test('a file of another format says how to get it, WAV files are done, and nothing is shown of a version', async () => {
    const path = await make('a.mp3', ...tone);
    await writeFile(
      join(folder, 'b.wav'),
      wav.makeWav(wav.makeNoise(1600, 0.1), { sampleRate: 16_000, channels: 1, bits: 16 }),
    );
    const bare = await openQueue({ findFfmpeg: async () => null });
    await bare.queue.add([path, join(folder, 'b.wav')]);
    const [first, second] = await bare.idle();
    expect(first).toMatchObject({ status: 'failed', notice: { code: expect.stringMatching(/^files\.no-ffmpeg-/) } });
    expect(second).toMatchObject({ status: 'done' });
    expect(bare.queue.view.ffmpegVersion).toBeNull();
    await bare.close();
  });

  test('nothing is taken for it that is not named in full, or does not behave like it', async () => {
    expect(await Ffmpeg.find({ PATH: '' })).toBeNull();
    const programs = join(folder, 'bin');
    await mkdir(programs);
    for (const name of ['ffmpeg', 'ffprobe']) {
      await writeFile(join(programs, name), '#!/bin/sh\necho ffmpeg version 9.9\n');
      await chmod(join(programs, name), 0o755);
    }
    expect(await Ffmpeg.find({ PATH: relative(process.cwd(), programs) })).toBeNull();
    expect((await Ffmpeg.find({ PATH: programs }))?.version).toBe('9.9');
    await writeFile(join(programs, 'ffmpeg'), '#!/bin/sh\necho something else\n');
    expect(await Ffmpeg.find({ PATH: programs })).toBeNull();
  });
});
