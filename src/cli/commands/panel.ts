import type { Command } from 'commander';

/** Adds `limpid panel`. */
export function registerPanel(program: Command): void {
  program.command('panel');
}
