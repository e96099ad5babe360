// `npm run demo`: the demo from a clone, with a stand-in for the licensed engine's library, which no clone may contain.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildStandIn } from '../test/libaic/build.js';

const root = join(import.meta.dirname, '..');

/** What the demo needs to show tokens at work; nothing where no C compiler is. */
function standInVariables(): Record<string, string> {
  try {
    const { libraryPath, modelPath } = buildStandIn();
    return { LIMPID_DEMO_AIC_LIB: libraryPath, LIMPID_DEMO_AIC_MODEL: modelPath };
  } catch {
    process.stderr.write('demo: there is no C compiler, so nothing stands in for the licensed engine\n');
    return {};
  }
}

const command = [join(root, 'out/main/cli.js'), 'demo', ...process.argv.slice(2)];
const child = spawn(process.execPath, command, { stdio: 'inherit', env: { ...process.env, ...standInVariables() } });
process.on('SIGINT', () => {}); // Ctrl-C reaches the child by itself; we end when it does.
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
