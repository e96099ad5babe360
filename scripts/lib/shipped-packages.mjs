// @ts-check
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { resolveConfig } from 'electron-vite';
import { build } from 'vite';
import { parse } from 'yaml';
import { root } from './paths.mjs';

/**
 * A package of npm that reaches other people.
 * @typedef {object} Shipped
 * @property {string} place in package-lock.json, such as `node_modules/a/node_modules/b`
 * @property {string} name
 * @property {string} version
 * @property {string} licence as SPDX writes it; empty: it names none
 * @property {string[]} parts where it is: `native`, `electron`, `program`, `window`, `preload`, `backend`, `beside`
 */

/** @typedef {{ name?: string, version?: string, license?: string, dev?: boolean }} LockEntry */

/** What a compiler or the packager takes in, which no bundler knows of. */
const compiledIn = {
  native: ['@sapphi-red/web-noise-suppressor', 'wabt', 'node-addon-api', 'naudiodon'],
  electron: ['electron'],
};

/** Place of the package that a module belongs to; undefined: it is our own. */
const placeOf = (/** @type {string} */ id) =>
  /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll('\\', '/'))?.[0];

/** @returns {Record<string, LockEntry>} */
export const readLock = () => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;

/**
 * The packages that lie beside the program in `node_modules`: all but those that electron-builder.yml leaves out.
 * @param {string} rules text of electron-builder.yml
 * @returns {string[]}
 */
export function readPackedNames(rules) {
  /** @type {{ files?: unknown[] }} */
  const { files = [] } = parse(rules);
  const names = files.map((rule) => /^!node_modules\/!\(([^)]+)\)\/\*\*$/.exec(String(rule))?.[1]);
  const list = names.find((found) => found !== undefined);
  if (list === undefined) throw new Error('electron-builder.yml does not say which packages lie beside the program.');
  return list.split('|');
}

/**
 * Builds a part in memory.
 * @param {import('vite').InlineConfig} config
 * @returns {Promise<{ bundled: string[], required: string[] }>} packages inside, and those that it asks for when it runs
 */
async function lookInto(config) {
  const built = await build({ ...config, logLevel: 'silent', build: { ...config.build, write: false } });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []));
  const chunks = outputs.filter((output) => output.type === 'chunk');
  const own = new Set(chunks.map(({ fileName }) => fileName));
  const imported = chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports]);
  return {
    bundled: chunks.flatMap(({ moduleIds }) => moduleIds.flatMap((id) => placeOf(id) ?? [])),
    required: [...new Set(imported)].filter((name) => !own.has(name) && !isBuiltin(name) && name !== 'electron'),
  };
}

/**
 * Every package that is in the app or in the token backend, found by building them.
 * @returns {Promise<Shipped[]>} by name
 */
export async function listShipped() {
  const lock = readLock();
  const { config } = await resolveConfig({ root, logLevel: 'silent' }, 'build', 'production');
  /** @type {[part: string, config: import('vite').InlineConfig][]} */
  const bundles = [
    ['program', { ...config?.main, configFile: false }],
    ['preload', { ...config?.preload, configFile: false }],
    ['window', { ...config?.renderer, configFile: false }],
    ['backend', { root, configFile: join(root, 'vite.backend.config.ts') }],
  ];
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  const note = (/** @type {string} */ place, /** @type {string} */ part) =>
    found.set(place, (found.get(place) ?? new Set()).add(part));

  const beside = readPackedNames(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
  for (const name of beside) note(`node_modules/${name}`, 'beside');
  for (const [part, names] of Object.entries(compiledIn)) for (const name of names) note(`node_modules/${name}`, part);
  for (const [part, partConfig] of bundles) {
    const { bundled, required } = await lookInto(partConfig);
    for (const place of bundled) note(place, part);
    const missing = required.filter(
      (name) => !beside.some((packed) => name === packed || name.startsWith(`${packed}/`)),
    );
    if (missing.length > 0) throw new Error(`The ${part} asks for ${missing.join(', ')}, which no package brings.`);
  }

  return [...found]
    .map(([place, parts]) => {
      const { name = place.replace(/^.*node_modules\//, ''), version = '', license = '' } = lock[place] ?? {};
      return { place, name, version, licence: license, parts: [...parts] };
    })
    .toSorted((one, other) => one.name.localeCompare(other.name) || one.version.localeCompare(other.version));
}
