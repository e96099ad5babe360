import { expect, test } from 'vitest';
import { gatherPicked } from '../../src/renderer/src/bridge/droppedFiles.js';

/** A file of a folder that was picked. */
const inFolder = (path: string): File => {
  const file = new File([], path.slice(path.lastIndexOf('/') + 1));
  return Object.defineProperty(file, 'webkitRelativePath', { value: path });
};

test('of a folder that was picked come its sounds, but no results that lie beside their originals', () => {
  const paths = [
    'in/a.wav',
    'in/a (enhanced).wav',
    'in/notes.txt',
    'in/.hidden.wav',
    'in/deep/b.mp3',
    'in/deep/a (enhanced).wav',
  ];
  const rules = { hasFfmpeg: true, pattern: '{name} (enhanced)' };
  const { files, ...others } = gatherPicked(paths.map(inFolder), rules);
  // Of the last one the original is elsewhere.
  expect(files.map(({ webkitRelativePath }) => webkitRelativePath)).toEqual([
    'in/a.wav',
    'in/deep/b.mp3',
    'in/deep/a (enhanced).wav',
  ]);
  expect(others).toEqual({ leftOut: 1, results: 1, unread: 0 });
});
