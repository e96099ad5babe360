import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './packageApp.js';

const main = join(root, 'out/main');

/** Paths of a built file and of all it loads at once; what it may load later is not followed. */
function loadedAtOnce(entry: string): Set<string> {
  const seen = new Set<string>();
  const follow = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(join(main, path), 'utf8');
    for (const [, name = ''] of text.matchAll(/^import (?:.*? from )?"(\.\.?\/.*?)";$/gm))
      follow(join(path, '..', name));
  };
  follow(entry);
  return seen;
}

test('the token backend is loaded for its own command alone', () => {
  const loaded = new Set([...loadedAtOnce('cli.js'), ...loadedAtOnce('index.js')]);
  const holdsServer = (path: string) => readFileSync(join(main, path), 'utf8').includes('FST_ERR_');
  const files = readdirSync(main, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'));
  expect(loaded.size).toBeGreaterThan(3);
  expect(files.filter(holdsServer)).toHaveLength(1);
  expect([...loaded].filter(holdsServer)).toEqual([]);
});

test('the updater is loaded when new versions are looked for', () => {
  const holdsUpdater = (path: string) => readFileSync(join(main, path), 'utf8').includes('NsisUpdater = class');
  const chunks = readdirSync(join(main, 'chunks')).map((name) => `chunks/${name}`);
  expect(chunks.filter(holdsUpdater)).toHaveLength(1);
  expect([...loadedAtOnce('index.js')].filter(holdsUpdater)).toEqual([]);
});
