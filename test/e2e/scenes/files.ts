import type { Page } from 'playwright-core';
import { usualFileOptions, type FileItem, type FilesView } from '../../../src/shared/files.js';
import type { AppState } from '../../../src/shared/state.js';
import type { Scene } from '../scenes.js';
import { states } from '../states.js';
import type { TestBridge } from '../testBridge.js';

const folder = '/home/kim/Interviews';

/** A file of the queue with the facts a test is about. */
export const aFile = (id: string, part: Partial<FileItem> = {}): FileItem => ({
  id,
  name: `${id}.wav`,
  folder,
  status: 'waiting',
  progress: 0,
  speed: null,
  secondsLeft: null,
  result: null,
  notice: null,
  ...part,
});

export const done = (id: string, part: Partial<NonNullable<FileItem['result']>> = {}): FileItem =>
  aFile(id, {
    status: 'done',
    progress: 1,
    result: {
      path: `${folder}/${id} (enhanced).wav`,
      seconds: 754.2,
      inputDb: -23.4,
      outputDb: -24.1,
      noiseReductionDb: 18.3,
      realTimeFactor: 0.041,
      engine: 'gtcrn',
      ...part,
    },
  });
export const running = (id: string): FileItem =>
  aFile(id, { status: 'running', progress: 0.42, speed: 24.3, secondsLeft: 38 });
export const asks = (id: string): FileItem =>
  aFile(id, { status: 'asks', notice: { code: 'files.exists', params: { path: `${folder}/${id} (enhanced).wav` } } });
export const broken = (id: string): FileItem =>
  aFile(id, { status: 'failed', notice: { code: 'file.not-wav', params: { detail: `${folder}/${id}.wav` } } });

/** The queue as a whole that belongs to its files. */
export function filesViewOf(items: readonly FileItem[], part: Partial<FilesView> = {}): FilesView {
  const count = (status: FileItem['status']) => items.filter((item) => item.status === status).length;
  const counts = {
    waiting: count('waiting'),
    running: count('running'),
    asks: count('asks'),
    done: count('done'),
    failed: count('failed'),
    cancelled: count('cancelled'),
  };
  const isOpen = counts.waiting + counts.running > 0;
  const over = counts.done + counts.failed + counts.cancelled;
  return {
    options: usualFileOptions,
    arriving: 0,
    counts,
    progress: items.length === 0 ? 0 : (over + 0.42 * counts.running) / items.length,
    secondsLeft: isOpen ? 38 + 95 * counts.waiting : null,
    ffmpegVersion: '5.1.8',
    notice: null,
    ...part,
  };
}

/** A window with these files in main's queue. */
export function withFiles(items: readonly FileItem[], part: Partial<FilesView> = {}, base: Partial<AppState> = {}) {
  return {
    state: { ...states.idle, ...base, files: filesViewOf(items, part) },
    route: 'files' as const,
    prepare: (bridge: TestBridge) => bridge.prepare('files.list', async () => [...items]),
  };
}

const mixed = [
  done('01 opening with Ms Okonkwo'),
  aFile('02 street', {
    ...done('02 street', { noiseReductionDb: null, seconds: 4212, inputDb: -31 }),
    notice: { code: 'file.cut-short', params: { input: '02 street.wav' } },
  }),
  broken('03 a very long name of a recording that somebody took on a windy day in Rotterdam, second try'),
  running('04 workshop'),
  aFile('05 kitchen', { status: 'cancelled' }),
  aFile('06 phone call', { folder: null }),
  aFile('07 closing words'),
];
const asking = [done('01 opening'), asks('02 street'), asks('03 kitchen'), running('04 workshop')];

/** Words with pauses, and a hum that is gone afterwards. */
export function aWaveform(buckets: number) {
  const voice = (at: number) => Math.max(0, Math.sin(at / 7) * Math.abs(Math.sin(at / 31))) * 0.7;
  const each = (noise: number) => Array.from({ length: buckets }, (_, at) => Math.min(1, voice(at) + noise));
  return { seconds: 754.2, original: each(0.14), enhanced: each(0.01) };
}

const openOptions = (page: Page) => page.locator('summary').click();

export const filesScenes: Record<string, Scene> = {
  files: withFiles([]),
  'files-running': withFiles([done('01 opening'), running('02 street'), aFile('03 kitchen')]),
  'files-mixed': withFiles(mixed, { notice: { code: 'files.left-out', params: { count: 12 } } }),
  'files-asking': withFiles(asking),
  'files-listening': {
    ...withFiles(
      mixed,
      {},
      { monitor: { chosen: null, chosenName: 'USB Headphones', present: true, devices: states.idle.output.devices } },
    ),
    act: async (page, bridge) => {
      bridge.prepare('sound.waveforms', async ({ buckets }) => aWaveform(buckets));
      await page.getByRole('button', { name: /^Listen to 01/ }).click();
      await page.getByRole('group', { name: /before and after$/ }).waitFor();
    },
  },
  'files-held-over': {
    ...withFiles([]),
    act: async (page) => {
      await page.evaluate(`(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['x'], 'a.wav'));
        document.body.dispatchEvent(new DragEvent('dragenter', { dataTransfer, bubbles: true }));
      })()`);
      await page.getByText('Let go to add').waitFor();
    },
  },
  'files-uploading': {
    ...withFiles([running('01 opening')], { arriving: 3 }),
    act: async (page, bridge) => {
      bridge.receiveFiles = () => new Promise<never>(() => undefined);
      const files = ['02 street.wav', '03 kitchen.wav', '04 workshop.wav'];
      const buffer = Buffer.alloc(400_000);
      await page.getByLabel('Add files…').setInputFiles(files.map((name) => ({ name, mimeType: 'audio/wav', buffer })));
      await page.getByRole('progressbar', { name: 'Sending files' }).waitFor();
      await bridge.tellProgress(520_000, 1_200_000);
      await page.getByText('0.52 of 1.2').waitFor();
    },
  },
  'files-no-ffmpeg': withFiles([], { ffmpegVersion: null }, { engine: 'bypass' }),
  'files-options': {
    ...withFiles([done('01 opening')], { options: { folder: '/data/clean', pattern: '{name} {date}' } }),
    act: async (page) => {
      await openOptions(page);
      await page.getByLabel('Names of results').fill('{name} at {place}');
      await page.getByRole('button', { name: 'Use this name' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  'german-files-mixed': withFiles(mixed, {}, { preferences: { ...states.idle.preferences, language: 'de' } }),
  'german-files-asking': {
    ...withFiles(asking, { ffmpegVersion: null }, { preferences: { ...states.idle.preferences, language: 'de' } }),
    act: openOptions,
  },
};
