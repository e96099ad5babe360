import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DemoResult } from '../../src/main/demo/demo.js';
import { runCli } from '../cli/runCli.js';
import { buildStandIn } from '../libaic/build.js';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'limpid-demo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// A token of 20 s is renewed after about 15 s: the second time after about 30 s.
test('the demo cleans a voice while tokens of 20 seconds are renewed in place, twice', async () => {
  const { libraryPath, modelPath } = buildStandIn();
  const { exitCode, stdout, stderr } = await runCli(
    ['demo', '--device', 'timer', '--seconds', '36', '--out', folder, '--json'],
    { LIMPID_DEMO_AIC_LIB: libraryPath, LIMPID_DEMO_AIC_MODEL: modelPath },
  );
  expect(stderr).toContain('A new token arrived');
  expect(exitCode).toBe(0);
  const result = JSON.parse(stdout) as DemoResult;
  expect(result.siSdrGainDb).toBeGreaterThanOrEqual(7);
  expect(result.tokenRefreshes).toBeGreaterThanOrEqual(2);
  expect(result.licensed).toMatchObject({ engineStatus: 'active', modelLoads: 1, processorCreates: 1 });
  expect(result.licensed?.tokenUpdates).toBeGreaterThanOrEqual(2);
  expect(result.files.every((path) => existsSync(path))).toBe(true);
});
