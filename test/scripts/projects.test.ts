import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import config from '../../vitest.config.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const soundServer = 'test/rig/soundServer.ts';

/** Whether a file of the tests reaches the private sound server by imports within test/. */
function reachesSoundServer(path: string, seen = new Set<string>()): boolean {
  if (path === join(root, soundServer)) return true;
  if (seen.has(path)) return false;
  seen.add(path);
  const specifiers = [...readFileSync(path, 'utf8').matchAll(/from '(\.[^']+)\.js'/g)].map(([, name]) => name ?? '');
  return specifiers
    .map((name) => `${resolve(dirname(path), name)}.ts`)
    .filter((imported) => imported.startsWith(join(root, 'test/')))
    .some((imported) => reachesSoundServer(imported, seen));
}

interface Project {
  test: { name: string; include: string[]; fileParallelism?: boolean };
}

const projects = (config as unknown as { test: { projects: Project[] } }).test.projects;
const project = (name: string) => projects.find((candidate) => candidate.test.name === name)!.test;

test('every test that starts the sound server is in one project of those that know of sound', () => {
  const tests = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `test/${path}`);
  const sound = tests.filter((path) => reachesSoundServer(join(root, path)));
  const apart = ['voice', 'beside', 'rig'].flatMap((name) => project(name).include);
  expect(new Set(apart).size).toBe(apart.length);
  expect(sound.filter((path) => !apart.includes(path))).toEqual([]);
  expect(apart.filter((path) => !sound.includes(path))).toEqual(['test/rig/backendSlowLoris.test.ts']);
});

test('what measures sound runs one file at a time, and what bears company is named', () => {
  const paths = (...names: string[]) => names.map((name) => `test/rig/${name}.test.ts`);
  for (const name of ['rig', 'beside']) expect(project(name).fileParallelism).toBe(false);
  expect(project('rig').include).toEqual(expect.arrayContaining(paths('loop', 'licensed', 'player')));
  expect(project('beside').include.toSorted()).toEqual(
    paths('cli', 'comparison', 'recording', 'selfTest', 'services', 'sleep', 'virtualMicrophone'),
  );
});
