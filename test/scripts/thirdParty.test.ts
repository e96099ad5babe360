import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
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
  'yazl',
  'buffer-crc32',
];

/** Places in `node_modules` of the packages that are inside the bundle of the token backend. */
async function listBundled(): Promise<string[]> {
  const configFile = join(root, 'vite.backend.config.ts');
  const built = (await build({
    configFile,
    root,
    logLevel: 'silent',
    build: { write: false },
  })) as Rolldown.RolldownOutput;
  const modules = built.output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  return modules.flatMap((id) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
}

/** The first cell of every row, such as `react 19.3.1, react-dom 19.3.1`, without links. */
const cells = thirdParty
  .split('\n')
  .flatMap((line) => /^\| (.*?) +\|/.exec(line)?.[1] ?? [])
  .map((cell) => cell.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1'));

const shipped = [...Object.keys(manifest.dependencies), ...builtIn].map((name) => `node_modules/${name}`);
const bundled = await listBundled();

test('the bundle of the token backend has been looked into', () => {
  expect(bundled).toEqual(
    expect.arrayContaining(['node_modules/fastify', 'node_modules/ioredis', 'node_modules/pino', 'node_modules/yaml']),
  );
});

test.each([...new Set([...shipped, ...bundled])].toSorted())('THIRD_PARTY.md names %s in its version', (place) => {
  const installed = lock.packages[place];
  const name = installed?.name ?? place.replace(/^.*node_modules\//, '');
  const title = new RegExp(`(^|[ ])${name}(?![\\w./-])`, 'i');
  expect(cells.filter((cell) => title.test(cell)).join(', ')).toContain(installed?.version);
});
