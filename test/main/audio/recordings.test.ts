import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import * as fsPromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LiveState } from '../../../src/main/audio/enhancerOptions.js';
import type { LoopNumbers } from '../../../src/main/audio/native.js';
import { Recordings } from '../../../src/main/audio/recordings.js';
import {
  checkRecordingsFolder,
  defaultRecordingsFolder,
  makeDatedFolder,
} from '../../../src/main/audio/recordingFolder.js';
import { fixSettings } from '../../../src/main/settings/fixedSettings.js';
import { openPolicy, type Policy } from '../../../src/main/settings/policy.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { usualFileOptions } from '../../../src/shared/files.js';
import { recordingsView, recordingView } from '../../../src/shared/recording.js';
import { idleState } from '../../fakes/appState.js';
import { idleNumbers } from '../../fakes/loop.js';

vi.mock('node:fs/promises', { spy: true });

let root: string;
let usual: string;
let policy: Policy;
let recordings: Recordings;
let phase: LiveState['phase'];
let tellState: (state: LiveState) => void;
let tick: (numbers: LoopNumbers) => void;
let chosen: string | null;
const openFolder = vi.fn<(path: string) => Promise<void>>();
const changed = vi.fn<() => void>();
const loop = {
  startRecording: vi.fn<(folder: string) => Promise<void>>(),
  stopRecording: vi.fn<() => Promise<void>>(),
};
const running: LoopNumbers = { ...idleNumbers, state: 'running' };

const open = (): Recordings =>
  new Recordings({
    loop,
    enhancer: {
      get numbers() {
        return phase === 'running' ? running : null;
      },
      get state() {
        return { ...idleState, phase };
      },
      onNumbers: (listener) => ((tick = listener), () => (tick = () => undefined)),
      onState: (listener) => ((tellState = listener), () => undefined),
    },
    settings: fixSettings(
      {
        path: '',
        notices: [],
        get values() {
          return { recordingsFolder: chosen, files: usualFileOptions } as never;
        },
        update: async (changes) => void (chosen = changes.recordingsFolder ?? null),
        rereadAccounts: async () => undefined,
        flush: async () => undefined,
      },
      policy,
    ),
    openFolder,
    changed,
    usualFolder: usual,
  });
/** As on a full disk: the file is there, and empty. */
const failToWrite = (): void =>
  void vi.mocked(fsPromises.writeFile).mockImplementation(async (path) => {
    writeFileSync(path as string, '');
    throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
  });
const become = (next: LiveState['phase']): void => {
  phase = next;
  tellState({ ...idleState, phase });
};

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'limpid-recordings-'));
  usual = join(root, 'Music', 'Limpid');
  policy = await openPolicy(join(root, 'policy.json'));
  phase = 'running';
  chosen = null;
  openFolder.mockReset().mockResolvedValue();
  changed.mockReset();
  loop.stopRecording.mockReset().mockResolvedValue();
  loop.startRecording.mockReset().mockImplementation(async (folder) => {
    for (const name of ['original.wav', 'enhanced.wav']) writeFileSync(join(folder, name), 'sound');
  });
  recordings = open();
});
afterEach(async () => {
  await recordings.stop();
  policy.close();
  vi.mocked(fsPromises.writeFile).mockRestore();
  rmSync(root, { recursive: true, force: true });
});

describe('a recording of the app', () => {
  test('has a folder of its own, named after the moment, and is said to be saved there', async () => {
    await recordings.start();
    const [name = ''] = readdirSync(usual);
    expect(name).toMatch(/^\d{4}-\d\d-\d\d \d\d-\d\d-\d\d$/);
    const folder = join(usual, name);
    const { recording } = recordings.state;
    expect(recordingView.parse(recording)).toMatchObject({ folder, takes: 1, seconds: 0 });
    tick({ ...running, recording: { seconds: 2, droppedFrames: 0, error: null } });
    expect(recordings.seconds).toBe(2);
    await recordings.stop();
    expect(recordingsView.parse(recordings.state.recordings)).toMatchObject({
      lastFolder: folder,
      notice: { code: 'recording.saved', params: { folder } },
    });
    expect(recordings.state.recording).toBeNull();
    expect(recordings.seconds).toBeNull();
  });

  test('goes on in a take inside its folder', async () => {
    await recordings.start();
    tick(running);
    await vi.waitFor(() => expect(recordings.state.recording?.takes).toBe(2));
    const [name = ''] = readdirSync(usual);
    expect(readdirSync(join(usual, name))).toContain('take-2');
    expect(readdirSync(usual)).toHaveLength(1);
  });

  test.each(['off', 'failed'] as const)('ends with the sound: %s', async (end) => {
    await recordings.start();
    become(end);
    await vi.waitFor(() => expect(recordings.state.recording).toBeNull());
    expect(recordings.state.recordings.notice?.code).toBe('recording.saved');
  });

  test.each(['off', 'failed'] as const)('is refused while the sound is %s', async (off) => {
    phase = off;
    await expect(recordings.start()).rejects.toMatchObject({ code: 'recording.sound-off' });
    expect(existsSync(usual)).toBe(false);
  });

  test('begins when a device that is away is back', async () => {
    phase = 'restarting';
    await recordings.start();
    expect(recordings.state.recording).toMatchObject({ folder: null, takes: 0 });
    become('running');
    tick(running);
    await vi.waitFor(() => expect(recordings.state.recording?.takes).toBe(1));
  });

  test.each(['cancelled', 'argument'])('whose first take has to begin again (%s) has one folder', async (code) => {
    loop.startRecording.mockImplementationOnce(async (folder) => {
      if (code === 'cancelled') writeFileSync(join(folder, 'original.wav'), 'header');
      throw Object.assign(new Error(code), { code, detail: '' });
    });
    await recordings.start();
    expect(readdirSync(usual)).toEqual([]);
    expect(recordings.state.recording).toMatchObject({ folder: null, takes: 0 });
    tick(running);
    await vi.waitFor(() => expect(recordings.state.recording?.takes).toBe(1));
    const [name = '', ...others] = readdirSync(usual);
    expect(others).toEqual([]);
    expect(recordings.state.recording?.folder).toBe(join(usual, name));
    expect(readdirSync(join(usual, name)).toSorted()).toEqual(['enhanced.wav', 'original.wav']);
  });

  test('without any sound says so, and makes no folder', async () => {
    phase = 'restarting';
    await recordings.start();
    await recordings.stop();
    expect(recordings.state.recordings).toMatchObject({ notice: { code: 'recording.nothing' }, lastFolder: null });
    expect(existsSync(usual)).toBe(false);
  });

  test.each([
    ['file.disk-full', 'recording.disk-full'],
    ['file.unwritable', 'recording.failed'],
  ])('that ends by %s says %s until the next one', async (error, code) => {
    await recordings.start();
    tick({ ...running, recording: { seconds: 1, droppedFrames: 0, error } });
    await vi.waitFor(() => expect(recordings.state.recording).toBeNull());
    expect(recordings.state.recordings.notice).toEqual({
      code,
      params: { folder: recordings.state.recordings.lastFolder },
    });
    await recordings.start();
    expect(recordings.state.recordings.notice).toBeNull();
  });

  test('with gaps says how long they are', async () => {
    await recordings.start();
    tick({ ...running, recording: { seconds: 60, droppedFrames: 72_000, error: null } });
    await recordings.stop();
    expect(recordings.state.recordings.notice).toMatchObject({
      code: 'recording.saved-gaps',
      params: { seconds: 1.5 },
    });
  });

  test('that cannot begin leaves no empty folder', async () => {
    loop.startRecording.mockRejectedValue(Object.assign(new Error('full'), { code: 'file.disk-full', detail: usual }));
    await expect(recordings.start()).rejects.toMatchObject({ code: 'file.disk-full' });
    expect(readdirSync(usual)).toEqual([]);
    expect(recordings.state.recording).toBeNull();
  });

  describe('that is asked for while the one before is completed', () => {
    const startWhileEnding = async (meanwhile: () => void) => {
      await recordings.start();
      let complete = (): void => undefined;
      loop.stopRecording.mockImplementationOnce(() => new Promise((resolve) => (complete = resolve)));
      const stopped = recordings.stop();
      const started = recordings.start();
      meanwhile();
      complete();
      await Promise.all([stopped, started]);
    };

    test('begins when it is', async () => {
      await startWhileEnding(() => undefined);
      expect(loop.startRecording).toHaveBeenCalledTimes(2);
      expect(recordings.state.recording).toMatchObject({ takes: 1 });
      expect(recordings.state.recordings.notice).toBeNull();
    });

    test('ends with the sound that went off meanwhile', async () => {
      await startWhileEnding(() => become('off'));
      expect(recordings.state.recording).toBeNull();
    });
  });

  test('begun twice is one', async () => {
    await recordings.start();
    const { recording } = recordings.state;
    await recordings.start();
    expect(recordings.state.recording?.folder).toBe(recording?.folder);
    expect(loop.startRecording).toHaveBeenCalledTimes(1);
  });

  test('on a disk that hangs does not keep Limpid from ending', async () => {
    await recordings.start();
    let answer = (): void => undefined;
    loop.stopRecording.mockImplementation(() => new Promise((resolve) => (answer = resolve)));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let isDone = false;
      void recordings.dispose().then(() => (isDone = true));
      expect(loop.stopRecording).toHaveBeenCalledTimes(2);
      await vi.advanceTimersByTimeAsync(2500);
      expect(isDone).toBe(false);
      await vi.advanceTimersByTimeAsync(1000);
      expect(isDone).toBe(true);
    } finally {
      vi.useRealTimers();
      answer();
    }
  });

  test('does not make its folder again on a disk that was pulled out', async () => {
    await recordings.start();
    rmSync(usual, { recursive: true });
    tick(running);
    await vi.waitFor(() => expect(recordings.state.recording).toBeNull());
    expect(recordings.state.recordings.notice?.code).toBe('recording.folder-unusable');
    expect(existsSync(usual)).toBe(false);
  });
});

describe('the folder', () => {
  test('is the chosen one, and the usual one again', async () => {
    const mine = join(root, 'my', 'recordings');
    await recordings.setFolder(mine);
    expect(recordings.state.recordings).toMatchObject({ folder: mine, isDefault: false });
    expect(readdirSync(mine)).toEqual([]);
    await recordings.start();
    expect(readdirSync(mine)).toHaveLength(1);
    await recordings.setFolder(null);
    expect(recordings.state.recordings).toMatchObject({ folder: usual, isDefault: true });
  });

  test('is still the usual one when its path is entered', async () => {
    await recordings.setFolder(join(root, 'mine'));
    await recordings.setFolder(usual);
    expect(chosen).toBeNull();
    expect(recordings.state.recordings).toMatchObject({ folder: usual, isDefault: true });
  });

  test.each([
    ['takes', 'recording.folder-not-absolute'],
    ['../takes', 'recording.folder-not-absolute'],
    ['//server/share', 'recording.folder-on-server'],
    ['\\\\server\\share', 'recording.folder-on-server'],
    ['/dev/null/takes', 'recording.folder-unusable'],
    ['/proc/takes', 'recording.folder-unusable'],
    ['/tmp/nul\0byte', 'recording.folder-unusable'],
  ])('%j is refused with %s, and nothing is kept', async (folder, code) => {
    await expect(recordings.setFolder(folder)).rejects.toMatchObject({ code });
    expect(chosen).toBeNull();
  });

  test('that the administrator fixed cannot be changed', async () => {
    const fixed = join(root, 'fixed');
    writeFileSync(join(root, 'policy.json'), JSON.stringify({ recordingsFolder: fixed, reason: 'Calls' }));
    await policy.reload();
    chosen = join(root, 'mine');
    expect(recordings.state.recordings).toMatchObject({ folder: fixed, lockReason: { code: 'policy.locked' } });
    await expect(recordings.setFolder(join(root, 'other'))).rejects.toMatchObject({ code: 'policy.locked' });
    await expect(recordings.setFolder(null)).rejects.toMatchObject({ code: 'policy.locked' });
    await recordings.start();
    expect(readdirSync(fixed)).toHaveLength(1);
  });

  test('that the administrator fixed may be on a server, and is opened there', async () => {
    // Here two slashes name the same place as one.
    const onServer = `/${join(root, 'share')}`;
    writeFileSync(join(root, 'policy.json'), JSON.stringify({ recordingsFolder: onServer }));
    await policy.reload();
    await recordings.openFolder();
    expect(openFolder).toHaveBeenLastCalledWith(onServer);
    await recordings.start();
    expect(readdirSync(onServer)).toHaveLength(1);
  });

  test('a policy with a path that is not full locks the folder', async () => {
    writeFileSync(join(root, 'policy.json'), JSON.stringify({ recordingsFolder: 'takes' }));
    policy.close();
    policy = await openPolicy(policy.path);
    recordings = open();
    expect(recordings.state.recordings.lockReason).toMatchObject({ code: 'policy.broken' });
    await expect(recordings.setFolder(join(root, 'other'))).rejects.toMatchObject({ code: 'policy.broken' });
  });

  test('that is opened need not take anything: its disk may be full', async () => {
    failToWrite();
    await recordings.openFolder();
    expect(openFolder).toHaveBeenLastCalledWith(usual);
    expect(readdirSync(usual)).toEqual([]);
  });

  test('that is opened is the one of the recording, of the last one, or of all', async () => {
    await recordings.openFolder();
    expect(openFolder).toHaveBeenLastCalledWith(usual);
    expect(existsSync(usual)).toBe(true);
    await recordings.start();
    const folder = recordings.state.recording?.folder;
    await recordings.openFolder();
    expect(openFolder).toHaveBeenLastCalledWith(folder);
    await recordings.stop();
    await recordings.openFolder();
    expect(openFolder).toHaveBeenLastCalledWith(folder);
    openFolder.mockRejectedValue(new LimpidError('link.cannot-open', { url: 'x' }));
    await expect(recordings.openFolder()).rejects.toMatchObject({ code: 'recording.cannot-open' });
  });
});

test('two recordings of one second have two folders', () => {
  const at = new Date(2026, 10, 21, 15, 4, 5);
  expect([1, 2, 3].map(() => makeDatedFolder(root, at))).toEqual([
    join(root, '2026-11-21 15-04-05'),
    join(root, '2026-11-21 15-04-05 2'),
    join(root, '2026-11-21 15-04-05 3'),
  ]);
});

describe('a trial leaves nothing in the folder', () => {
  test('that takes it', async () => {
    await checkRecordingsFolder(root);
    expect(readdirSync(root)).toEqual([]);
  });

  test('on a full disk, which takes the name only', async () => {
    failToWrite();
    await expect(checkRecordingsFolder(root)).rejects.toMatchObject({ code: 'recording.folder-unusable' });
    expect(fsPromises.writeFile).toHaveBeenCalled();
    expect(readdirSync(root)).toEqual([]);
  });
});

describe('the usual folder', () => {
  const find = (platform: NodeJS.Platform) => defaultRecordingsFolder({ platform, environment: {}, home: root });
  const writeUserDirs = (text: string) => {
    mkdirSync(join(root, '.config'), { recursive: true });
    writeFileSync(join(root, '.config', 'user-dirs.dirs'), text);
  };

  test.each(['darwin', 'win32'] as const)('is in Music on %s', (platform) => {
    expect(find(platform)).toBe(join(root, 'Music', 'Limpid'));
  });

  test('is what the Linux desktop calls music', () => {
    writeUserDirs('# names\nXDG_DOCUMENTS_DIR="$HOME/Dokumente"\nXDG_MUSIC_DIR="$HOME/Musik"\n');
    mkdirSync(join(root, 'Dokumente'));
    expect(find('linux')).toBe(join(root, 'Dokumente', 'Limpid'));
    mkdirSync(join(root, 'Musik'));
    expect(find('linux')).toBe(join(root, 'Musik', 'Limpid'));
  });

  test('is not the home folder itself, which stands for “none”', () => {
    writeUserDirs('XDG_MUSIC_DIR="$HOME/"\n');
    expect(find('linux')).toBe(join(root, 'Music', 'Limpid'));
    mkdirSync(join(root, 'Documents'));
    expect(find('linux')).toBe(join(root, 'Documents', 'Limpid'));
  });

  test('may be anywhere by its full path, and nowhere by another', () => {
    mkdirSync(join(root, 'elsewhere'));
    writeUserDirs(`XDG_MUSIC_DIR="${join(root, 'elsewhere')}"\n`);
    expect(find('linux')).toBe(join(root, 'elsewhere', 'Limpid'));
    writeUserDirs('XDG_MUSIC_DIR="elsewhere"\n');
    expect(find('linux')).toBe(join(root, 'Music', 'Limpid'));
  });
});
