import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Hold, holdMs } from '../../src/renderer/src/bridge/hold.js';
import { isAlone } from '../../src/renderer/src/view/shortcuts.js';

let changes: boolean[];
let hold: Hold;
beforeEach(() => {
  vi.useFakeTimers();
  changes = [];
  hold = new Hold((isOn) => changes.push(isOn));
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a held toggle', () => {
  test('switches while it is held, and back to what was before, whatever main has said meanwhile', () => {
    hold.press(false);
    expect(changes).toEqual([]);
    vi.advanceTimersByTime(holdMs);
    expect(changes).toEqual([true]);
    expect(hold.release()).toBe('long');
    expect(changes).toEqual([true, false]);
  });

  test('leaves a short press to whoever asks', () => {
    hold.press(true);
    vi.advanceTimersByTime(holdMs - 1);
    expect(hold.release()).toBe('short');
    vi.advanceTimersByTime(holdMs);
    expect(changes).toEqual([]);
  });

  test('ends once, however often its end is told', () => {
    hold.press(false);
    vi.advanceTimersByTime(holdMs);
    hold.release();
    expect(hold.release()).toBe('none');
    expect(changes).toEqual([true, false]);
  });

  test('ends when it is pressed again without having been released', () => {
    hold.press(false);
    vi.advanceTimersByTime(holdMs);
    hold.press(false);
    expect(changes).toEqual([true, false]);
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
