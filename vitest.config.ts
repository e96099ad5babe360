import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * `unit`: no server, no browser, under 90 s.
 * `rig`: the private sound server, the real loop, Chromium, the packaged app; one file at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: ['test/rig/**', 'test/e2e/**', 'test/packaging/**'],
          testTimeout: 20_000,
          // Without it Vitest leaves one core idle, and there may be only two.
          maxWorkers: availableParallelism(),
        },
      },
      {
        test: {
          name: 'rig',
          include: ['test/rig/**/*.test.ts', 'test/e2e/**/*.test.ts', 'test/packaging/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          // A virtual machine may stand still for 170 ms at any moment; a test that fails twice has another reason.
          retry: 1,
        },
      },
    ],
  },
});
