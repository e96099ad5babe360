import { expect, test } from 'vitest';
import { findWished, planLive, toEndpoint, type LiveWishes } from '../../../src/main/audio/livePlan.js';
import { deviceNamed } from '../../../src/main/settings/namedDevice.js';
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

test('an administrator names devices by id, name or a part of it, and never our own', () => {
  const headset = aDevice({ id: 'h1', name: 'Jabra Evolve 65', inputs: 1, outputs: 2 });
  const other = aDevice({ id: 'h2', name: 'Jabra Talk', inputs: 1 });
  const ours = aDevice({ id: 'ours', name: 'Evolve', inputs: 1, outputs: 2, kind: 'limpid' });
  const devices = [input, headset, other, ours, output];
  const find = (name: string) => findWished(deviceNamed(name), 'input', devices)?.id;
  expect(['h2', 'jabra evolve 65', 'evolve', 'default'].map(find)).toEqual(['h2', 'h1', 'h1', 'in']);
  expect(['Jabra', 'away', ''].map(find)).toEqual([undefined, undefined, undefined]);
  expect(toEndpoint(deviceNamed('evolve'), 'input', devices)).toMatchObject({
    chosen: 'h1',
    chosenName: 'Jabra Evolve 65',
    present: true,
  });
  expect(toEndpoint(deviceNamed('away'), 'input', devices)).toMatchObject({ chosenName: 'away', present: false });
  expect(planLive({ ...wishes, output: deviceNamed('out') }, devices).kind).toBe('run');
});
