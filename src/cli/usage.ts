import type { Command, CommanderError } from 'commander';
import { LimpidError } from '../shared/errors.js';

/** Gives a complaint of the command-line parser one of our codes, or null when it only printed help or the version. */
export function toUsageError(error: CommanderError, program: Command, argv: string[]): LimpidError | null {
  if (error.exitCode === 0) return null;
  const command = nameCommand(program, argv);
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  const options = { cause: error };
  switch (error.code) {
    case 'commander.help':
      return new LimpidError('usage.no-command', {}, options);
    case 'commander.unknownCommand':
      return new LimpidError('usage.unknown-command', { command: quoted }, options);
    case 'commander.unknownOption':
      return new LimpidError('usage.unknown-option', { option: quoted, command }, options);
    case 'commander.optionMissingArgument':
      return new LimpidError('usage.missing-value', { option: quoted, command }, options);
    case 'commander.missingMandatoryOptionValue':
      return new LimpidError('usage.missing-option', { option: quoted, command }, options);
    case 'commander.missingArgument':
      return new LimpidError('usage.missing-argument', { argument: quoted, command }, options);
    case 'commander.excessArguments':
      return new LimpidError('usage.excess-argument', { command }, options);
    default:
      return new LimpidError('usage.invalid', { command }, options);
  }
}

/** The command that was meant, with the names of those it belongs to, e.g. `limpid sdk install`. */
function nameCommand(parent: Command, argv: string[]): string {
  const command = parent.commands.find((candidate) => argv.includes(candidate.name()));
  return command ? `${parent.name()} ${nameCommand(command, argv)}` : parent.name();
}
