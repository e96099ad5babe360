// @ts-check

/** @typedef {import('./shipped-packages.mjs').Shipped} Shipped */

/**
 * The licences that we ship under, as SPDX writes them: how THIRD_PARTY.md names each, and where its text is.
 * Another one is a decision to be made, not a line to be added.
 * @type {Record<string, { name: string, text: string }>}
 */
const licences = {
  MIT: { name: 'MIT', text: '## The MIT License' },
  ISC: { name: 'ISC', text: '## The ISC License' },
  'BSD-3-Clause': { name: 'BSD-3-Clause', text: '## The 3-Clause BSD License' },
  'Apache-2.0': { name: 'Apache-2.0', text: '(`LICENSE`)' },
  // Its conditions are met by a link.
  'BlueOak-1.0.0': { name: 'Blue Oak Model License 1.0.0', text: 'https://blueoakcouncil.org/license/1.0.0' },
};

/** @typedef {{ names: Map<string, string[]>, licence: string }} Row */

/**
 * The rows of all tables. The first cell names packages and versions, such as `[a](…) 1.0.0 and 2.0.0, b 1.1.0, …`; the last the licence.
 * @param {string} text THIRD_PARTY.md
 * @returns {Row[]}
 */
function readRows(text) {
  return text
    .split('\n')
    .filter((line) => /^\| .* \|$/.test(line) && !/^\| -+/.test(line))
    .map((line) => {
      const cells = line.slice(2, -2).split(' | ');
      const title = (cells[0] ?? '').replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1');
      const named = title.matchAll(/([@\w][\w@./-]*) (\d+\.\d+\.\d+[\w.-]*(?: and \d+\.\d+\.\d+[\w.-]*)*)/g);
      const names = Array.from(
        named,
        ([, name = '', versions = '']) => /** @type {const} */ ([name.toLowerCase(), versions.split(' and ')]),
      );
      return { names: new Map(names), licence: cells.at(-1) ?? '' };
    });
}

/**
 * What is wrong with THIRD_PARTY.md, one sentence each; empty: nothing.
 * @param {string} text
 * @param {Shipped[]} shipped
 * @param {(name: string, version: string) => boolean} [mayBeNamed] of a package that is not shipped; default: none
 * @returns {string[]}
 */
export function checkThirdParty(text, shipped, mayBeNamed = () => false) {
  const rows = readRows(text);
  const complaints = shipped.flatMap(({ name, version, licence }) => {
    const row = rows.find(({ names }) => names.get(name.toLowerCase())?.includes(version));
    const known = licences[licence];
    if (!known) return [`${name} ${version} is under "${licence}", which is none of the licences we ship under.`];
    if (!row) return [`THIRD_PARTY.md does not name ${name} ${version} (${licence}).`];
    if (!row.licence.includes(known.name))
      return [`THIRD_PARTY.md says "${row.licence.trim()}" of ${name}, which is under ${licence}.`];
    if (!text.includes(known.text)) return [`THIRD_PARTY.md lacks the text of ${licence}, for ${name}.`];
    return [];
  });
  const stale = rows
    .flatMap(({ names }) =>
      [...names].flatMap(([name, versions]) => versions.map((version) => /** @type {const} */ ([name, version]))),
    )
    .filter(([name, version]) => !shipped.some((each) => each.name.toLowerCase() === name && each.version === version))
    .filter(([name, version]) => !mayBeNamed(name, version))
    .map(([name, version]) => `THIRD_PARTY.md names ${name} ${version}, which is not shipped.`);
  return [...complaints, ...stale];
}
