/** One square picture; `size` in pixels. */
export interface IconPicture {
  size: number;
  png: Buffer;
}

/** Types of entries that hold PNG, by size; a size that is also the double of a smaller one stands twice. */
const icnsTypes: [type: string, size: number][] = [
  ['icp4', 16],
  ['icp5', 32],
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic13', 256],
  ['ic09', 512],
  ['ic14', 512],
  ['ic10', 1024],
];

/** An icon of macOS (Apple Icon Image): entries of four letters, big-endian length and PNG. Sizes that are missing are left out. */
export function packIcns(pictures: IconPicture[]): Buffer {
  const entries = icnsTypes.flatMap(([type, size]) => {
    const picture = pictures.find((candidate) => candidate.size === size);
    return picture ? [block(type, picture.png)] : [];
  });
  return block('icns', Buffer.concat(entries));
}

function block(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32BE(head.length + body.length, 4);
  return Buffer.concat([head, body]);
}

const icoHeadBytes = 6;
const icoEntryBytes = 16;

/** An icon of Windows with PNG inside, which Vista and later read; pictures of 256 pixels at most. */
export function packIco(pictures: IconPicture[]): Buffer {
  const head = Buffer.alloc(icoHeadBytes);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = icoHeadBytes + icoEntryBytes * pictures.length;
  const entries = pictures.map(({ size, png }) => {
    const entry = Buffer.alloc(icoEntryBytes);
    // One byte each, so 0 stands for 256.
    entry.writeUInt8(size % 256, 0);
    entry.writeUInt8(size % 256, 1);
    entry.writeUInt16LE(1, 4);
    entry.writeUInt16LE(32, 6);
    entry.writeUInt32LE(png.length, 8);
    entry.writeUInt32LE(offset, 12);
    offset += png.length;
    return entry;
  });
  return Buffer.concat([head, ...entries, ...pictures.map(({ png }) => png)]);
}
