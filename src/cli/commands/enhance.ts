import type { Command } from 'commander';

/** Adds `limpid enhance`. */
export function registerEnhance(program: Command): void {
  program.command('enhance');
}
