const rate = 48_000;

/** Beeps of 60 ms every 120 ms, half the full amplitude, at 48 kHz: a steady tone would be taken for feedback. */
export function beepsOf(frequencyHz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, n) => {
    const isOn = n % (0.12 * rate) < 0.06 * rate;
    return isOn ? 0.5 * Math.sin((2 * Math.PI * frequencyHz * n) / rate) : 0;
  });
}

/** The largest amplitude of a tone in pieces of 20 ms (Goertzel's algorithm); 0 for a signal shorter than that. */
export function toneAmplitude(samples: Float32Array, frequencyHz: number): number {
  return Math.max(0, ...piecesOf(samples).map((piece) => pieceAmplitude(piece, frequencyHz)));
}

/**
 * The largest amplitude of another frequency where the tone fills a piece. A piece that cuts a beep spreads about
 * 1 / (π · 20 ms · distance) of it to a frequency at that distance, which says nothing about the sound.
 */
export function amplitudeBesideTone(samples: Float32Array, toneHz: number, otherHz: number): number {
  const whole = 0.98 * toneAmplitude(samples, toneHz);
  const filled = piecesOf(samples).filter((piece) => pieceAmplitude(piece, toneHz) >= whole);
  return Math.max(...filled.map((piece) => pieceAmplitude(piece, otherHz)));
}

function piecesOf(samples: Float32Array): Float32Array[] {
  const pieceFrames = rate / 50;
  return Array.from({ length: Math.floor(samples.length / pieceFrames) }, (_, index) =>
    samples.subarray(index * pieceFrames, (index + 1) * pieceFrames),
  );
}

function pieceAmplitude(piece: Float32Array, frequencyHz: number): number {
  const angle = (2 * Math.PI * frequencyHz) / rate;
  let last = 0;
  let beforeLast = 0;
  for (const sample of piece) {
    const next = sample + 2 * Math.cos(angle) * last - beforeLast;
    beforeLast = last;
    last = next;
  }
  const power = last * last + beforeLast * beforeLast - 2 * Math.cos(angle) * last * beforeLast;
  return (2 * Math.sqrt(Math.max(0, power))) / piece.length;
}
