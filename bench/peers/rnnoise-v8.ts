import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Peer } from './peer.js';
import { instantiate, type WasmMemory } from './web-assembly.js';

/** Its own loader runs in browsers only; the WebAssembly lies inside it in base64. */
const loaderPath = fileURLToPath(
  new URL('../../node_modules/@shiguredo/rnnoise-wasm/dist/rnnoise.js', import.meta.url),
);

/** RNNoise works on samples in the range of 16-bit integers. */
const fullScale = 32768;

interface RnnoiseExports {
  memory: WasmMemory;
  __wasm_call_ctors(): void;
  rnnoise_get_frame_size(): number;
  rnnoise_create(model: number): number;
  rnnoise_process_frame(state: number, output: number, input: number): number;
  malloc(bytes: number): number;
}

/** RNNoise 0.2 as WebAssembly in V8, 480 frames a block. */
export async function createRnnoiseV8(): Promise<Peer> {
  const base64 = /"(AGFzb[A-Za-z0-9+/=]{10000,})"/.exec(await readFile(loaderPath, 'utf8'))?.[1];
  if (base64 === undefined) throw new Error(`${loaderPath} holds no WebAssembly.`);
  const refuse = (what: string) => () => {
    throw new Error(`RNNoise: ${what}.`);
  };
  const imports = {
    env: { __assert_fail: refuse('an assertion failed'), emscripten_resize_heap: () => 0 },
    wasi_snapshot_preview1: { fd_write: refuse('it wants to print') },
  };
  const rnnoise = await instantiate<RnnoiseExports>(Buffer.from(base64, 'base64'), imports);
  rnnoise['__wasm_call_ctors']();
  const blockFrames = rnnoise.rnnoise_get_frame_size();
  const state = rnnoise.rnnoise_create(0);
  const inputAddress = rnnoise.malloc(blockFrames * 4);
  const outputAddress = rnnoise.malloc(blockFrames * 4);
  const input = new Float32Array(rnnoise.memory.buffer, inputAddress, blockFrames);
  const output = new Float32Array(rnnoise.memory.buffer, outputAddress, blockFrames);
  return {
    blockFrames,
    process(block) {
      for (let frame = 0; frame < blockFrames; frame++) input[frame] = block[frame]! * fullScale;
      rnnoise.rnnoise_process_frame(state, outputAddress, inputAddress);
      for (let frame = 0; frame < blockFrames; frame++) block[frame] = output[frame]! / fullScale;
    },
  };
}
