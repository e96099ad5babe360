import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const thirdParty = readFileSync(join(root, 'THIRD_PARTY.md'), 'utf8');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  dependencies: Record<string, string>;
};
const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, { name?: string; version: string }>;
};

/** Bundled or compiled in, though a build only asks for them as development dependencies. */
const builtIn = [
  '@sapphi-red/web-noise-suppressor',
  'node-addon-api',
  'wabt',
  'electron',
  'react',
  'react-dom',
  'scheduler',
  'tar',
  'minipass',
  'minizlib',
  'yauzl',
  'pend',
];

test.each([...Object.keys(manifest.dependencies), ...builtIn])('THIRD_PARTY.md names %s in its version', (name) => {
  const installed = lock.packages[`node_modules/${name}`];
  const title = new RegExp(`(^|[ [])${installed?.name ?? name}(?![\\w.-])`, 'i');
  const line = thirdParty.split('\n').find((text) => text.startsWith('|') && title.test(text));
  expect(line).toContain(installed?.version);
});
