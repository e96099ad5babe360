import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** [file, what it imports]: each breaks the dependency rule. */
const forbidden: [file: string, specifier: string][] = [
  ['src/shared/a.ts', '../main/services.js'],
  ['src/shared/messages/b.ts', '../../renderer/app.js'],
  ['src/shared/c.ts', '../../native/index.js'],
  ['src/shared/d.ts', 'electron'],
  ['src/shared/e.ts', 'node:fs'],
  ['src/preload/a.ts', '../main/services.js'],
  ['src/preload/b.ts', '../renderer/src/app.js'],
  ['src/preload/c.ts', 'node:fs'],
  ['src/renderer/src/a.ts', '../../main/services.js'],
  ['src/renderer/src/view/b.tsx', '../../../preload/index.js'],
  ['src/renderer/src/c.ts', 'electron'],
  ['src/renderer/src/d.ts', 'node:fs'],
  ['src/panel-bridge/a.ts', '../main/host/panel.js'],
  ['src/main/services/a.ts', 'electron'],
  ['src/main/audio/b.ts', '../shell/window.js'],
  ['src/main/audio/c.ts', '../../renderer/src/app.js'],
  ['src/main/audio/d.ts', '../../../native/build/Release/limpid.node'],
  ['src/main/host/e.ts', '../../cli/index.js'],
  ['src/main/shell/f.ts', '../../cli/index.js'],
  ['src/main/audio/native.ts', 'electron'],
  ['src/cli/a.ts', 'electron'],
  ['src/cli/commands/b.ts', '../../main/shell/window.js'],
  ['test/main/a.test.ts', 'electron'],
];

const allowed: [file: string, specifier: string][] = [
  ['src/shared/ok.ts', 'zod'],
  ['src/shared/messages/ok.ts', '../state.js'],
  ['src/preload/ok.ts', 'electron'],
  ['src/preload/ok2.ts', '../shared/contract.js'],
  ['src/renderer/src/ok.tsx', '../../shared/state.js'],
  ['src/main/shell/ok.ts', 'electron'],
  ['src/main/index.ts', 'electron'],
  ['src/main/audio/ok.ts', '../../shared/state.js'],
  ['src/cli/ok.ts', '../main/services.js'],
];

const folder = mkdtempSync(join(tmpdir(), 'limpid-layers-'));
let refused: string[];

beforeAll(() => {
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const [file, specifier] of [...forbidden, ...allowed]) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), `import { one } from '${specifier}';\nexport const two = [one];\n`);
  }
  const oxlint = join(root, 'node_modules/oxlint/bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json'], { cwd: folder, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  refused = diagnostics
    .filter(({ code }) => code.includes('no-restricted-imports'))
    .map(({ filename }) => filename.replaceAll('\\', '/'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the linter holds the dependency rule', () => {
  test.each(forbidden)('%s may not import %s', (file) => {
    expect(refused).toContain(file);
  });

  test.each(allowed)('%s may import %s', (file) => {
    expect(refused).not.toContain(file);
  });
});

/** What no import statement shows: requiring the binary through createRequire, or opening it by process.dlopen. */
test('only src/main/audio/native.ts names the addon binary', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => path.replaceAll('\\', '/'));
  const loaders = files.filter((path) => /limpid\.node|dlopen\(/.test(readFileSync(join(root, 'src', path), 'utf8')));
  expect(loaders).toEqual(['main/audio/native.ts']);
});
