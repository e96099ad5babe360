import { readFileSync } from 'node:fs';
import { LimpidError, type Notice } from '../../shared/errors.js';
import type { AppState } from '../../shared/state.js';
import { findDefault, hasDirection, listDevices, type Direction } from '../audio/devices.js';
import { loadNative } from '../audio/native.js';
import { listModules, pactl } from '../audio/pactl.js';
import { findOurs, ownerOf } from '../audio/virtualMicrophone.js';
import type { Check } from './check.js';

const isLinux = process.platform === 'linux';

/** The native core, without which nothing can be enhanced. */
export const addonCheck: Check = {
  id: 'addon',
  required: true,
  async run() {
    const { engines, compiler } = loadNative().about();
    return { code: 'check.addon', params: { engines: engines.join(', '), compiler } };
  },
};

/** PortAudio's own words without the revision it was built from, which the support bundle holds. */
const shortVersion = (version: string): string => version.replace(/, revision .*$/s, '');

/** PortAudio, which opens every device. */
export const portAudioCheck: Check = {
  id: 'portaudio',
  required: true,
  async run() {
    const native = loadNativeIfPresent();
    if (!native)
      throw new LimpidError('check.portaudio-no-addon', {
        check: { code: 'check.name.addon', params: {} },
      });
    const devices = await native.listPortAudioDevices();
    return {
      code: 'check.portaudio',
      params: { version: shortVersion(native.about().portAudioVersion), count: devices.length },
    };
  },
};

/** On Linux, PulseAudio or PipeWire: without one only plain ALSA devices are there. */
export const soundServerCheck: Check = {
  id: 'sound-server',
  required: false,
  async run() {
    if (!isLinux) return { code: 'check.sound-server-builtin', params: {} };
    const server = /^Server Name: (.+)$/m.exec(await pactl('info'))?.[1] ?? 'PulseAudio';
    return { code: 'check.sound-server', params: { server } };
  },
};

/** At least one input and one output. */
export const devicesCheck: Check = {
  id: 'devices',
  required: true,
  async run() {
    const devices = await listDevices(loadNativeIfPresent());
    const inputs = devices.filter((device) => hasDirection(device, 'input')).length;
    const outputs = devices.filter((device) => hasDirection(device, 'output')).length;
    if (inputs === 0) throw new LimpidError('check.devices-no-input');
    if (outputs === 0) throw new LimpidError('check.devices-no-output');
    const nameOfDefault = (direction: Direction): string | Notice =>
      findDefault(direction, devices)?.name ?? { code: 'check.no-default', params: {} };
    const [defaultInput, defaultOutput] = [nameOfDefault('input'), nameOfDefault('output')];
    return { code: 'check.devices', params: { inputs, outputs, defaultInput, defaultOutput } };
  },
};

/** A program of a terminal cannot ask the OS whether it may hear the microphone; macOS and Windows ask at the first start. */
export const microphonePermissionCheck: Check = {
  id: 'microphone-permission',
  required: true,
  async run() {
    return { code: isLinux ? 'check.permission-not-needed' : 'check.permission-asked', params: {} };
  },
};

/** The app's own answer: it knows whether it may hear the microphone. */
export const grantedCheck = (status: () => AppState['microphonePermission']): Check => ({
  ...microphonePermissionCheck,
  async run() {
    const answer = status();
    if (answer === 'denied') throw new LimpidError('permission.denied');
    if (answer === 'granted') return { code: 'check.permission-granted', params: {} };
    if (answer === 'not-needed') return { code: 'check.permission-not-needed', params: {} };
    return { code: 'check.permission-asked', params: {} };
  },
});

/** A Limpid microphone whose process is no more: left over from a crash. Without a sound server there is none. */
export const virtualMicrophoneCheck: Check = {
  id: 'virtual-microphone',
  required: false,
  async run() {
    if (!isLinux) return { code: 'check.virtual-microphone-unsupported', params: {} };
    const modules = findOurs(await listModules().catch(() => []));
    const hasLeftover = modules.some(({ owner }) => ownerOf(Number.parseInt(owner, 10)) !== owner);
    if (hasLeftover) throw new LimpidError('check.virtual-microphone-leftover');
    return { code: 'check.virtual-microphone', params: {} };
  },
};

/** Whether the audio thread may preempt others, by the limits of this process. */
export const realTimeCheck: Check = {
  id: 'real-time',
  required: false,
  async run() {
    if (!isLinux) return realTimeBecause({ code: 'check.real-time-system', params: {} });
    const limit = /^Max realtime priority\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? '0';
    if (limit !== '0') return realTimeBecause({ code: 'check.real-time-limit', params: { limit } });
    if (process.getuid?.() === 0) return realTimeBecause({ code: 'check.real-time-root', params: {} });
    throw new LimpidError('check.real-time-refused');
  },
};

const realTimeBecause = (reason: Notice): Notice => ({ code: 'check.real-time', params: { reason } });

function loadNativeIfPresent() {
  try {
    return loadNative();
  } catch {
    return null;
  }
}
