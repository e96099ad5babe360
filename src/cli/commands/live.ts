import type { Command } from 'commander';

/** Adds `limpid live`. */
export function registerLive(program: Command): void {
  program.command('live');
}
