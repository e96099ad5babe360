import { describe, expect, test } from 'vitest';
import { isDeviceEvent, parseModules, parseNodes, parsePlainNodes } from '../../../src/main/audio/pactl.js';

/** As PulseAudio 16.1 prints a USB headset, shortened. */
const headset = {
  index: 3,
  name: 'alsa_output.usb-Acme_Headset-00.analog-stereo',
  description: 'Acme Headset',
  sample_specification: 's16le 2ch 44100Hz',
  monitor_source: 'alsa_output.usb-Acme_Headset-00.analog-stereo.monitor',
  properties: { 'device.bus': 'usb', 'device.class': 'sound' },
  ports: [
    { name: 'analog-output-speaker', type: 'Speaker' },
    { name: 'analog-output-headphones', type: 'Headphones' },
  ],
  active_port: 'analog-output-headphones',
};

describe('parseNodes', () => {
  test('reads names, rate, channels and the port in use', () => {
    expect(parseNodes(JSON.stringify([headset]))).toEqual([
      {
        name: headset.name,
        description: 'Acme Headset',
        channels: 2,
        rate: 44_100,
        isMonitor: false,
        activePort: 'analog-output-headphones',
        activePortType: 'Headphones',
        properties: headset.properties,
      },
    ]);
  });

  test('knows a monitor', () => {
    const monitor = { ...headset, name: 'x.monitor', properties: { 'device.class': 'monitor' } };
    expect(parseNodes(JSON.stringify([monitor]))?.[0]?.isMonitor).toBe(true);
  });

  test('leaves a description empty that pactl could not print', () => {
    expect(parseNodes(JSON.stringify([{ ...headset, description: '(null)' }]))?.[0]?.description).toBe('');
  });

  test('takes entries of which only the name is as expected, and drops those without one', () => {
    const odd = { name: 'odd', ports: 'none', properties: [1], active_port: 7, sample_specification: null };
    expect(parseNodes(JSON.stringify([odd, { index: 1 }, null]))).toMatchObject([
      { name: 'odd', channels: 2, rate: 48_000 },
    ]);
  });

  test.each(['', '[{"name":"a","balance":0,00}]', '{}', 'Connection failure'])('says that %j is no list', (text) => {
    expect(parseNodes(text)).toBeNull();
  });
});

test('parsePlainNodes reads the long listing', () => {
  const text = `Sink #1
\tState: IDLE
\tName: tisch
\tDescription: Tischgerät "Süd"
\tDriver: module-alsa-card.c
\tSample Specification: s16le 1ch 48000Hz
\tProperties:
\t\tdevice.bus = "pci"
\t\tdevice.description = "Tischgerät"
\tPorts:
\t\tanalog-output-headphones: Headphones (type: Headphones, priority: 9900, availability group: Legacy 4, available)
\tActive Port: analog-output-headphones
\tFormats:
\t\tpcm

Sink #2
\tName: plain
\tDescription: Plain
\tSample Specification: float32le 2ch 44100Hz
`;
  expect(parsePlainNodes(text)).toMatchObject([
    {
      name: 'tisch',
      description: 'Tischgerät "Süd"',
      channels: 1,
      rate: 48_000,
      activePortType: 'Headphones',
      properties: { 'device.bus': 'pci' },
    },
    { name: 'plain', description: 'Plain', channels: 2, rate: 44_100, activePort: '' },
  ]);
});

test('parseModules skips lines that continue an argument', () => {
  const text =
    '0\tmodule-native-protocol-unix\t\t\n7\tlibpipewire-module-rt\t{\n            nice.level = -11\n        }\n9\tmodule-null-sink\tsink_name=a\n';
  expect(parseModules(text)).toEqual([
    { index: 0, name: 'module-native-protocol-unix', argument: '' },
    { index: 7, name: 'libpipewire-module-rt', argument: '{' },
    { index: 9, name: 'module-null-sink', argument: 'sink_name=a' },
  ]);
});

test.each([
  ["Event 'new' on sink #5", true],
  ["Event 'remove' on source #5", true],
  ["Event 'change' on server #4294967295", true],
  ["Event 'change' on card #0", true],
  ["Event 'new' on sink-input #5", false],
  ["Event 'change' on source-output #5", false],
  ["Event 'new' on client #18", false],
])('isDeviceEvent(%j) is %s', (line, expected) => {
  expect(isDeviceEvent(line)).toBe(expected);
});
