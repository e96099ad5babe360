import type { Device } from '../../shared/state.js';
import type { PulseNode } from './pactl.js';

/** Names of our own virtual devices (see virtualMicrophone.ts). */
export const limpidSinkName = 'limpid_sink';
export const limpidSourceName = 'limpid_microphone';

/** Cables between programs, and microphones that another program makes: never taken as a microphone unasked. */
const virtualNames =
  /vb-audio|vb-cable|cable (input|output)|voicemeeter|blackhole|loopback|soundflower|virtual (cable|audio)|line \d+ \(virtual|krisp|noisetorch|nvidia (broadcast|rtx voice)|rtx voice|easyeffects|easy effects|rnnoise|denoised/i;

const builtInNames =
  /built-?in|macbook|imac|mac (mini|studio|pro)\b.*(speakers|microphone)|internal|microphone array|realtek/i;
const pluggedNames = /headphone|headset|earphone|line out|hdmi|displayport|s\/pdif|digital|usb|bluetooth/i;

/** What a PulseAudio or PipeWire node is. `built-in` means the computer's own loudspeakers or microphone, not a jack with a plug in it. */
export function pulseKind(node: PulseNode): Device['kind'] {
  const names = `${node.name} ${node.description}`;
  if ([limpidSinkName, limpidSourceName, `${limpidSinkName}.monitor`].includes(node.name)) return 'limpid';
  if (node.isMonitor) return 'monitor';
  if (virtualNames.test(names)) return 'virtual-cable';
  return isInternalCard(node) && !isPlugged(node) ? 'built-in' : 'physical';
}

function isInternalCard({ name, properties }: PulseNode): boolean {
  const { 'device.bus': bus, 'device.form_factor': formFactor } = properties;
  if (formFactor !== undefined)
    return formFactor === 'internal' || formFactor === 'speaker' || formFactor === 'microphone';
  return bus === 'pci' || /^alsa_(input|output)\.(pci|platform)-/.test(name);
}

function isPlugged({ name, activePort, activePortType }: PulseNode): boolean {
  return pluggedNames.test(`${activePort} ${activePortType}`) || /hdmi|iec958/.test(name);
}

/** What an entry of PortAudio's list is, as far as its name tells. */
export function portAudioKind(name: string, platform: NodeJS.Platform): Device['kind'] {
  if (platform === 'linux') return 'plain-alsa';
  if (virtualNames.test(name)) return 'virtual-cable';
  return builtInNames.test(name) && !pluggedNames.test(name) ? 'built-in' : 'physical';
}

/** Whether a PortAudio name on Linux is only ALSA's way to the sound server, or a software converter of its configuration. */
export function isAlsaPlugin(name: string): boolean {
  return /^(default|sysdefault|pulse|pipewire|jack|oss|null|dmix|dsnoop|front|spdif|iec958|hdmi|lavrate|samplerate|speexrate|speex|upmix|vdownmix|(rear|center_lfe|side)|surround\d+)$/.test(
    name,
  );
}
