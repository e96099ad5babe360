import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { trayFaces, type TrayFace } from '../src/main/shell/trayFace.js';

/**
 * Draws the icons of the tray into resources/tray: `npx tsx scripts/trayIcons.ts`. The faces differ by shape, for those who do not
 * tell their colours apart and for macOS, which has none: a hollow drop (off), a filled one with a voice within (enhancing), a
 * hollow one with a line straight through (passing the voice on unchanged), a sign of warning (a problem).
 */

/** Whether a point of the 16 × 16 drawing belongs to a shape. */
type Shape = (x: number, y: number) => boolean;
/** Red, green, blue; null: a hole. */
type Paint = readonly [number, number, number] | null;
type Layer = [Shape, Paint];

const tip = { x: 8, y: 0.6 };
const bowl = { x: 8, y: 9.8, radius: 5.4 };

/** The drop of the app's icon: a circle, and the straight lines to it from the tip. `inset`: smaller by so much on all sides. */
function drop(inset = 0): Shape {
  const halfAngle = Math.asin(bowl.radius / (bowl.y - tip.y));
  const radius = bowl.radius - inset;
  const tipY = tip.y + inset / Math.sin(halfAngle);
  const touchY = bowl.y - radius * Math.sin(halfAngle);
  return (x, y) => {
    if (Math.hypot(x - bowl.x, y - bowl.y) <= radius) return true;
    return y >= tipY && y <= touchY && Math.abs(x - tip.x) <= (y - tipY) * Math.tan(halfAngle);
  };
}

const hollow = (thickness: number): Shape => {
  const [outside, inside] = [drop(), drop(thickness)];
  return (x, y) => outside(x, y) && !inside(x, y);
};

/** A line with round ends. */
const line = (fromX: number, fromY: number, toX: number, toY: number, width: number): Shape => {
  const lengthSquared = (toX - fromX) ** 2 + (toY - fromY) ** 2;
  return (x, y) => {
    const along = lengthSquared === 0 ? 0 : ((x - fromX) * (toX - fromX) + (y - fromY) * (toY - fromY)) / lengthSquared;
    const at = Math.min(1, Math.max(0, along));
    return Math.hypot(x - fromX - at * (toX - fromX), y - fromY - at * (toY - fromY)) <= width / 2;
  };
};

const anyOf =
  (...shapes: Shape[]): Shape =>
  (x, y) =>
    shapes.some((shape) => shape(x, y));

/** A triangle on its side, with round corners. */
const sign: Shape = (x, y) => {
  const corners = [line(8, 2.2, 1.9, 13.6, 2), line(8, 2.2, 14.1, 13.6, 2), line(1.9, 13.6, 14.1, 13.6, 2)];
  const isWithin = y >= 2.2 && y <= 13.6 && Math.abs(x - 8) <= ((y - 2.2) * 6.1) / 11.4;
  return isWithin || anyOf(...corners)(x, y);
};

const voice = anyOf(line(5.5, 9.3, 5.5, 10.7, 1.3), line(8, 7.4, 8, 12.6, 1.3), line(10.5, 9.3, 10.5, 10.7, 1.3));
const exclamation = anyOf(line(8, 6, 8, 9.6, 1.7), line(8, 12.2, 8, 12.2, 1.8));
const straight = line(1, 10, 15, 10, 1.6);
/** Sets the line apart from the drop. */
const aroundStraight = line(1, 10, 15, 10, 4);

const white = [255, 255, 255] as const;

/** Each colour is told from a white and from a black panel: contrast at least 3 to 1 with both. */
const colours: Record<TrayFace, Paint> = {
  off: [128, 134, 142],
  enhancing: [14, 140, 156],
  passing: [190, 112, 0],
  problem: [217, 48, 37],
};

/** What is drawn, from the back to the front. `within`: colour of what is inside a filled shape. */
function layersOf(face: TrayFace, colour: Paint, within: Paint): Layer[] {
  switch (face) {
    case 'off':
      return [[hollow(1.5), colour]];
    case 'enhancing':
      return [
        [drop(), colour],
        [voice, within],
      ];
    case 'passing':
      return [
        [hollow(1.5), colour],
        [aroundStraight, null],
        [straight, colour],
      ];
    case 'problem':
      return [
        [sign, colour],
        [exclamation, within],
      ];
  }
}

const samples = 8;

/** Pixels of red, green, blue and how much they cover, rows from the top. */
function draw(layers: Layer[], size: number): Uint8Array {
  const pixels = new Uint8Array(size * size * 4);
  for (let index = 0; index < size * size; index += 1) {
    const sums = [0, 0, 0, 0];
    for (let sample = 0; sample < samples * samples; sample += 1) {
      const x = ((index % size) + ((sample % samples) + 0.5) / samples) * (16 / size);
      const y = (Math.floor(index / size) + (Math.floor(sample / samples) + 0.5) / samples) * (16 / size);
      const paint = layers.findLast(([shape]) => shape(x, y))?.[1] ?? null;
      if (paint) [...paint, 1].forEach((value, channel) => (sums[channel]! += value));
    }
    const [red = 0, green = 0, blue = 0, count = 0] = sums;
    if (count === 0) continue;
    const colour = [red / count, green / count, blue / count, (255 * count) / (samples * samples)];
    pixels.set(colour.map(Math.round), index * 4);
  }
  return pixels;
}

/** PNG (RFC 2083) of 8-bit red, green, blue and alpha: one IDAT, no filter, no interlace. */
function encode(pixels: Uint8Array, size: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(size, 0);
  header.writeUInt32BE(size, 4);
  header.set([8, 6, 0, 0, 0], 8);
  const rows = Buffer.alloc(size * (size * 4 + 1));
  for (let row = 0; row < size; row += 1) {
    rows.set(pixels.subarray(row * size * 4, (row + 1) * size * 4), row * (size * 4 + 1) + 1);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND'),
  ]);
}

function chunk(kind: string, body: Buffer = Buffer.alloc(0)): Buffer {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}

/** Points of an icon on a screen of usual sharpness; twice as many pixels on a sharp one. */
const systems = [
  { folder: 'mac', points: 16, suffix: 'Template', isTinted: true },
  { folder: 'windows', points: 16, suffix: '', isTinted: false },
  { folder: 'linux', points: 24, suffix: '', isTinted: false },
] as const;

/** Every icon, by its path below resources/tray. */
export function drawTrayIcons(): Map<string, { png: Buffer; pixels: Uint8Array; size: number }> {
  const icons = new Map<string, { png: Buffer; pixels: Uint8Array; size: number }>();
  for (const { folder, points, suffix, isTinted } of systems) {
    for (const face of trayFaces) {
      const layers = isTinted ? layersOf(face, [0, 0, 0], null) : layersOf(face, colours[face], white);
      for (const [sharpness, mark] of [
        [1, ''],
        [2, '@2x'],
      ] as const) {
        const size = points * sharpness;
        const pixels = draw(layers, size);
        icons.set(`${folder}/${face}${suffix}${mark}.png`, { png: encode(pixels, size), pixels, size });
      }
    }
  }
  return icons;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const target = fileURLToPath(new URL('../resources/tray', import.meta.url));
  for (const [path, { png }] of drawTrayIcons()) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), png);
  }
}
