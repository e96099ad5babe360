import type { SoundSource, SoundVersion } from '../../../shared/player.js';
import type { AppState } from '../../../shared/state.js';
import type { DeviceOptions } from './deviceOptions.js';
import { text } from './text.js';

/** Stands for “where the enhanced voice is heard, else the usual output” in the list of outputs; no device has this id. */
export const automaticOutput = 'auto';

/** How far the keys of the play head go. */
const stepSeconds = 1;
const pageSeconds = 5;

export const isSameSound = (one: SoundSource, other: SoundSource | undefined): boolean =>
  one.kind === other?.kind && (one.kind !== 'file' || (other.kind === 'file' && one.id === other.id));

export const otherVersion = (version: SoundVersion): SoundVersion => (version === 'original' ? 'enhanced' : 'original');

/** `m:ss`, from an hour on `h:mm:ss`; rounded down. */
export function formatPosition(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** The play head in words. */
export const describeHead = (positionSeconds: number, durationSeconds: number): string =>
  text('window.player.head.value', {
    position: formatPosition(positionSeconds),
    duration: formatPosition(durationSeconds),
  });

/** Where a key moves the play head to; null for a key that does not. */
export function seekByKey(key: string, positionSeconds: number, durationSeconds: number): number | null {
  const moves: Record<string, number> = {
    ArrowLeft: -stepSeconds,
    ArrowDown: -stepSeconds,
    ArrowRight: stepSeconds,
    ArrowUp: stepSeconds,
    PageDown: -pageSeconds,
    PageUp: pageSeconds,
  };
  if (key === 'Home') return 0;
  if (key === 'End') return durationSeconds;
  const move = moves[key];
  return move === undefined ? null : clamp(positionSeconds + move, durationSeconds);
}

/** Where in the sound a place of the picture is, 0 at its left edge. */
export const seekByPlace = (place: number, width: number, durationSeconds: number): number =>
  width > 0 ? clamp((place / width) * durationSeconds, durationSeconds) : 0;

const clamp = (seconds: number, durationSeconds: number): number => Math.min(durationSeconds, Math.max(0, seconds));

/** Fewer, wider bars for a narrow picture: each is the loudest of its pieces. */
export function groupPeaks(peaks: readonly number[], bars: number): number[] {
  const count = Math.max(1, Math.min(bars, peaks.length));
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * peaks.length) / count));
    return Math.max(0, ...peaks.slice(from, to));
  });
}

/** The list of outputs for sounds: automatic first, then what there is. A chosen one that is away keeps its place and says so. */
export function monitorOptions({ monitor }: Pick<AppState, 'monitor'>): DeviceOptions {
  const { chosen, chosenName, devices, present } = monitor;
  const automatic =
    chosen === null && chosenName !== null
      ? text('window.player.output.auto-named', { name: chosenName })
      : text('window.player.output.auto');
  const isListed = chosen === null || devices.some(({ id }) => id === chosen);
  const away = { value: chosen ?? '', label: text('window.device.away', { name: chosenName ?? chosen ?? '' }) };
  return {
    leading: [{ value: automaticOutput, label: automatic }, ...(isListed || present ? [] : [away])],
    groups:
      devices.length === 0
        ? []
        : [
            {
              heading: text('window.player.output'),
              options: devices.map(({ id, name }) => ({ value: id, label: name })),
            },
          ],
    selected: chosen ?? automaticOutput,
  };
}

/** Where it is heard, in words. */
export function describeOutput({ player, monitor }: Pick<AppState, 'player' | 'monitor'>): string {
  const name = player ? player.outputName : monitor.present ? monitor.chosenName : null;
  return name === null ? text('window.player.output.none') : text('window.player.output.on', { name });
}
