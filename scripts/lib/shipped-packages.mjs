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
 * @property {string[]} parts where it is: those of the desktop app (`desktopParts`); `command line` and `panel`, which a clone has; `backend`
 */

/** What the packages for desktops are made of. */
export const desktopParts = new Set(['native', 'electron', 'program', 'window', 'preload', 'beside']);

/** @typedef {{ name?: string, version?: string, license?: string, integrity?: string, dev?: boolean }} LockEntry */

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
 * Builds in memory.
 * @param {import('vite').InlineConfig} config
 * @returns {Promise<{ entry: string, bundled: string[], required: string[] }[]>} of each entry, by its name: packages inside what it
 * loads, at once or later, and those that it asks for when it runs
 */
async function lookInto(config) {
  const built = await build({ ...config, logLevel: 'silent', build: { ...config.build, write: false } });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((each) => ('output' in each ? each.output : []));
  const chunks = outputs.filter((output) => output.type === 'chunk');
  const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  return chunks
    .filter(({ isEntry }) => isEntry)
    .map((entry) => {
      const reached = new Set([entry.fileName]);
      for (const name of reached) {
        const { imports = [], dynamicImports = [] } = named.get(name) ?? {};
        for (const next of [...imports, ...dynamicImports]) reached.add(next);
      }
      const ids = [...reached].flatMap((name) => named.get(name)?.moduleIds ?? []);
      return {
        entry: entry.name,
        bundled: ids.flatMap((id) => placeOf(id) ?? []),
        required: [...reached].filter((name) => !named.has(name) && !isBuiltin(name) && name !== 'electron'),
      };
    });
}

/**
 * Every package that is in the app or in the token backend, found by building them.
 * @returns {Promise<Shipped[]>} by name
 */
export async function listShipped() {
  const lock = readLock();
  const { config } = await resolveConfig({ root, logLevel: 'silent' }, 'build', 'production');
  /** @type {[config: import('vite').InlineConfig, parts: Record<string, string>][]} by the names of the entries */
  const bundles = [
    [
      { ...config?.main, configFile: false },
      { index: 'program', cli: 'command line' },
    ],
    [{ ...config?.preload, configFile: false }, { index: 'preload' }],
    [
      { ...config?.renderer, configFile: false },
      { index: 'window', 'panel-bridge': 'panel' },
    ],
    [{ root, configFile: join(root, 'vite.backend.config.ts') }, { backendServer: 'backend' }],
  ];
  /** @type {Map<string, Set<string>>} */
  const found = new Map();
  const note = (/** @type {string} */ place, /** @type {string} */ part) =>
    found.set(place, (found.get(place) ?? new Set()).add(part));

  const beside = readPackedNames(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
  for (const name of beside) note(`node_modules/${name}`, 'beside');
  for (const [part, names] of Object.entries(compiledIn)) for (const name of names) note(`node_modules/${name}`, part);
  for (const [bundle, parts] of bundles) {
    for (const { entry, bundled, required } of await lookInto(bundle)) {
      const part = parts[entry];
      if (part === undefined) throw new Error(`Nobody said what the entry ${entry} is a part of.`);
      for (const place of bundled) note(place, part);
      const missing = required.filter(
        (name) => !beside.some((packed) => name === packed || name.startsWith(`${packed}/`)),
      );
      if (missing.length > 0) throw new Error(`The ${part} asks for ${missing.join(', ')}, which no package brings.`);
    }
  }

  return [...found]
    .map(([place, parts]) => {
      const { name = place.replace(/^.*node_modules\//, ''), version = '', license = '' } = lock[place] ?? {};
      return { place, name, version, licence: license, parts: [...parts] };
    })
    .toSorted((one, other) => one.name.localeCompare(other.name) || one.version.localeCompare(other.version));
}
