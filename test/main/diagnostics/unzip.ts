import { fromBufferPromise } from 'yauzl';

/** Everything in a zip file, as text, by name. */
export async function unzip(archive: Buffer): Promise<Map<string, string>> {
  const file = await fromBufferPromise(archive);
  const texts = new Map<string, string>();
  for await (const entry of file.eachEntry()) {
    const stream = await file.openReadStreamPromise(entry);
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(Buffer.from(piece as Uint8Array));
    texts.set(entry.fileName, Buffer.concat(pieces).toString());
  }
  return texts;
}
