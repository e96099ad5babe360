import { Option } from 'commander';
import { LimpidError } from '../shared/errors.js';
import { engineIds, type EngineId } from '../shared/state.js';

/** `--json`, the same for every command. */
export const jsonOption = (): Option =>
  new Option('--json', 'print one JSON object on stdout, everything else on stderr');

/** `--config FILE`: another settings file (also LIMPID_CONFIG). */
export const configOption = (): Option =>
  new Option('--config <file>', 'settings file instead of the one of this user').env('LIMPID_CONFIG');

/** `--engine E`, one of the engines compiled in. */
export const engineOption = (): Option =>
  new Option('--engine <engine>', `one of: ${engineIds.join(', ')}`).argParser(parseEngine);

/** `--level L`, strength 0..1. */
export const levelOption = (): Option =>
  new Option('--level <level>', 'strength: 0 leaves the voice as it is, 1 is the full effect').argParser(
    numberParser('--level', { min: 0, max: 1 }),
  );

/** `--seconds N`, at most a day. */
export const secondsOption = (description: string): Option =>
  new Option('--seconds <seconds>', description).argParser(numberParser('--seconds', { min: 0.1, max: 86_400 }));

/** `--period F`, frames a device callback. */
export const periodOption = (): Option =>
  new Option('--period <frames>', 'frames a device callback, 32 to 4096: fewer is less delay and more load').argParser(
    numberParser('--period', { min: 32, max: 4096, integer: true }),
  );

/** `--port P`; 0 lets the system choose. */
export const portOption = (): Option =>
  new Option('--port <port>', 'port on 127.0.0.1; 0 takes a free one').argParser(
    numberParser('--port', { min: 0, max: 65_535, integer: true }),
  );

/** Parses an engine's name or throws `usage.engine`. */
export function parseEngine(value: string): EngineId {
  const engine = engineIds.find((id) => id === value);
  if (!engine) throw new LimpidError('usage.engine', { value, engines: engineIds.join(', ') });
  return engine;
}

/** A parser for a plain decimal number in `min..max` that throws `usage.number` or `usage.integer`. */
export function numberParser(option: string, range: { min: number; max: number; integer?: boolean }) {
  const { min, max, integer = false } = range;
  const pattern = integer ? /^-?\d+$/ : /^-?(\d+\.?\d*|\.\d+)$/;
  return (value: string): number => {
    const number = Number(value);
    if (pattern.test(value) && number >= min && number <= max) return number;
    throw new LimpidError(integer ? 'usage.integer' : 'usage.number', { option, value, min, max });
  };
}
