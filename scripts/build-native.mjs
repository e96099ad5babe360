// @ts-check
// Builds native/build/Release/limpid.node: the network as C, then node-gyp. Recompiles only what changed.
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { isUpToDate, stamp } from './lib/freshness.mjs';
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

/** The build files carry the paths and version of the Node that wrote them: another Node, another configuration. */
function isConfigured() {
  const buildFile = process.platform === 'win32' ? 'build/binding.sln' : 'build/Makefile';
  return isUpToDate({
    outputs: [join(native, 'build/config.gypi'), join(native, buildFile)],
    sources: [join(native, 'binding.gyp'), join(native, 'src'), join(root, 'package-lock.json'), process.execPath],
  });
}

await withLock(
  'native-build',
  async () => {
    const startedMs = Date.now();
    runNode([join(root, 'scripts/generate-gtcrn.mjs')]);
    const actions = isConfigured() ? ['build'] : ['configure', 'build'];
    for (const action of actions) {
      const jobs = action === 'build' ? ['--jobs', String(availableParallelism())] : [];
      runNode([nodeGyp, action, '-C', native, ...jobs]);
    }
    stamp(join(stateFolder, 'native.stamp'), startedMs);
    process.stderr.write(`build-native: ${addonPath}\n`);
  },
  { onWait: (holder) => process.stderr.write(`build-native: waiting for process ${holder}, which is building too\n`) },
);
