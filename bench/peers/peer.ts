import { performance } from 'node:perf_hooks';

/** A bare enhancer at 48 kHz, mono. */
export interface Peer {
  /** Frames of one block. */
  blockFrames: number;
  /** Enhances `blockFrames` samples (−1..1) in place. */
  process(block: Float32Array): void;
}

/** What a run over a whole signal gave. */
export interface PeerRun {
  blockFrames: number;
  /** Time of each block in ms. */
  blockMs: number[];
  /** The output, as late as the enhancer makes it; an unfinished last block is left away. */
  output: Float32Array;
}

/** Runs a peer over a signal, block by block, and takes the time of each. */
export function runPeer(peer: Peer, input: Float32Array): PeerRun {
  const { blockFrames } = peer;
  const output = input.slice(0, input.length - (input.length % blockFrames));
  const blockMs: number[] = [];
  for (let start = 0; start < output.length; start += blockFrames) {
    const block = output.subarray(start, start + blockFrames);
    const before = performance.now();
    peer.process(block);
    blockMs.push(performance.now() - before);
  }
  return { blockFrames, blockMs, output };
}
