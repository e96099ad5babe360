import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LiveState } from '../../../src/main/audio/enhancerOptions.js';
import { MicrophonePreview } from '../../../src/main/audio/microphonePreview.js';
import type { DeviceWish } from '../../../src/main/settings/settings.js';
import type { AppState } from '../../../src/shared/state.js';
import { aDevice, idleState } from '../../fakes/appState.js';
import { FakeCatalog, wishesFor } from '../../fakes/devices.js';
import { FakeLoop } from '../../fakes/loop.js';

const microphone = aDevice({ id: 'pulse:mic', inputs: 1, isDefaultInput: true });
const headset = aDevice({ id: 'pulse:headset', inputs: 1 });

class PreviewLoop extends FakeLoop {
  startRecording = () => Promise.resolve();
  stopRecording = () => Promise.resolve();
}

let loop: PreviewLoop;
let phase: AppState['phase'];
let permission: AppState['microphonePermission'];
let input: DeviceWish;
let isHeardElsewhere: boolean;
let tellState: (state: LiveState) => void;
let preview: MicrophonePreview;
const heard = vi.fn<(level: { peakDb: number; rmsDb: number }) => void>();

const become = (next: AppState['phase']): void => {
  phase = next;
  tellState({ ...idleState, phase });
};

beforeEach(() => {
  vi.useFakeTimers();
  loop = new PreviewLoop();
  phase = 'off';
  permission = 'granted';
  input = { id: 'default', name: 'default' };
  isHeardElsewhere = false;
  heard.mockReset();
  preview = new MicrophonePreview({
    makeLoop: () => loop,
    catalog: new FakeCatalog([microphone, headset]),
    permission: { status: () => permission, request: () => Promise.resolve('denied') },
    wishes: () => ({ ...wishesFor(headset), input, engine: 'aic' }),
    enhancer: {
      get state() {
        return { ...idleState, phase };
      },
      onState: (listener) => ((tellState = listener), () => undefined),
    },
    isHeardElsewhere: () => isHeardElsewhere,
    heard,
  });
});
afterEach(async () => {
  await preview.dispose();
  vi.useRealTimers();
});

describe('a look at the microphone', () => {
  test('tells its level ten times a second, through no engine and to nobody', async () => {
    await preview.listen(true);
    expect(loop.calls).toEqual(['start mic timer']);
    expect(loop.numbers().engine).toBe('bypass');
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard).toHaveBeenCalledTimes(10);
    expect(heard).toHaveBeenCalledWith({ peakDb: -20, rmsDb: -30 });
  });

  test('ends ten seconds after it was asked for last', async () => {
    await preview.listen(true);
    await vi.advanceTimersByTimeAsync(8000);
    await preview.listen(true);
    await vi.advanceTimersByTimeAsync(8000);
    expect(loop.calls).toEqual(['start mic timer']);
    await vi.advanceTimersByTimeAsync(2500);
    expect(loop.calls).toEqual(['start mic timer', 'stop']);
    heard.mockReset();
    await vi.advanceTimersByTimeAsync(1000);
    expect(heard).not.toHaveBeenCalled();
  });

  test('ends at once when nobody looks any more, and begins again', async () => {
    await preview.listen(true);
    await preview.listen(false);
    expect(loop.calls.at(-1)).toBe('stop');
    await preview.listen(true);
    expect(loop.calls.filter((call) => call.startsWith('start'))).toHaveLength(2);
  });

  test('that is asked for, ended and asked for again at once is open', async () => {
    const asked = [preview.listen(true), preview.listen(false), preview.listen(true)];
    await Promise.all(asked);
    await vi.advanceTimersByTimeAsync(500);
    expect(heard).toHaveBeenCalled();
  });

  test('changes nothing while the sound is on, or another part hears the microphone', async () => {
    phase = 'running';
    await preview.listen(true);
    phase = 'off';
    isHeardElsewhere = true;
    await preview.listen(true);
    expect(loop.calls).toEqual([]);
  });

  test('leaves the microphone to the live voice', async () => {
    await preview.listen(true);
    become('starting');
    await vi.advanceTimersByTimeAsync(10);
    expect(loop.calls.at(-1)).toBe('stop');
  });

  test('leaves it also when the sound began while it was opened, or without a word', async () => {
    const asked = preview.listen(true);
    phase = 'starting';
    await asked;
    await vi.advanceTimersByTimeAsync(10);
    expect(loop.calls).toEqual(['start mic timer', 'stop']);
    phase = 'off';
    await preview.listen(true);
    heard.mockReset();
    phase = 'starting';
    await vi.advanceTimersByTimeAsync(200);
    expect(loop.calls.at(-1)).toBe('stop');
    expect(heard).not.toHaveBeenCalled();
  });

  test('follows a choice that is made while the microphone is opened', async () => {
    let open: (() => void) | undefined;
    const start = loop.start.bind(loop);
    loop.start = async (options) => {
      await new Promise<void>((resolve) => (open = resolve));
      await start(options);
    };
    const asked = preview.listen(true);
    await vi.waitFor(() => expect(open).toBeDefined());
    input = { id: headset.id, name: headset.name };
    become('off');
    const again = preview.listen(true);
    loop.start = start;
    open?.();
    await Promise.all([asked, again]);
    await vi.advanceTimersByTimeAsync(10);
    expect(loop.calls).toEqual(['start mic timer', 'stop', 'start headset timer']);
  });

  test('follows a choice also when the microphone before it could not be opened', async () => {
    const start = loop.start.bind(loop);
    loop.start = async () => {
      loop.start = start;
      input = { id: headset.id, name: headset.name };
      throw Object.assign(new Error('busy'), { code: 'device.busy', detail: 'mic' });
    };
    await preview.listen(true);
    expect(loop.calls).toContain('start headset timer');
  });

  test('asked for again follows a choice that nobody told of', async () => {
    await preview.listen(true);
    input = { id: headset.id, name: headset.name };
    await preview.listen(true);
    expect(loop.calls).toEqual(['start mic timer', 'stop', 'start headset timer']);
  });

  test('follows the choice of a microphone', async () => {
    await preview.listen(true);
    input = { id: headset.id, name: headset.name };
    become('off');
    await vi.advanceTimersByTimeAsync(10);
    expect(loop.calls).toEqual(['start mic timer', 'stop', 'start headset timer']);
  });

  test.each([
    ['denied', 'permission.denied'],
    ['undetermined', 'permission.denied'],
  ] as const)('needs permission: %s', async (status, code) => {
    permission = status;
    await expect(preview.listen(true)).rejects.toMatchObject({ code });
    expect(loop.calls).toEqual([]);
  });

  test('says which microphone is away', async () => {
    input = { id: 'pulse:gone', name: 'Gone' };
    await expect(preview.listen(true)).rejects.toMatchObject({ code: 'device.lost', params: { name: 'Gone' } });
  });

  test('closes a microphone that failed, so that it can be opened anew', async () => {
    await preview.listen(true);
    loop.become({ state: 'idle' });
    await vi.advanceTimersByTimeAsync(200);
    await preview.listen(true);
    expect(loop.calls.filter((call) => call.startsWith('start'))).toHaveLength(2);
  });
});
