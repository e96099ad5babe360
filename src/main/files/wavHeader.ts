import { open } from 'node:fs/promises';

const maxChunks = 64;

/** Frames a second of a WAV file, by its header; null where there is none that can be read. Never rejects. */
export async function readWavRate(path: string): Promise<number | null> {
  const file = await open(path).catch(() => null);
  if (!file) return null;
  try {
    const head = Buffer.alloc(16);
    for (let at = 12, chunks = 0; chunks < maxChunks; chunks += 1) {
      const { bytesRead } = await file.read(head, 0, 16, at);
      if (bytesRead < 16) return null;
      if (head.toString('latin1', 0, 4) === 'fmt ') return head.readUInt32LE(12) || null;
      const bytes = head.readUInt32LE(4);
      at += 8 + bytes + (bytes % 2);
    }
    return null;
  } catch {
    return null;
  } finally {
    await file.close().catch(() => undefined);
  }
}
