import type { Command } from 'commander';

/** Adds `limpid demo`. */
export function registerDemo(program: Command): void {
  program.command('demo');
}
