import { readFile, writeFile } from 'node:fs/promises';

export interface MonoSound {
  samples: Float32Array;
  sampleRate: number;
}

/** Reads a small WAV of 16-bit or 32-bit float samples; channels are averaged. Throws on anything else. Any real file goes through the native reader. */
export async function readMonoWav(path: string): Promise<MonoSound> {
  const bytes = await readFile(path);
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE') {
    throw new Error(`${path} is not a WAV file.`);
  }
  let format: { kind: number; channels: number; sampleRate: number; bits: number } | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const id = bytes.toString('latin1', at, at + 4);
    const size = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + size));
    if (id === 'fmt ') format = readFormat(body);
    if (id === 'data' && format) return { samples: readSamples(body, format), sampleRate: format.sampleRate };
    at += 8 + size + (size % 2);
  }
  throw new Error(`${path} holds no samples.`);
}

/** Writes a mono WAV of 32-bit float samples. */
export async function writeMonoWav(path: string, { samples, sampleRate }: MonoSound): Promise<void> {
  const dataBytes = samples.length * 4;
  const bytes = Buffer.alloc(44 + dataBytes);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(36 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(formatFloat, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(sampleRate, 24);
  bytes.writeUInt32LE(sampleRate * 4, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(32, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(dataBytes, 40);
  samples.forEach((sample, index) => bytes.writeFloatLE(sample, 44 + index * 4));
  await writeFile(path, bytes);
}

const formatInteger = 1;
const formatFloat = 3;
const formatExtensible = 0xfffe;

function readFormat(body: Buffer): { kind: number; channels: number; sampleRate: number; bits: number } {
  const kind = body.readUInt16LE(0);
  return {
    kind: kind === formatExtensible ? body.readUInt16LE(24) : kind,
    channels: body.readUInt16LE(2),
    sampleRate: body.readUInt32LE(4),
    bits: body.readUInt16LE(14),
  };
}

function readSamples(body: Buffer, format: { kind: number; channels: number; bits: number }): Float32Array {
  const read = sampleReader(body, format);
  const { channels } = format;
  const frames = Math.floor(body.length / (channels * (format.bits / 8)));
  return Float32Array.from({ length: frames }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(frame * channels + channel);
    return sum / channels;
  });
}

function sampleReader(body: Buffer, format: { kind: number; bits: number }): (index: number) => number {
  if (format.kind === formatInteger && format.bits === 16) return (index) => body.readInt16LE(index * 2) / 32768;
  if (format.kind === formatFloat && format.bits === 32) return (index) => body.readFloatLE(index * 4);
  throw new Error(`WAV format ${format.kind} with ${format.bits} bits is not read here.`);
}
