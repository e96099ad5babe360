import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Enhancer } from '../../../src/main/audio/enhancer.js';
import { embeddedEngines } from '../../../src/main/audio/engineSupply.js';
import { Listening } from '../../../src/main/audio/listening.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { openSettings, type SettingsStore } from '../../../src/main/settings/settings.js';
import { aDevice, idleState } from '../../fakes/appState.js';
import { FakeCatalog } from '../../fakes/devices.js';
import { FakeLoop } from '../../fakes/loop.js';
import type { AppState } from '../../../src/shared/state.js';

/** Without a native core: what can be refused without sound. */
describe('what is heard beside the live voice', () => {
  const native = new LimpidError('native.missing', { detail: '' });
  let root: string;
  let settings: SettingsStore;
  let isTesting: boolean;
  let listening: Listening;

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'limpid-listening-'));
    settings = await openSettings(join(root, 'settings.json'));
    isTesting = false;
    const catalog = new FakeCatalog([aDevice({ id: 'pulse:mic', inputs: 1, isDefaultInput: true })]);
    const permission = { status: () => 'granted' as const, request: async () => 'granted' as const };
    const enhancer = new Enhancer({
      loop: native,
      catalog,
      virtualMicrophone: { isActive: false, create: async () => '', remove: async () => undefined },
      microphone: permission,
      wishes: settings.values,
      remember: (changes) => settings.update(changes),
    });
    listening = new Listening({
      native,
      loop: native,
      enhancer,
      engines: embeddedEngines(),
      catalog,
      recordings: { state: { recording: null, recordings: idleState.recordings } },
      settings,
      permission,
      pathsOfFile: async (id) => (id === 'a' ? { original: '/a.wav', enhanced: '/b.wav' } : null),
      isSelfTestUnderWay: () => isTesting,
      changed: () => undefined,
      heard: () => undefined,
      moved: () => undefined,
    });
  });
  afterEach(async () => {
    await listening.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  const handlers = (): Listening['handlers'] => listening.handlers;

  test('goes after the self-test, whose chirps it would disturb', async () => {
    isTesting = true;
    const refused = { code: 'listening.self-test', retryable: true };
    await expect(handlers()['comparison.record'](undefined)).rejects.toMatchObject(refused);
    await expect(handlers()['player.play'](undefined)).rejects.toMatchObject(refused);
    await expect(handlers()['microphone.listen']({ listening: true })).rejects.toMatchObject(refused);
    // What ends something is always allowed.
    await handlers()['microphone.listen']({ listening: false });
    await handlers()['player.pause'](undefined);
  });

  test('says that there is no native core', async () => {
    const missing = { code: 'native.missing' };
    const source = { kind: 'file', id: 'a' } as const;
    await expect(handlers()['comparison.record'](undefined)).rejects.toMatchObject(missing);
    await expect(handlers()['microphone.listen']({ listening: true })).rejects.toMatchObject(missing);
    await expect(handlers()['player.open']({ source })).rejects.toMatchObject(missing);
    expect(listening.state).toMatchObject({ comparison: { phase: 'none' }, player: null });
  });

  test('knows no sound that is gone', async () => {
    await expect(handlers()['player.open']({ source: { kind: 'comparison' } })).rejects.toMatchObject({
      code: 'sound.gone',
    });
    await expect(handlers()['player.open']({ source: { kind: 'file', id: 'b' } })).rejects.toMatchObject({
      code: 'sound.gone',
    });
  });
});

/** A loop that opens and can be recorded. */
class OwnLoop extends FakeLoop {
  startRecording = async () => this.become({ recording: { seconds: 5, droppedFrames: 0, error: null } });
  stopRecording = async () => this.become({ recording: null });
}

describe('one after the other', () => {
  let root: string;
  let own: OwnLoop;
  let played: string[];
  let pausing: Promise<void>;
  let phase: AppState['phase'];
  let listening: Listening;
  const source = { kind: 'file', id: 'a' } as const;
  const refused = { code: 'listening.self-test', retryable: true };

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'limpid-listening-'));
    const settings = await openSettings(join(root, 'settings.json'));
    own = new OwnLoop();
    played = [];
    pausing = Promise.resolve();
    phase = 'off';
    const native = {
      Loop: function makeLoop() {
        return own;
      },
      Player: class {
        open = async () => ({ seconds: 10, sampleRate: 48_000, channels: 1 });
        play = async () => void played.push('play');
        pause = () => {
          played.push('pause');
          return pausing;
        };
        numbers = () => ({ state: 'playing', positionSeconds: 0, version: 0, underruns: 0, error: null });
        close = async () => undefined;
      },
    };
    listening = new Listening({
      native: native as never,
      loop: own as never,
      enhancer: {
        get state() {
          return { ...idleState, phase };
        },
        numbers: null,
        onState: () => () => undefined,
      } as never,
      engines: embeddedEngines(),
      catalog: new FakeCatalog([
        aDevice({ id: 'pulse:mic', inputs: 1, isDefaultInput: true }),
        aDevice({ id: 'pulse:speakers', outputs: 2, isDefaultOutput: true }),
      ]),
      recordings: { state: { recording: null, recordings: idleState.recordings } },
      settings,
      permission: { status: () => 'granted' as const, request: async () => 'granted' as const },
      pathsOfFile: async () => ({ original: '/a.wav', enhanced: '/b.wav' }),
      isSelfTestUnderWay: () => false,
      changed: () => undefined,
      heard: () => undefined,
      moved: () => undefined,
    });
  });
  afterEach(async () => {
    await listening.dispose();
    rmSync(root, { recursive: true, force: true });
  });

  test('nothing opens a device while the self-test waits for them, nor while it runs', async () => {
    const { handlers } = listening;
    await handlers['player.open']({ source });
    await handlers['player.play'](undefined);
    let letGo: () => void = () => undefined;
    pausing = new Promise((resolve) => (letGo = resolve));
    let end: (result: string) => void = () => undefined;
    const selfTest = vi.fn<() => Promise<string>>(() => new Promise<string>((resolve) => (end = resolve)));
    const tested = listening.besideNothing(selfTest);
    const refuses = async (): Promise<void> => {
      await expect(handlers['comparison.record'](undefined)).rejects.toMatchObject(refused);
      await expect(handlers['microphone.listen']({ listening: true })).rejects.toMatchObject(refused);
    };
    await refuses();
    const again = handlers['player.play'](undefined).catch((error: unknown) => error);
    expect(selfTest).not.toHaveBeenCalled();
    letGo();
    expect(await again).toMatchObject(refused);
    await vi.waitFor(() => expect(selfTest).toHaveBeenCalled());
    await refuses();
    end('heard');
    expect(await tested).toBe('heard');
    await handlers['player.play'](undefined);
    expect(played).toEqual(['play', 'pause', 'play']);
  });

  test.each(['a', null])('a file that is removed (%s) is played no more', async (id) => {
    const { handlers } = listening;
    await handlers['player.open']({ source });
    await handlers['player.play'](undefined);
    await listening.forgetFile('b');
    expect(listening.state.player).toMatchObject({ source, playing: true });
    await listening.forgetFile(id);
    expect(listening.state.player).toBeNull();
  });

  test('what is asked to play before the self-test does not begin beside it', async () => {
    const { handlers } = listening;
    await handlers['player.open']({ source });
    const asked = handlers['player.play'](undefined).catch(() => undefined);
    await listening.besideNothing(async () => {
      await asked;
      expect(played.at(-1)).not.toBe('play');
    });
  });

  test('a self-test that cannot run ends nothing', async () => {
    await listening.handlers['comparison.record'](undefined);
    phase = 'running';
    const failure = new LimpidError('selfTest.sound-on');
    await expect(listening.besideNothing(() => Promise.reject(failure))).rejects.toBe(failure);
    phase = 'off';
    expect(listening.state.comparison.phase).toBe('recording');
    await listening.besideNothing(async () => undefined);
    expect(listening.state.comparison.notice).toMatchObject({
      params: { reason: { code: 'comparison.self-test' } },
    });
  });

  test('a comparison hears no sound of ours, whichever was asked for first', async () => {
    const { handlers } = listening;
    await handlers['player.open']({ source });
    await handlers['player.play'](undefined);
    await Promise.all([handlers['comparison.record'](undefined), handlers['player.play'](undefined)]).catch(
      (error: unknown) => expect(error).toMatchObject({ code: 'listening.comparing' }),
    );
    await vi.waitFor(() => expect(listening.state.comparison.phase).toBe('recording'));
    expect(played).toEqual(['play', 'pause']);
    await expect(handlers['player.play'](undefined)).rejects.toMatchObject({ code: 'listening.comparing' });
    await handlers['comparison.discard'](undefined);
    await handlers['player.play'](undefined);
    expect(played.at(-1)).toBe('play');
  });
});
