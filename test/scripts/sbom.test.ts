import { expect, test } from 'vitest';
import { makeSbom } from '../../scripts/sbom.mjs';

const entry = (name: string, parts: string[]) => ({
  place: `node_modules/${name}`,
  name,
  version: '1.2.3',
  licence: 'MIT',
  parts,
});

test('the list of parts has what a desktop gets, and nothing that only a clone or a server has', () => {
  const shipped = [
    entry('@a/one', ['command line', 'program']),
    entry('two', ['command line', 'backend']),
    entry('three', ['panel', 'beside']),
  ];
  const integrity = `sha512-${Buffer.alloc(64, 1).toString('base64')}`;
  const { bomFormat, metadata, components, dependencies } = makeSbom(
    shipped,
    { 'node_modules/@a/one': { integrity } },
    '4.5.6',
  );
  expect([bomFormat, metadata.component.version]).toEqual(['CycloneDX', '4.5.6']);
  expect(components.map(({ name }) => name)).toEqual(['@a/one', 'three', 'GTCRN', 'PortAudio', 'SIMDe']);
  expect(components[0]).toMatchObject({
    purl: 'pkg:npm/%40a/one@1.2.3',
    licenses: [{ license: { id: 'MIT' } }],
    hashes: [{ alg: 'SHA-512', content: '01'.repeat(64) }],
    properties: [{ name: 'limpid:part', value: 'program' }],
  });
  expect(dependencies[0]?.dependsOn).toEqual(components.map((each) => each['bom-ref']));
});
