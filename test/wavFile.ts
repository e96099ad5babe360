import { open, readFile } from 'node:fs/promises';

export interface WavShape {
  sampleRate: number;
  channels: number;
  /** Of one sample; 32 and 64 are floating point when `float` is set. */
  bits: number;
  float?: boolean;
}

/** A little-endian number of 1, 2, 4 or 8 bytes. */
export function number(value: number, bytes: 1 | 2 | 4 | 8): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer.subarray(0, bytes);
}

/** A chunk, padded to an even length; its header may claim another size. */
export function chunk(id: string, body: Buffer, claimedBytes = body.length): Buffer {
  return Buffer.concat([Buffer.from(id, 'latin1'), number(claimedBytes, 4), body, Buffer.alloc(body.length % 2)]);
}

export function riff(chunks: Buffer[], id = 'RIFF'): Buffer {
  const body = Buffer.concat(chunks);
  return Buffer.concat([Buffer.from(id, 'latin1'), number(body.length + 4, 4), Buffer.from('WAVE', 'latin1'), body]);
}

export function formatChunk({ sampleRate, channels, bits, float = false }: WavShape, tag = float ? 3 : 1): Buffer {
  const frameBytes = (channels * bits) / 8;
  const rates = [number(sampleRate, 4), number(sampleRate * frameBytes, 4)];
  return chunk(
    'fmt ',
    Buffer.concat([number(tag, 2), number(channels, 2), ...rates, number(frameBytes, 2), number(bits, 2)]),
  );
}

/** The same as WAVE_FORMAT_EXTENSIBLE, with the channel mask of stereo. */
export function extensibleChunk(shape: WavShape): Buffer {
  const plain = formatChunk(shape, 0xfffe).subarray(8);
  const guidTail = Buffer.from('000000001000800000aa00389b71', 'hex');
  return chunk(
    'fmt ',
    Buffer.concat([
      plain,
      number(22, 2),
      number(shape.bits, 2),
      number(3, 4),
      number(shape.float ? 3 : 1, 2),
      guidTail,
    ]),
  );
}

/** Samples of −1..1, channels interleaved, as they lie in a file. */
export function encode(samples: Float32Array, { bits, float = false }: WavShape): Buffer {
  const bytes = bits / 8;
  const buffer = Buffer.alloc(samples.length * bytes);
  samples.forEach((sample, index) => {
    const at = index * bytes;
    if (float && bits === 64) buffer.writeDoubleLE(sample, at);
    else if (float) buffer.writeFloatLE(sample, at);
    else if (bits === 8) buffer.writeUInt8(Math.round(sample * 127) + 128, at);
    else buffer.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, bytes);
  });
  return buffer;
}

export function makeWav(samples: Float32Array, shape: WavShape): Buffer {
  return riff([formatChunk(shape), chunk('data', encode(samples, shape))]);
}

/** Writes a file of any length without holding it in memory: the same second of quiet noise again and again. */
export async function writeLongWav(path: string, seconds: number, shape: WavShape): Promise<void> {
  const second = encode(makeNoise(shape.sampleRate * shape.channels, 0.1), shape);
  const file = await open(path, 'w');
  await file.write(riff([formatChunk(shape), chunk('data', Buffer.alloc(0), seconds * second.length)]));
  for (let written = 0; written < seconds; written++) await file.write(second);
  await file.close();
}

/** Shape and samples of a WAV file of less than 4 GiB. */
export async function readWav(path: string): Promise<{ shape: WavShape; samples: Float32Array }> {
  const file = await readFile(path);
  const format = findChunk(file, 'fmt ');
  const data = findChunk(file, 'data');
  const tag = format.readUInt16LE(0) === 0xfffe ? format.readUInt16LE(24) : format.readUInt16LE(0);
  const bits = format.readUInt16LE(14);
  const float = tag === 3;
  const decode = (at: number): number => {
    if (float) return bits === 64 ? data.readDoubleLE(at) : data.readFloatLE(at);
    if (bits === 8) return (data.readUInt8(at) - 128) / 128;
    return data.readIntLE(at, bits / 8) / 2 ** (bits - 1);
  };
  const samples = Float32Array.from({ length: data.length / (bits / 8) }, (_, index) => decode((index * bits) / 8));
  return { shape: { sampleRate: format.readUInt32LE(4), channels: format.readUInt16LE(2), bits, float }, samples };
}

export function findChunk(file: Buffer, id: string): Buffer {
  for (let at = 12; at + 8 <= file.length;) {
    const bytes = file.readUInt32LE(at + 4);
    if (file.toString('latin1', at, at + 4) === id) return file.subarray(at + 8, at + 8 + bytes);
    at += 8 + bytes + (bytes % 2);
  }
  throw new Error(`There is no chunk ${id}.`);
}

/** A gliding harmonic series in syllables of a quarter second: the engine takes it for a voice. */
export function makeVoice(frames: number, sampleRate: number): Float32Array {
  let phase = 0;
  return Float32Array.from({ length: frames }, (_, frame) => {
    const seconds = frame / sampleRate;
    phase += (2 * Math.PI * (130 + 30 * Math.sin(2 * Math.PI * 1.3 * seconds))) / sampleRate;
    let sum = 0;
    for (let harmonic = 1; harmonic <= 20; harmonic++) sum += Math.sin(harmonic * phase) / harmonic;
    return 0.1 * Math.sin(Math.PI * 4 * seconds) ** 2 * sum;
  });
}

/** White noise of ±`peak`, the same for the same seed. */
export function makeNoise(count: number, peak: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 31 - 1) * peak;
  });
}
