import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isUpToDate, modifiedMs, stamp } from '../../scripts/lib/freshness.mjs';

let folder: string;
let source: string;
let output: string;

/** Gives a file or folder a modification time, in seconds since 1970. */
function setTime(path: string, seconds: number): void {
  utimesSync(path, seconds, seconds);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-fresh-'));
  mkdirSync(join(folder, 'src/deep'), { recursive: true });
  source = join(folder, 'src/deep/a.cpp');
  output = join(folder, 'out');
  writeFileSync(source, '');
  writeFileSync(output, '');
  setTime(source, 1000);
  setTime(join(folder, 'src/deep'), 1000);
  setTime(join(folder, 'src'), 1000);
  setTime(output, 2000);
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function isFresh(): boolean {
  return isUpToDate({ outputs: [output], sources: [join(folder, 'src'), join(folder, 'never-there')] });
}

describe('a build is up to date', () => {
  test('when no source is newer', () => {
    expect(isFresh()).toBe(true);
  });

  test('not when a source deep in a folder is newer', () => {
    setTime(source, 3000);
    expect(isFresh()).toBe(false);
  });

  test('not when a source was deleted', () => {
    rmSync(source);
    expect(isFresh()).toBe(false);
  });

  test('not when an output is missing', () => {
    rmSync(output);
    expect(isFresh()).toBe(false);
  });
});

test('a stamp carries the time it is given and keeps what is in the file', () => {
  const path = join(folder, 'new/stamp');
  stamp(path, 5_000_000);
  expect(modifiedMs(path)).toBe(5_000_000);
});
