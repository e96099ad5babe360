import { expect, test } from 'vitest';
import { delayPartNames, delayParts, shownTotalMs } from '../../src/renderer/src/view/delayParts.js';

const delay = {
  inputDeviceMs: 10,
  converterMs: 0,
  engineMs: 20,
  ringMs: 5,
  outputDeviceMs: 15,
  totalMs: 50,
};

test('the bar is split in the order the sound passes', () => {
  expect(delayParts(delay).map(({ name, share }) => [name, share])).toEqual([
    ['inputDeviceMs', 0.2],
    ['converterMs', 0],
    ['engineMs', 0.4],
    ['ringMs', 0.1],
    ['outputDeviceMs', 0.3],
  ]);
});

test('a negative part takes no room and is still shown as measured', () => {
  const parts = delayParts({ ...delay, ringMs: -2 });
  expect(parts.find(({ name }) => name === 'ringMs')).toMatchObject({ ms: -2, share: 0 });
  expect(parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
});

test('no delay at all gives an empty bar, not NaN', () => {
  const none = Object.fromEntries(delayPartNames.map((name) => [name, 0])) as unknown as typeof delay;
  expect(delayParts(none).map(({ share }) => share)).toEqual([0, 0, 0, 0, 0]);
});

test('the whole is what the shown parts add up to', () => {
  const close = { inputDeviceMs: 10.66, converterMs: 0.26, engineMs: 18.46, ringMs: 8.04, outputDeviceMs: 10.66 };
  expect(shownTotalMs({ ...close, totalMs: 48.08 })).toBe(48.2);
});

test('every part of the contract is on the bar', () => {
  expect([...delayPartNames, 'totalMs'].toSorted()).toEqual(Object.keys(delay).toSorted());
});
