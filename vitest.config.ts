import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const withServers = ['rig', 'e2e', 'packaging', 'electron'];

/** A test hears sound when it, or a neighbour whose window it opens, starts the private sound server. */
const soundParts = /from '\.[^']*\/(soundServer|panelWindow|talkingDesk)\.js'/;
const soundTests = withServers
  .flatMap((folder) =>
    readdirSync(`test/${folder}`, { recursive: true, encoding: 'utf8' }).map((file) => `test/${folder}/${file}`),
  )
  .filter((path) => path.endsWith('.test.ts') && soundParts.test(readFileSync(path, 'utf8')));

/** Counts how soon requests are answered, which other tests beside it would delay. */
const measuredServer = 'test/rig/backendSlowLoris.test.ts';

/** These ask whether there is sound, from which device and through which engine, not how exactly it comes. */
const asksOnlyWhether = /\/(panel\w*|devices|licensedServices|mishap|signInLive|policyLive|tour)\.test\.ts$/;

/** These leave a measurement beside them enough of the machine, and bear it where they measure themselves. */
const bearsCompany = /\/rig\/(cli|comparison|recording|selfTest|services|sleep|virtualMicrophone)\.test\.ts$/;

const patient = {
  testTimeout: 120_000,
  hookTimeout: 60_000,
  // A virtual machine may stand still for 170 ms at any moment; a test that fails twice has another reason.
  retry: 1,
};

/**
 * `unit`: no server, no browser, under 90 s.
 * `window`: Chromium, Electron, servers, keyrings, the packaged app; no sound server.
 * `voice`: the private sound server and the real loop, each file with its own; two at a time.
 * `rig`: the same where sound, or the time of an answer, is measured; one file at a time, and nothing but `beside` beside it.
 * `beside`: the sound server too; one file at a time.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
          exclude: withServers.map((folder) => `test/${folder}/**`),
          testTimeout: 20_000,
          // Without it Vitest leaves one core idle, and there may be only two.
          maxWorkers: availableParallelism(),
        },
      },
      {
        test: {
          name: 'window',
          include: withServers.map((folder) => `test/${folder}/**/*.test.ts`),
          exclude: [...soundTests, measuredServer],
          maxWorkers: availableParallelism(),
          ...patient,
        },
      },
      {
        test: {
          name: 'voice',
          include: soundTests.filter((path) => asksOnlyWhether.test(path)),
          maxWorkers: 2,
          ...patient,
        },
      },
      {
        test: {
          name: 'beside',
          include: soundTests.filter((path) => bearsCompany.test(path)),
          fileParallelism: false,
          ...patient,
        },
      },
      {
        test: {
          name: 'rig',
          include: [
            ...soundTests.filter((path) => !asksOnlyWhether.test(path) && !bearsCompany.test(path)),
            measuredServer,
          ],
          fileParallelism: false,
          ...patient,
        },
      },
    ],
  },
});
