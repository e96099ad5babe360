import { beforeEach, describe, expect, test } from 'vitest';
import { Batch, guessSeconds } from '../../../src/main/files/batch.js';
import { Pace } from '../../../src/main/files/pace.js';

let nowMs: number;
beforeEach(() => {
  nowMs = 0;
});

describe('the time that is left', () => {
  /** Works on a file at this pace for five seconds. */
  const workOn = (batch: Batch, id: string, all: number, perSecond: number) => {
    for (let tenth = 1; tenth <= 50; tenth += 1) {
      nowMs += 100;
      batch.set(id, (tenth * perSecond) / 10 / all, all);
    }
  };

  test('does not jump when files are given up: they count no more, and made nothing faster', () => {
    const batch = new Batch(() => nowMs);
    for (const id of ['a', 'b', 'c']) batch.add(id, 1000);
    workOn(batch, 'a', 1000, 10);
    expect(batch.secondsLeft).toBeOneOf([295, 296]);
    batch.giveUp('b');
    expect(batch.secondsLeft).toBeOneOf([195, 196]);
    batch.giveUp('a');
    batch.set('c', 0);
    expect(batch.secondsLeft).toBeOneOf([100, 101]);
    expect(batch.progress).toBe(0);
    batch.giveUp('c');
    expect(batch).toMatchObject({ progress: 1, secondsLeft: null });
  });

  test('is of the sound as soon as its length is known, not of the bytes', () => {
    const batch = new Batch(() => nowMs);
    // A film of an hour, and as many bytes of speech.
    batch.add('film', guessSeconds('a.mp4', 2e9));
    batch.add('speech', guessSeconds('b.mp3', 20e6));
    workOn(batch, 'film', 3600, 60);
    expect(batch.secondsLeft).toBeOneOf([71, 72, 73]);
  });

  test.each([
    ['a.wav', 150_000],
    ['a.mp3', 20_000],
    ['a.MKV', 400_000],
  ])('is guessed for %s by its kind', (name, bytes) => {
    expect(guessSeconds(name, bytes)).toBeCloseTo(1);
  });
});

test('ten thousand changes in one moment take no time', () => {
  const pace = new Pace(() => (nowMs += 0.01));
  const beganMs = performance.now();
  for (let amount = 0; amount < 200_000; amount += 1) pace.add(amount);
  expect(performance.now() - beganMs).toBeLessThan(500);
  expect(pace.perSecond).toBeCloseTo(100_000, -2);
});
