import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { desktopParts, listShipped, readPackedNames, type Shipped } from '../../scripts/lib/shipped-packages.mjs';
import { checkThirdParty } from '../../scripts/lib/third-party.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const thirdParty = readFileSync(join(root, 'THIRD_PARTY.md'), 'utf8');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};

let shipped: Shipped[];
beforeAll(async () => {
  shipped = await listShipped();
}, 120_000);

describe('what is shipped', () => {
  test('has been looked for in every part', () => {
    const partsOf = (name: string) => shipped.find((each) => each.name === name)?.parts;
    expect(partsOf('react')).toEqual(['window']);
    expect(partsOf('keytar')).toEqual(['beside']);
    expect(partsOf('undici')).toEqual(['beside', 'backend']);
    expect(partsOf('electron')).toEqual(['electron']);
    expect(partsOf('wabt')).toEqual(['native']);
    expect(partsOf('electron-updater')).toEqual(['program']);
    expect(partsOf('fastify')).toEqual(['command line', 'backend']);
    expect(shipped.every(({ version, licence }) => version !== '' && licence !== '')).toBe(true);
  });

  test('holds every package that package.json calls one of the app', () => {
    const places = shipped.map(({ place }) => place);
    expect(Object.keys(manifest.dependencies).filter((name) => !places.includes(`node_modules/${name}`))).toEqual([]);
  });
});

describe('THIRD_PARTY.md', () => {
  const rowOf = (name: string): string => thirdParty.split('\n').find((line) => line.startsWith(`| [${name}]`)) ?? '';

  test('says what the packages for desktops do not hold', () => {
    const alone = shipped.filter(
      ({ parts }) => parts[0] === 'command line' && !parts.some((part) => desktopParts.has(part)),
    );
    const [, list = ''] = /which a clone has: (.*) are in the latter alone/.exec(thirdParty) ?? [];
    const [app = ''] = thirdParty.split('## In the token backend');
    const named = alone.filter(
      ({ name, version }) => app.includes(rowOf(name)) && rowOf(name).includes(` ${version} `),
    );
    expect(list.split(/, | and /).toSorted()).toEqual(named.map(({ name }) => name).toSorted());
  });

  test('names each package with its version and licence, and no other', () => {
    expect(checkThirdParty(thirdParty, shipped)).toEqual([]);
  });

  test('may not lack one', () => {
    const without = thirdParty.replace(`${rowOf('undici')}\n`, '');
    expect(checkThirdParty(without, shipped)).toEqual([expect.stringContaining('does not name undici')]);
  });

  test('may not give another version or another licence', () => {
    const other = thirdParty.replace(rowOf('ws'), rowOf('ws').replace(/ \d+\.\d+\.\d+/, ' 1.2.3'));
    expect(checkThirdParty(other, shipped)).toEqual([
      expect.stringContaining('does not name ws'),
      'THIRD_PARTY.md names ws 1.2.3, which is not shipped.',
    ]);
    const free = thirdParty.replace(rowOf('yaml'), rowOf('yaml').replace('ISC', 'MIT'));
    expect(checkThirdParty(free, shipped)).toEqual([expect.stringMatching(/says "MIT *" of yaml, .* ISC/)]);
  });

  test('may not lack the text of a licence', () => {
    const without = thirdParty.replace('## The 3-Clause BSD License', '## Another');
    expect(checkThirdParty(without, shipped)[0]).toMatch(/lacks the text of BSD-3-Clause/);
  });

  test('names nothing that is not shipped', () => {
    const without = shipped.filter(({ name }) => name !== 'react');
    expect(checkThirdParty(thirdParty, without)).toEqual([expect.stringMatching(/names react .* not shipped/)]);
  });

  test.each(['GPL-3.0-only', 'UNLICENSED', ''])('a package under “%s” is a question first', (licence) => {
    const added = { place: 'node_modules/new', name: 'new', version: '1.0.0', licence, parts: ['program'] };
    const text = `${thirdParty}\n| new 1.0.0 | © | ${licence} |`;
    expect(checkThirdParty(text, [...shipped, added])).toEqual([expect.stringContaining('none of the licences')]);
  });
});

test('the packages beside the program are read from the rules of the packager', () => {
  const rules = 'files:\n  - out/**\n  - "!node_modules/!(one|two)/**"\n';
  expect(readPackedNames(rules)).toEqual(['one', 'two']);
  expect(() => readPackedNames('files: [out/**]')).toThrow(/does not say/);
});
