import type { AppState, Device } from '../../../shared/state.js';
import { text, type TextCode } from './text.js';

export interface DeviceOption {
  value: string;
  label: string;
}

/** A picker's list: options without a heading first, then groups. Empty groups are left out. */
export interface DeviceOptions {
  leading: DeviceOption[];
  groups: { heading: string; options: DeviceOption[] }[];
  /** The selected value; empty when nothing was chosen yet. */
  selected: string;
}

/** What is selected, as the list calls it. */
export const selectedLabel = ({ leading, groups, selected }: DeviceOptions): string =>
  [...leading, ...groups.flatMap(({ options }) => options)].find(({ value }) => value === selected)?.label ?? selected;

const isCapture = (device: Device) => device.inputs > 0 && device.kind !== 'limpid';
const isPlayback = (device: Device) => device.outputs > 0 && device.kind !== 'limpid' && device.kind !== 'monitor';
const isMicrophone = (device: Device) => device.kind === 'physical' || device.kind === 'built-in';

/** The microphone picker. Our own virtual devices never appear: a voice must not be cleaned in a circle. */
export function inputOptions(state: AppState): DeviceOptions {
  const devices = state.input.devices.filter(isCapture);
  const systemDefault = devices.find((device) => device.isDefaultInput);
  const followLabel = systemDefault
    ? text('window.input.default-named', { name: systemDefault.name })
    : text('window.input.default');
  return {
    leading: [...unchosenInput(state), { value: 'default', label: followLabel }, ...awayOption(state.input, devices)],
    groups: [
      group('window.input.group.microphones', devices.filter(isMicrophone).map(toOption)),
      group('window.input.group.other', devices.filter((device) => !isMicrophone(device)).map(toOption)),
    ].filter(hasOptions),
    selected: state.input.chosen ?? '',
  };
}

/** The output picker: other apps first, then what people listen with. */
export function outputOptions(state: AppState): DeviceOptions {
  const devices = state.output.devices.filter(isPlayback);
  const virtual = state.virtualMicrophone.supported ? [{ value: 'virtual', label: text('window.output.virtual') }] : [];
  const cables = devices
    .filter((device) => device.kind === 'virtual-cable')
    .map(({ id, name }) => ({ value: id, label: text('window.output.cable', { name }) }));
  const unchosen = state.output.chosen === null ? [{ value: '', label: text('window.output.choose') }] : [];
  return {
    leading: [...unchosen, ...awayOption(state.output, devices)],
    groups: [
      group('window.output.group.apps', [...virtual, ...cables]),
      group('window.output.group.listen', devices.filter(isMicrophone).map(toOption)),
      group(
        'window.output.group.other',
        devices.filter((device) => !isMicrophone(device) && device.kind !== 'virtual-cable').map(toOption),
      ),
    ].filter(hasOptions),
    selected: state.output.chosen ?? '',
  };
}

function unchosenInput(state: AppState): DeviceOption[] {
  return state.input.chosen === null ? [{ value: '', label: text('window.input.choose') }] : [];
}

/** A chosen device that is not in the list keeps its place and says so. */
function awayOption(end: AppState['input'], devices: Device[]): DeviceOption[] {
  const { chosen } = end;
  if (chosen === null || chosen === 'default' || chosen === 'virtual') return [];
  if (devices.some((device) => device.id === chosen)) return [];
  return [{ value: chosen, label: text('window.device.away', { name: end.chosenName ?? chosen }) }];
}

const toOption = ({ id, name }: Device): DeviceOption => ({ value: id, label: name });
const group = (code: TextCode, options: DeviceOption[]) => ({ heading: text(code), options });
const hasOptions = ({ options }: { options: DeviceOption[] }) => options.length > 0;
