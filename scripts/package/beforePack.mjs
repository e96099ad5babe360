// @ts-check
// What electron-builder calls before it looks at any file.
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from '../lib/paths.mjs';

/**
 * Paths of a built program's files that its entry loads, at once or later.
 * @param {string} entry path from the folder, with `/`
 * @param {(path: string) => string} read
 * @returns {Set<string>}
 */
export function reachedFrom(entry, read) {
  const reached = new Set([entry]);
  for (const path of reached) {
    for (const [, name = ''] of read(path).matchAll(/(?:\bfrom |\bimport |\bimport\()"(\.\.?\/[^"]+)"/g)) {
      reached.add(posix.join(posix.dirname(path), name));
    }
  }
  return reached;
}

/**
 * The command line needs Node, which a packaged Electron is not; so neither it nor what only it loads is in the package.
 * @param {import('app-builder-lib/out/configuration.js').BeforePackContext} context
 */
export function beforePack({ packager: { config } }) {
  const folder = join(root, 'out/main');
  const reached = reachedFrom('index.js', (path) => readFileSync(join(folder, path), 'utf8'));
  const built = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  const left = built.filter((path) => path.endsWith('.js') && !reached.has(path));
  // electron-builder has gathered the patterns of electron-builder.yml in one set by now; another set would add files.
  const [set] = /** @type {{ filter: string[] }[]} */ (config.files);
  if (!set || left.length === 0) throw new Error('there are no patterns, or no command line, to leave anything out of');
  set.filter.push(...left.map((path) => `!out/main/${path}`));
}
