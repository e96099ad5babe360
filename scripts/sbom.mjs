// @ts-check
// `node scripts/sbom.mjs`: what the packages for desktops are made of, as CycloneDX, on stdout. What only builds and tests is not in it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { desktopParts, listShipped, readLock } from './lib/shipped-packages.mjs';

/** Compiled into the addon, or beside it, and no packages of npm; versions are those of the system that compiles, where none is said. */
const compiledIn = [
  {
    type: 'machine-learning-model',
    name: 'GTCRN',
    licence: 'MIT',
    from: 'inside @sapphi-red/web-noise-suppressor, turned into C',
  },
  { type: 'library', name: 'PortAudio', licence: 'MIT', from: 'shared library inside naudiodon2' },
  { type: 'library', name: 'SIMDe', licence: 'MIT', from: 'headers of the system that compiles' },
];

/**
 * The hash of a package as CycloneDX writes it, from what the lock has (`sha512-` and base64).
 * @param {string} integrity
 */
function hashOf(integrity) {
  const [, content = ''] = /^sha512-(\S+)$/.exec(integrity) ?? [];
  return content ? [{ alg: 'SHA-512', content: Buffer.from(content, 'base64').toString('hex') }] : [];
}

/** @param {string} name @param {string} version */
const purlOf = (name, version) => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

/**
 * @param {import('./lib/shipped-packages.mjs').Shipped[]} shipped
 * @param {Record<string, import('./lib/shipped-packages.mjs').LockEntry>} lock
 * @param {string} version of Limpid
 */
export function makeSbom(shipped, lock, version) {
  const packages = new Map(
    shipped
      .filter(({ parts }) => parts.some((part) => desktopParts.has(part)))
      .map((each) => [purlOf(each.name, each.version), each]),
  );
  const component = {
    type: 'application',
    'bom-ref': 'limpid',
    name: 'Limpid',
    version,
    licenses: licence('Apache-2.0'),
  };
  const components = [...packages].map(([purl, { place, name, version: its, licence: id, parts }]) => ({
    type: name === 'electron' ? 'framework' : 'library',
    'bom-ref': purl,
    name,
    version: its,
    purl,
    licenses: licence(id),
    hashes: hashOf(lock[place]?.integrity ?? ''),
    properties: parts.filter((part) => desktopParts.has(part)).map((part) => ({ name: 'limpid:part', value: part })),
  }));
  const native = compiledIn.map(({ type, name, licence: id, from }) => ({
    type,
    'bom-ref': name.toLowerCase(),
    name,
    licenses: licence(id),
    properties: [
      { name: 'limpid:part', value: 'native' },
      { name: 'limpid:from', value: from },
    ],
  }));
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { component },
    components: [...components, ...native],
    dependencies: [{ ref: 'limpid', dependsOn: [...components, ...native].map((each) => each['bom-ref']) }],
  };
}

/** @param {string} id as SPDX writes it */
const licence = (id) => [{ license: { id } }];

if (process.argv[1] === import.meta.filename) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write(`${JSON.stringify(makeSbom(await listShipped(), readLock(), version), null, 2)}\n`);
}
