import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.js';
import { instantiate, type WasmMemory } from './web-assembly.js';

/** The file that `scripts/generate-gtcrn.mjs` turns into C. */
const wasmPath = fileURLToPath(
  new URL('../../node_modules/@sapphi-red/web-noise-suppressor/dist/gtcrn.wasm', import.meta.url),
);

const blockFrames = 768;

/** Exports have one-letter names; which is which is told by the worklet of the same package. */
interface GtcrnExports {
  c: WasmMemory;
  /** Constructors. */
  d(): void;
  /** Makes a state. */
  e(): number;
  /** Enhances 768 frames at 48 kHz. */
  j(state: number, input: number, output: number): void;
  /** malloc */
  k(bytes: number): number;
}

/** GTCRN as WebAssembly in V8: the reference for the compiled engine. 890 frames late. */
export async function createGtcrnV8(): Promise<Peer> {
  const imports = {
    a: {
      a: () => {
        throw new Error('GTCRN: an assertion failed.');
      },
      b: () => 0,
    },
  };
  const gtcrn = await instantiate<GtcrnExports>(await readFile(wasmPath), imports);
  gtcrn.d();
  const state = gtcrn.e();
  const inputAddress = gtcrn.k(blockFrames * 4);
  const outputAddress = gtcrn.k(blockFrames * 4);
  const input = new Float32Array(gtcrn.c.buffer, inputAddress, blockFrames);
  const output = new Float32Array(gtcrn.c.buffer, outputAddress, blockFrames);
  return {
    blockFrames,
    process(block) {
      input.set(block);
      gtcrn.j(state, inputAddress, outputAddress);
      block.set(output);
    },
  };
}
