// @ts-check
// Builds native/build/Release/limpid.node: the network as C, then node-gyp. Recompiles only what changed.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { stamp } from './lib/freshness.mjs';
import { withLock } from './lib/lock.mjs';
import { addonPath, nodeHeadersEnvironment, root, stateFolder } from './lib/paths.mjs';

const native = join(root, 'native');
const nodeGyp = join(root, 'node_modules/node-gyp/bin/node-gyp.js');

/** @param {string[]} args */
function runNode(args) {
  const { status, signal } = spawnSync(process.execPath, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...nodeHeadersEnvironment() },
  });
  if (status === 0) return;
  process.stderr.write(`build-native: "node ${args.join(' ')}" ended with ${signal ?? `code ${status}`}.\n`);
  process.exit(1);
}

await withLock(
  'native-build',
  async () => {
    const startedMs = Date.now();
    runNode([join(root, 'scripts/generate-gtcrn.mjs')]);
    // Configured each time, because that is when source files that are new or gone are noticed. It recompiles nothing.
    runNode([nodeGyp, 'configure', '-C', native]);
    runNode([nodeGyp, 'build', '-C', native, '--jobs', String(availableParallelism())]);
    stamp(join(stateFolder, 'native.stamp'), startedMs);
    process.stderr.write(`build-native: ${addonPath}\n`);
  },
  { onWait: (holder) => process.stderr.write(`build-native: waiting for process ${holder}, which is building too\n`) },
);
