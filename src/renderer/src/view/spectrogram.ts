import type { AppState } from '../../../shared/state.js';
import { formatDb, formatKhz } from './format.js';
import { silenceDb } from './meterScale.js';
import { text, type TextCode } from './text.js';

/** Bands of a spectrum, log-spaced between these frequencies in Hz. */
export const bandCount = 128;
const [lowestHz, highestHz] = [50, 20_000];

/** How far back the picture reaches, and the columns it has for it. */
export const pictureSeconds = 10;
export const pictureColumns = 300;
const columnMs = (pictureSeconds * 1000) / pictureColumns;

/** The ends of the scale of colours, in dBFS: a quiet room's hiss, and the strongest tone of a loud voice. */
export const [quietestDb, loudestDb] = [-100, -20];
export const scaleDbs = [-100, -80, -60, -40, -20];

/** Frequencies that are named beside the picture. */
export const tickHz = [100, 1000, 10_000];

/** Over so many columns without an answer (a busy machine, a picture that moves once a second) the last one is held; more stay empty. */
const heldColumns = 60;

/** Levels of 128 bands in whole dBFS, lowest first. */
export interface Spectra {
  inputDb: readonly number[];
  outputDb: readonly number[];
}

/** Middle of a band, in Hz. */
export const bandHz = (band: number): number => lowestHz * (highestHz / lowestHz) ** ((band + 0.5) / bandCount);

/** Where a frequency stands in the picture: 0 at the bottom, 1 at the top. */
export const heightOf = (hz: number): number => Math.log(hz / lowestHz) / Math.log(highestHz / lowestHz);

/** A level as one of 256 shades. */
export const shadeOf = (db: number): number =>
  Math.round(255 * Math.min(1, Math.max(0, (db - quietestDb) / (loudestDb - quietestDb))));

/** A frequency in the unit people use for it. */
export const toneText = (hz: number): string =>
  hz < 1000
    ? text('window.spectrum.hz', { value: formatDb(Number(hz.toPrecision(2))) })
    : text('window.spectrum.khz', { value: formatKhz(Number(hz.toPrecision(2))) });

/** The shades of the last seconds: one column a moment, `before` and `after` one above the other, newest last. */
export class SpectrogramHistory {
  /** Column after column; in each the shades from top to bottom. Shade 0 is also where nothing was measured. */
  readonly shades = new Uint8Array(pictureColumns * 2 * bandCount);
  #newest = Number.NEGATIVE_INFINITY;

  /** Adds what was measured at this moment of a steady clock. Returns by how many columns the picture moves on. */
  add(nowMs: number, { inputDb, outputDb }: Spectra): number {
    const column = Math.floor(nowMs / columnMs);
    const passed = Math.min(pictureColumns, Math.max(0, column - this.#newest));
    if (passed > 0) {
      this.#newest = column;
      this.shades.copyWithin(0, passed * 2 * bandCount);
      const held = passed <= heldColumns ? passed : 1;
      this.shades.fill(0, (pictureColumns - passed) * 2 * bandCount);
      for (let back = held; back >= 1; back -= 1) this.#write(pictureColumns - back, inputDb, outputDb);
    }
    return passed;
  }

  #write(column: number, inputDb: readonly number[], outputDb: readonly number[]): void {
    const start = column * 2 * bandCount;
    for (let band = 0; band < bandCount; band += 1) {
      this.shades[start + bandCount - 1 - band] = shadeOf(inputDb[band] ?? quietestDb);
      this.shades[start + 2 * bandCount - 1 - band] = shadeOf(outputDb[band] ?? quietestDb);
    }
  }
}

/** The strongest band; null where there is no sound at all. */
export function loudestBand(levelsDb: readonly number[]): { hz: number; db: number } | null {
  const db = Math.max(...levelsDb);
  return db <= silenceDb ? null : { hz: bandHz(levelsDb.indexOf(db)), db };
}

const sentence = (code: TextCode & `window.spectrum.${'before' | 'after'}`, levelsDb: readonly number[]): string => {
  const loudest = loudestBand(levelsDb);
  if (!loudest) return text(`${code}.silent`);
  return text(code, { tone: toneText(loudest.hz), db: formatDb(loudest.db) });
};

/** The picture in words: where the voice is loudest, before and after. */
export const describeSpectra = ({ inputDb, outputDb }: Spectra): string[] => [
  sentence('window.spectrum.before', inputDb),
  sentence('window.spectrum.after', outputDb),
];

/** Colours of 256 shades between evenly spaced stops (`#rrggbb`), as bytes red, green, blue, alpha. */
export function shadeColours(stops: readonly string[]): Uint8ClampedArray<ArrayBuffer> {
  const parsed = stops.map((stop) => [1, 3, 5].map((at) => Number.parseInt(stop.slice(at, at + 2), 16)));
  const colours = new Uint8ClampedArray(256 * 4).fill(255);
  for (let shade = 0; shade < 256; shade += 1) {
    const place = (shade / 255) * (parsed.length - 1);
    const below = Math.min(parsed.length - 2, Math.floor(place));
    for (let part = 0; part < 3; part += 1) {
      const [from = 0, to = 0] = [parsed[below]?.[part], parsed[below + 1]?.[part]];
      colours[shade * 4 + part] = from + (to - from) * (place - below);
    }
  }
  return colours;
}

interface Stillness {
  phase: AppState['phase'];
  isPlaying: boolean;
  /** It stands still for the sake of the system's wish, not for the person's own. */
  isCalm: boolean;
  isSeen: boolean;
}

/** Why there are no words for the picture. */
export function stillReason({ phase, isPlaying, isCalm, isSeen }: Stillness): TextCode {
  if (phase === 'off' || phase === 'failed') return 'window.spectrum.off';
  if (phase !== 'running') return 'window.spectrum.waiting';
  if (isCalm) return 'window.spectrum.calm';
  if (!isPlaying) return 'window.spectrum.paused';
  return isSeen ? 'window.spectrum.waiting' : 'window.spectrum.unseen';
}
