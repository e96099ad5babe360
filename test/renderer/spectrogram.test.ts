import { describe, expect, test } from 'vitest';
import {
  bandCount,
  bandHz,
  describeSpectra,
  heightOf,
  loudestBand,
  pictureColumns,
  pictureSeconds,
  shadeColours,
  shadeOf,
  SpectrogramHistory,
  stillReason,
  toneText,
} from '../../src/renderer/src/view/spectrogram.js';

const flat = (db: number) => Array<number>(bandCount).fill(db);
const columnMs = (pictureSeconds * 1000) / pictureColumns;
const columnOf = (history: SpectrogramHistory, column: number) =>
  history.shades.slice(column * 2 * bandCount, (column + 1) * 2 * bandCount);

describe('bands', () => {
  test('reach from 50 Hz to 20 kHz, and stand where their frequency does', () => {
    expect(bandHz(0)).toBeGreaterThan(50);
    expect(bandHz(bandCount - 1)).toBeLessThan(20_000);
    expect(heightOf(50)).toBe(0);
    expect(heightOf(20_000)).toBe(1);
    expect(heightOf(bandHz(64))).toBeCloseTo(64.5 / 128, 6);
  });

  test('are named as people name them', () => {
    expect(toneText(253)).toBe('250\u00a0Hz');
    expect(toneText(1000)).toBe('1\u00a0kHz');
    expect(toneText(3349)).toBe('3.3\u00a0kHz');
    expect(toneText(10_000)).toBe('10\u00a0kHz');
  });
});

describe('shades', () => {
  test('run from silence to the loudest tone, and no further', () => {
    expect([-150, -100, -60, -20, 0].map(shadeOf)).toEqual([0, 0, 128, 255, 255]);
  });

  test('are the colours between their stops', () => {
    const colours = shadeColours(['#000000', '#804020', '#ffffff']);
    expect(Array.from(colours.slice(0, 4))).toEqual([0, 0, 0, 255]);
    expect(Array.from(colours.slice(-4))).toEqual([255, 255, 255, 255]);
    expect(Array.from(colours.slice(4 * 127, 4 * 128))).toEqual([127, 64, 32, 255]);
  });
});

describe('the picture', () => {
  test('has low tones at the bottom of each half, the newest moment at the right', () => {
    const history = new SpectrogramHistory();
    const inputDb = flat(-100);
    inputDb[0] = -20;
    expect(history.add(0, { inputDb, outputDb: flat(-60) })).toBe(pictureColumns);
    const newest = columnOf(history, pictureColumns - 1);
    expect(newest[bandCount - 1]).toBe(255);
    expect(newest[0]).toBe(0);
    expect(Array.from(newest.slice(bandCount))).toEqual(flat(128));
    expect([...columnOf(history, pictureColumns - 2)]).toEqual([...flat(0), ...flat(0)]);
  });

  test('moves with time, not with the number of answers', () => {
    const history = new SpectrogramHistory();
    history.add(0, { inputDb: flat(-20), outputDb: flat(-20) });
    expect(history.add(columnMs / 2, { inputDb: flat(-60), outputDb: flat(-60) })).toBe(0);
    expect(history.add(columnMs * 30, { inputDb: flat(-60), outputDb: flat(-60) })).toBe(30);
    expect(columnOf(history, pictureColumns - 31)[0]).toBe(255);
    expect(columnOf(history, pictureColumns - 30)[0]).toBe(128);
    expect(columnOf(history, pictureColumns - 1)[0]).toBe(128);
  });

  test('leaves a gap where nobody asked, and is empty after a long one', () => {
    const history = new SpectrogramHistory();
    history.add(0, { inputDb: flat(-20), outputDb: flat(-20) });
    history.add(columnMs * 100, { inputDb: flat(-60), outputDb: flat(-60) });
    expect(columnOf(history, pictureColumns - 101)[0]).toBe(255);
    expect(columnOf(history, pictureColumns - 50)[0]).toBe(0);
    history.add(columnMs * 10_000, { inputDb: flat(-60), outputDb: flat(-60) });
    expect(history.shades.filter((shade) => shade > 0)).toHaveLength(2 * bandCount);
  });
});

describe('the picture in words', () => {
  test('says where it is loudest, before and after', () => {
    const [inputDb, outputDb] = [flat(-80), flat(-90)];
    inputDb[40] = -31;
    outputDb[50] = -44;
    expect(describeSpectra({ inputDb, outputDb })).toEqual([
      'Before: loudest near 330\u00a0Hz, at −31\u00a0dB.',
      'After: loudest near 530\u00a0Hz, at −44\u00a0dB.',
    ]);
  });

  test('knows silence', () => {
    expect(loudestBand(flat(-150))).toBeNull();
    expect(describeSpectra({ inputDb: flat(-150), outputDb: flat(-150) })).toEqual([
      'Before: silence.',
      'After: silence.',
    ]);
  });
});

describe('why there are no words', () => {
  const moving = { phase: 'running', isPlaying: true, isCalm: false, isSeen: true } as const;

  test.each([
    [{ phase: 'off' }, 'off'],
    [{ phase: 'failed', isPlaying: false, isCalm: true }, 'off'],
    [{ phase: 'stalled' }, 'waiting'],
    [{ phase: 'restarting', isPlaying: false, isCalm: true }, 'waiting'],
    [{ isPlaying: false, isCalm: true }, 'calm'],
    [{ isPlaying: false }, 'paused'],
    [{ isSeen: false }, 'unseen'],
    [{}, 'waiting'],
  ] as const)('with %o: %s', (part, reason) => {
    expect(stillReason({ ...moving, ...part })).toBe(`window.spectrum.${reason}`);
  });
});
