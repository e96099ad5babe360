import type { Command } from 'commander';

/** Adds `limpid devices`. */
export function registerDevices(program: Command): void {
  program.command('devices');
}
