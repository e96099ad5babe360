import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareRecordingFolder } from '../../../src/main/audio/recordingFolder.js';

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'limpid-record-'));
});

afterEach(() => rmSync(root, { recursive: true }));

test('a folder that does not exist is made, with those above it', () => {
  const folder = join(root, 'a', 'b');
  expect(prepareRecordingFolder(folder)).toBe(folder);
  expect(existsSync(folder)).toBe(true);
});

test('a folder with other files is used as it is', () => {
  writeFileSync(join(root, 'notes.txt'), 'mine');
  expect(prepareRecordingFolder(root)).toBe(root);
});

test.each(['original.wav', 'enhanced.wav'])('a folder that holds %s gets further takes', (name) => {
  writeFileSync(join(root, name), 'earlier');
  const second = prepareRecordingFolder(root);
  expect(second).toBe(join(root, 'take-2'));
  writeFileSync(join(second, name), 'earlier');
  expect(prepareRecordingFolder(root)).toBe(join(root, 'take-3'));
});

test('a file in the place of the folder is an error with its reason', () => {
  const file = join(root, 'file');
  writeFileSync(file, '');
  expect(() => prepareRecordingFolder(file)).toThrow(
    expect.objectContaining({ code: 'live.record-folder', params: { folder: file, detail: expect.any(String) } }),
  );
});

test.skipIf(process.getuid?.() === 0)('a folder that may not be written is an error (root may write anywhere)', () => {
  chmodSync(root, 0o500);
  expect(() => prepareRecordingFolder(join(root, 'new'))).toThrow(
    expect.objectContaining({ code: 'live.record-folder' }),
  );
});
