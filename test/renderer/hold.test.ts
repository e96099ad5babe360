import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Hold, holdMs, renewMs } from '../../src/renderer/src/bridge/hold.js';
import { isAlone } from '../../src/renderer/src/view/shortcuts.js';

let told: boolean[];
let hold: Hold;
beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  hold = new Hold((held) => told.push(held));
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a held toggle', () => {
  test('is held after a moment, and let go on release', () => {
    hold.press('key');
    expect(told).toEqual([]);
    vi.advanceTimersByTime(holdMs);
    expect(told).toEqual([true]);
    expect(hold.release('key')).toBe('long');
    expect(told).toEqual([true, false]);
    vi.advanceTimersByTime(5 * renewMs);
    expect(told).toEqual([true, false]);
  });

  test('says again and again that it is held, so that main may let go of what is lost', () => {
    hold.press('space');
    vi.advanceTimersByTime(holdMs + 2 * renewMs);
    expect(told).toEqual([true, true, true]);
  });

  test('leaves a short press to whoever asks', () => {
    hold.press('pointer');
    vi.advanceTimersByTime(holdMs - 1);
    expect(hold.release('pointer')).toBe('short');
    vi.advanceTimersByTime(holdMs);
    expect(told).toEqual([]);
  });

  test('ends once, however often its end is told', () => {
    hold.press('key');
    vi.advanceTimersByTime(holdMs);
    hold.release();
    expect(hold.release()).toBe('none');
    expect(told).toEqual([true, false]);
  });

  test('is not disturbed by a second press', () => {
    hold.press('space');
    vi.advanceTimersByTime(holdMs);
    expect(hold.press('key')).toBe(false);
    vi.advanceTimersByTime(holdMs);
    expect(hold.release('key')).toBe('none');
    expect(told).toEqual([true]);
    expect(hold.release('space')).toBe('long');
    expect(told).toEqual([true, false]);
  });
});

describe('a key that works alone', () => {
  const press = (part: Partial<KeyboardEvent> = {}) =>
    isAlone(
      {
        key: 'b',
        repeat: false,
        isComposing: false,
        defaultPrevented: false,
        ctrlKey: false,
        altKey: false,
        metaKey: false,
        shiftKey: false,
        ...part,
      },
      'b',
    );

  test('counts also with Caps Lock', () => {
    expect(press()).toBe(true);
    expect(press({ key: 'B' })).toBe(true);
    expect(press({ key: 'v' })).toBe(false);
  });

  test.each(['ctrlKey', 'altKey', 'metaKey', 'shiftKey', 'repeat', 'isComposing', 'defaultPrevented'] as const)(
    'does not with %s',
    (what) => {
      expect(press({ [what]: true })).toBe(false);
    },
  );
});
