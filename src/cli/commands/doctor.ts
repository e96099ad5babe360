import type { Command } from 'commander';

/** Adds `limpid doctor`. */
export function registerDoctor(program: Command): void {
  program.command('doctor');
}
