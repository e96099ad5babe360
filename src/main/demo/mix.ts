/** Length of one analysis frame: 20 ms. */
const frameSeconds = 0.02;
/** A frame is speech when it is less than this far below the loudest frame. */
const activeRangeDb = 35;

/** For each whole 20 ms frame of a clean voice: does it hold speech (within 35 dB of the loudest frame)? */
export function speechActivity(clean: Float32Array, sampleRate: number): boolean[] {
  const energies = frameEnergies(clean, Math.round(frameSeconds * sampleRate));
  const loudest = energies.reduce((most, energy) => Math.max(most, energy), 0);
  const threshold = loudest * 10 ** (-activeRangeDb / 10);
  return energies.map((energy) => energy > 0 && energy >= threshold);
}

export interface Mixture {
  noisy: Float32Array;
  /** The noise as it was added: `noisy` = clean + `noise`. */
  noise: Float32Array;
}

/** Adds `noise` to a clean voice so that the ratio of their energies over the speech-active frames is `snrDb`. */
export function mixAtSnr(clean: Float32Array, noise: Float32Array, snrDb: number, sampleRate: number): Mixture {
  if (noise.length < clean.length) throw new RangeError('The noise is shorter than the voice.');
  const frameLength = Math.round(frameSeconds * sampleRate);
  const active = speechActivity(clean, sampleRate);
  const activeEnergy = (samples: Float32Array): number =>
    frameEnergies(samples, frameLength).reduce((sum, energy, index) => (active[index] ? sum + energy : sum), 0);
  const gain = Math.sqrt(activeEnergy(clean) / activeEnergy(noise.subarray(0, clean.length)) / 10 ** (snrDb / 10));
  const scaled = noise.subarray(0, clean.length).map((sample) => sample * gain);
  return { noise: scaled, noisy: clean.map((sample, index) => sample + scaled[index]!) };
}

/** Energy of each whole frame of `frameLength` samples. */
export function frameEnergies(samples: Float32Array, frameLength: number): number[] {
  const energies: number[] = [];
  for (let start = 0; start + frameLength <= samples.length; start += frameLength) {
    let energy = 0;
    for (let index = start; index < start + frameLength; index++) energy += samples[index]! * samples[index]!;
    energies.push(energy);
  }
  return energies;
}
