import { expect, test } from 'vitest';
import { planLive, type LiveWishes } from '../../../src/main/audio/livePlan.js';
import { aDevice } from '../../fakes/appState.js';
import { wishesFor } from '../../fakes/devices.js';

const input = aDevice({ id: 'in', name: 'In', inputs: 1, isDefaultInput: true });
const output = aDevice({ id: 'out', name: 'Out', outputs: 2 });
const wishes = wishesFor(output);

test('another period needs other streams, another level does not', () => {
  const keyOf = (changes: Partial<LiveWishes>): unknown => {
    const plan = planLive({ ...wishes, ...changes }, [input, output]);
    return plan.kind === 'run' ? plan.key : plan;
  };
  expect(keyOf({ level: 0.1, bypass: true, engine: 'bypass' })).toBe(keyOf({}));
  expect(keyOf({ periodFrames: 128 })).not.toBe(keyOf({}));
});

test('a device of the wanted id that cannot play is not the wanted output', () => {
  expect(planLive({ ...wishes, output: { id: 'in', name: 'In' } }, [input, output])).toMatchObject({
    kind: 'wait',
    problem: { code: 'device.lost', params: { name: 'In' } },
  });
});

test.each([
  ['built-in', 'built-in', 'ask'],
  ['built-in', 'physical', 'run'],
  ['physical', 'built-in', 'run'],
] as const)('a %s microphone with a %s output: %s', (inputKind, outputKind, kind) => {
  const plan = planLive(wishes, [
    { ...input, kind: inputKind },
    { ...output, kind: outputKind },
  ]);
  expect(plan.kind).toBe(kind);
});
