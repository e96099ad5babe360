import { describe, expect, test } from 'vitest';
import { isAlsaPlugin, portAudioKind, pulseKind } from '../../../src/main/audio/deviceKind.js';
import { deviceSpec, findDefault, mergeDevices, resolveDevice } from '../../../src/main/audio/devices.js';
import type { PortAudioDevice } from '../../../src/main/audio/native.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { aDevice } from '../../fakes/appState.js';
import { aNode } from '../../fakes/devices.js';

const microphone = aDevice({ id: 'pulse:usb.mic', name: 'USB Microphone', inputs: 1, isDefaultInput: true });
const headset = aDevice({ id: 'pulse:headset', name: 'Acme Headset', inputs: 1, outputs: 2 });
const headphones = aDevice({ id: 'pulse:phones', name: 'Acme Headphones', outputs: 2, isDefaultOutput: true });
const plain = aDevice({ id: 'pa:ALSA:mic', name: 'mic', hostApi: 'ALSA', inputs: 32, outputs: 32, kind: 'plain-alsa' });
const devices = [microphone, headset, headphones, plain];

function failureOf(work: () => unknown): LimpidError {
  try {
    work();
  } catch (error) {
    if (error instanceof LimpidError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('resolveDevice', () => {
  test.each([
    ['pulse:usb.mic', 'input', microphone],
    ['USB Microphone', 'input', microphone],
    ['usb.mic', 'input', microphone],
    ['usb microphone', 'input', microphone],
    ['mic', 'input', plain],
    ['pa:ALSA:mic', 'output', plain],
    ['phones', 'output', headphones],
    ['default', 'input', microphone],
    ['default', 'output', headphones],
  ] as const)('understands %j as an %s', (query, direction, expected) => {
    expect(resolveDevice(query, direction, devices)).toBe(expected);
  });

  test('looks only at devices of that direction', () => {
    expect(resolveDevice('acme', 'input', devices)).toBe(headset);
  });

  test('names the candidates when a part fits more than one', () => {
    const error = failureOf(() => resolveDevice('acme', 'output', devices));
    expect(error.code).toBe('device.ambiguous');
    expect(error.params['candidates']).toContain('pulse:headset');
    expect(error.params['candidates']).toContain('pulse:phones');
    expect(error.params['candidates']).not.toContain('usb.mic');
  });

  test('prefers one exact name to many parts, and is ambiguous for two exact ones', () => {
    const twins = [aDevice({ id: 'a', name: 'Mic', inputs: 1 }), aDevice({ id: 'b', name: 'Mic 2', inputs: 1 })];
    expect(resolveDevice('Mic', 'input', twins).id).toBe('a');
    const same = [...twins, aDevice({ id: 'c', name: 'Mic', inputs: 1 })];
    expect(failureOf(() => resolveDevice('Mic', 'input', same)).code).toBe('device.ambiguous');
  });

  test.each(['tuba', '', '  '])('lists what there is when %j fits nothing', (query) => {
    const error = failureOf(() => resolveDevice(query, 'input', devices));
    expect(error.code).toBe('device.unknown');
    expect(error.params['candidates']).toContain('Acme Headset');
  });

  test.each(['default', 'tuba'])('says when there is no device at all (%s)', (query) => {
    expect(failureOf(() => resolveDevice(query, 'output', [microphone])).code).toBe('device.none');
  });
});

describe('findDefault', () => {
  test.each(['monitor', 'limpid', 'virtual-cable'] as const)(
    'never takes a %s unasked, even as the default',
    (kind) => {
      const unwanted = aDevice({ id: 'pulse:x', inputs: 1, isDefaultInput: true, kind });
      expect(findDefault('input', [unwanted])).toBeUndefined();
      expect(findDefault('input', [unwanted, plain, headset])).toBe(headset);
    },
  );

  test('takes a plain PCM where there is nothing else', () => {
    expect(findDefault('input', [plain])).toBe(plain);
  });
});

describe('mergeDevices', () => {
  const entry = (facts: Partial<PortAudioDevice> & { name: string }): PortAudioDevice => ({
    hostApi: 'ALSA',
    inputs: 2,
    outputs: 2,
    defaultRate: 44_100,
    isDefaultInput: false,
    isDefaultOutput: false,
    ...facts,
  });
  const server = { defaultSource: 'mic', defaultSink: 'speaker' };

  test('takes defaults from the sound server and drops the ways to it', () => {
    const list = mergeDevices(
      { server, sources: [aNode({ name: 'mic', channels: 1 })], sinks: [aNode({ name: 'speaker' })] },
      [entry({ name: 'default', isDefaultInput: true }), entry({ name: 'pulse' }), entry({ name: 'out' })],
      'linux',
    );
    expect(list.map(({ id }) => id)).toEqual(['pulse:mic', 'pulse:speaker', 'pa:ALSA:out']);
    expect(list[0]).toMatchObject({ inputs: 1, outputs: 0, isDefaultInput: true, kind: 'physical' });
    expect(list[1]).toMatchObject({ inputs: 0, outputs: 2, isDefaultOutput: true });
    expect(list[2]).toMatchObject({ kind: 'plain-alsa', isDefaultInput: false });
  });

  test('keeps every PCM where there is no sound server', () => {
    const list = mergeDevices(null, [entry({ name: 'default', isDefaultInput: true }), entry({ name: 'hw' })], 'linux');
    expect(list.map(({ name }) => name)).toEqual(['default', 'hw']);
    expect(list[0]?.isDefaultInput).toBe(true);
  });

  test('tells twins apart by their node', () => {
    const sinks = [aNode({ name: 'a', description: 'Null Output' }), aNode({ name: 'b', description: 'Null Output' })];
    const list = mergeDevices({ server, sources: [], sinks }, [], 'linux');
    expect(list.map(({ name }) => name)).toEqual(['Null Output (a)', 'Null Output (b)']);
  });

  test('shows each device of Windows once, with the default of the whole list', () => {
    const long = 'Microphone Array (Acme High Definition Audio)';
    const list = mergeDevices(
      null,
      [
        entry({ hostApi: 'MME', name: long.slice(0, 31), isDefaultInput: true }),
        entry({ hostApi: 'Windows WASAPI', name: long }),
        entry({ hostApi: 'Windows WASAPI', name: 'Headset' }),
      ],
      'win32',
    );
    expect(list.map(({ name, isDefaultInput }) => [name, isDefaultInput])).toEqual([
      [long, true],
      ['Headset', false],
    ]);
  });

  test('leads back to what PortAudio opens, also with colons in the name', () => {
    const name = 'HDA Intel: ALC257 (hw:0,0)';
    const [device] = mergeDevices(null, [entry({ name })], 'linux');
    expect(deviceSpec(device!)).toEqual({ kind: 'portaudio', hostApi: 'ALSA', name });
    expect(deviceSpec(microphone)).toEqual({ kind: 'pulse', name: 'usb.mic' });
  });
});

describe('kinds', () => {
  const pci = { 'device.bus': 'pci' };
  test.each([
    [
      { name: 'alsa_output.pci-0000_00_1f.3.analog-stereo', properties: pci, activePort: 'analog-output-speaker' },
      'built-in',
    ],
    [
      { name: 'alsa_output.pci-0000_00_1f.3.analog-stereo', properties: pci, activePort: 'analog-output-headphones' },
      'physical',
    ],
    [
      { name: 'alsa_output.pci-0000_00_1f.3.x', properties: pci, activePort: '[Out] Line1', activePortType: 'Headset' },
      'physical',
    ],
    [{ name: 'alsa_output.pci-0000_01_00.1.hdmi-stereo', properties: pci }, 'physical'],
    [{ name: 'alsa_input.platform-sound.x', activePort: 'analog-input-internal-mic' }, 'built-in'],
    [{ name: 'alsa_input.usb-Acme', properties: { 'device.bus': 'usb', 'device.form_factor': 'headset' } }, 'physical'],
    [{ name: 'x.monitor', isMonitor: true }, 'monitor'],
    [{ name: 'limpid_microphone' }, 'limpid'],
    [{ name: 'limpid_sink.monitor', isMonitor: true }, 'limpid'],
    [{ name: 'nui_mic_remap', description: 'NoiseTorch Microphone for Acme' }, 'virtual-cable'],
    [{ name: 'easyeffects_source', description: 'Easy Effects Source' }, 'virtual-cable'],
  ] as const)('of the node %j is %s', (facts, expected) => {
    expect(pulseKind(aNode(facts))).toBe(expected);
  });

  test.each([
    ['BlackHole 2ch', 'darwin', 'virtual-cable'],
    ['Loopback Audio', 'darwin', 'virtual-cable'],
    ['CABLE Output (VB-Audio Virtual Cable)', 'win32', 'virtual-cable'],
    ['krisp microphone', 'darwin', 'virtual-cable'],
    ['MacBook Pro Speakers', 'darwin', 'built-in'],
    ['Built-in Microphone', 'darwin', 'built-in'],
    ['Microphone Array (Intel® Smart Sound)', 'win32', 'built-in'],
    ['Headphones (Realtek(R) Audio)', 'win32', 'physical'],
    ['Acme USB Audio', 'darwin', 'physical'],
    ['hw:0,0', 'linux', 'plain-alsa'],
  ] as const)('of %j on %s is %s', (name, platform, expected) => {
    expect(portAudioKind(name, platform)).toBe(expected);
  });

  test.each([
    ['pulse', true],
    ['surround51', true],
    ['mic', false],
    ['HDA Intel PCH: ALC257 Analog (hw:0,0)', false],
    ['pulse_mic', false],
  ])('%j is ALSA’s own plug-in: %s', (name, expected) => {
    expect(isAlsaPlugin(name)).toBe(expected);
  });
});
