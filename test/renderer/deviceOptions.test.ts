import { describe, expect, test } from 'vitest';
import { inputOptions, outputOptions } from '../../src/renderer/src/view/deviceOptions.js';
import { states } from '../e2e/states.js';
import { aDevice } from '../fakes/appState.js';

const { running } = states;
describe('the microphone picker', () => {
  test('follows the system by name and groups what is not a microphone', () => {
    const { leading, groups, selected } = inputOptions(running);
    expect(leading.map(({ label }) => label)).toEqual(['Default: Built-in Audio Analog Stereo']);
    expect(groups.map(({ heading, options }) => [heading, options.length])).toEqual([
      ['Microphones', 2],
      ['Other sound sources', 1],
    ]);
    expect(selected).toBe('pulse:mv7');
  });

  test('keeps a device that is away, and says so', () => {
    const { leading, selected } = inputOptions(states['device-lost']);
    expect(leading).toContainEqual({ value: selected, label: 'Not connected: Shure MV7 Podcast Microphone' });
  });

  test('says when nothing was chosen yet', () => {
    const { leading, selected } = inputOptions({ ...running, input: { ...running.input, chosen: null } });
    expect(selected).toBe('');
    expect(leading[0]).toEqual({ value: '', label: 'Choose a microphone…' });
  });

  test('never offers our own microphone, nor a device without inputs', () => {
    const devices = [aDevice({ id: 'own', inputs: 1, kind: 'limpid' }), aDevice({ id: 'deaf', outputs: 2 })];
    expect(inputOptions({ ...running, input: { ...running.input, chosen: 'default', devices } }).groups).toEqual([]);
  });
});

describe('the output picker', () => {
  const output = {
    ...running.output,
    chosen: null,
    devices: [
      aDevice({ id: 'cable', outputs: 2, kind: 'virtual-cable' }),
      aDevice({ id: 'phones', outputs: 2 }),
      aDevice({ id: 'plain', outputs: 2, kind: 'plain-alsa' }),
      aDevice({ id: 'own', outputs: 1, kind: 'limpid' }),
    ],
  };

  test('asks for a choice first', () => {
    expect(outputOptions({ ...running, output }).leading).toEqual([{ value: '', label: 'Choose an output…' }]);
  });

  test('puts what reaches other apps in its own group', () => {
    const [apps, listen, other] = outputOptions({ ...running, output }).groups;
    expect(apps?.options).toEqual([
      { value: 'virtual', label: 'Limpid microphone — for other apps' },
      { value: 'cable', label: 'cable — for other apps' },
    ]);
    expect(listen?.options.map(({ value }) => value)).toEqual(['phones']);
    expect(other?.options.map(({ value }) => value)).toEqual(['plain']);
  });

  test('offers the Limpid microphone only where it can be made', () => {
    const state = { ...running, output, virtualMicrophone: { supported: false, active: false } };
    const values = outputOptions(state).groups.flatMap(({ options }) => options.map(({ value }) => value));
    expect(values).toEqual(['cable', 'phones', 'plain']);
  });

  test('the Limpid microphone is never "not connected"', () => {
    const state = { ...running, output: { ...output, chosen: 'virtual', present: false } };
    expect(outputOptions(state).leading).toEqual([]);
  });
});
