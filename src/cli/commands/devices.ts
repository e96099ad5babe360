import type { Command } from 'commander';
import { listDevices } from '../../main/audio/devices.js';
import { loadNative, type Native } from '../../main/audio/native.js';
import type { Device } from '../../shared/state.js';
import { jsonOption } from '../options.js';
import { fail, formatTable, log, printJson, printLine } from '../output.js';

/** Adds `limpid devices`. */
export function registerDevices(program: Command): void {
  program
    .command('devices')
    .description('List what --input and --output can name.')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A device is named by its id, its exact name, or a part of its name that fits no other.
JSON: { "devices": [{ "id", "name", "hostApi", "inputs", "outputs", "defaultRate", "isDefaultInput", "isDefaultOutput", "kind" }] }`,
    )
    .action(printDevices);
}

async function printDevices({ json = false }: { json?: boolean }): Promise<void> {
  const devices = await findDevices();
  if (json) return printJson({ devices });
  if (devices.length === 0) return log('There is no sound device. Run “limpid doctor” to see why.');
  printLine(formatDevices(devices));
}

/** Without the native core the sound server's devices can still be listed; then its absence is only a remark. */
async function findDevices(): Promise<Device[]> {
  let native: Native | null = null;
  let failure: unknown;
  try {
    native = loadNative();
  } catch (error) {
    failure = error;
  }
  const devices = await listDevices(native);
  if (failure && devices.length === 0) throw failure;
  if (failure) fail(failure);
  return devices;
}

function formatDevices(devices: Device[]): string {
  const rows = devices.map((device) => [
    device.name,
    device.inputs ? `${device.inputs}${device.isDefaultInput ? ' *' : '  '}` : '',
    device.outputs ? `${device.outputs}${device.isDefaultOutput ? ' *' : '  '}` : '',
    `${device.defaultRate}`,
    device.hostApi,
    device.kind,
    device.id,
  ]);
  const table = formatTable(['Name', 'In', 'Out', 'Rate', 'Through', 'Kind', 'Id'], rows, ['In', 'Out', 'Rate']);
  return `${table}\n* the system's default`;
}
