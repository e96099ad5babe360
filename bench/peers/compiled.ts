import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildNativeTests } from '../../scripts/native-tests.mjs';
import type { PeerRun } from './peer.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = 'tools/engine_run';
const toolPath = join(root, 'build/tests/plain', tool);

/** Builds the native tool that `runCompiled` starts; takes some ten seconds the first time. */
export async function buildEngineRunner(): Promise<void> {
  const { succeeded, output } = await buildNativeTests('plain', tool, () => {});
  if (!succeeded) throw new Error(`${tool} could not be built:\n${output}`);
}

/** Runs a compiled engine over a signal at 48 kHz in a process of its own, without Node around it. */
export async function runCompiled(engine: string, input: Float32Array): Promise<PeerRun> {
  const folder = await mkdtemp(join(tmpdir(), 'limpid-engine-'));
  try {
    const inputPath = join(folder, 'in.f32');
    const outputPath = join(folder, 'out.f32');
    await writeFile(inputPath, input);
    const { stdout } = await run(toolPath, [engine, inputPath, outputPath], { maxBuffer: 64 << 20 });
    const times = JSON.parse(stdout) as { blockFrames: number; blockMs: number[] };
    const bytes = await readFile(outputPath);
    return {
      ...times,
      output: new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
