import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Rectangle } from 'electron';
import { z } from 'zod';

const bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int(),
  height: z.number().int(),
  /** Then the rest is what the window goes back to. */
  isMaximized: z.boolean().optional(),
});

/** Where a window is; without a place the system chooses one. */
export type WindowBounds = Partial<Rectangle> & { isMaximized?: boolean | undefined };

export const smallestSize = { width: 320, height: 480 };
const firstSize = { width: 460, height: 760 };
/** A window of which less than this can be reached counts as off the screen. */
const reachablePixels = 64;

/**
 * Where the window was when it was last closed, or a first size (then the system places it).
 * A place on a screen that is gone is forgotten; a size larger than its screen is cut.
 * @param screens work areas of the screens there are
 */
export function readWindowBounds(path: string, screens: Rectangle[]): WindowBounds {
  const remembered = readRemembered(path);
  if (!remembered) return firstSize;
  const screen = screens.find((area) => isReachable(remembered, area));
  const size = {
    width: Math.max(smallestSize.width, Math.min(remembered.width, screen?.width ?? firstSize.width)),
    height: Math.max(smallestSize.height, Math.min(remembered.height, screen?.height ?? firstSize.height)),
  };
  const { x, y, isMaximized } = remembered;
  return { ...size, ...(screen && { x, y }), ...(isMaximized && { isMaximized }) };
}

/** Remembers it. Synchronous, since the window is about to close; a failure costs only the memory. */
export function writeWindowBounds(path: string, { x, y, width, height }: Rectangle, isMaximized: boolean): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify({ x, y, width, height, isMaximized }));
  } catch {
    // The next window opens at its first size.
  }
}

function readRemembered(path: string): z.infer<typeof bounds> | null {
  try {
    return bounds.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

/** The title bar, by which a window is moved, must be within reach. */
const isReachable = (window: Rectangle, area: Rectangle): boolean =>
  window.x + window.width >= area.x + reachablePixels &&
  window.x <= area.x + area.width - reachablePixels &&
  window.y >= area.y &&
  window.y <= area.y + area.height - reachablePixels;
