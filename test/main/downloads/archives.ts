import { crc32, deflateRawSync, gzipSync } from 'node:zlib';

/** One entry of an archive made here. Nothing is checked: hostile archives are what this is for. */
export interface ArchiveEntry {
  path: string;
  data?: Buffer | string;
  /** Of tar: `0` file, `1` hard link, `2` symbolic link, `3` and `4` devices, `5` folder, `6` pipe. */
  type?: string;
  linkTo?: string;
  /** Of zip: the Unix mode with the type bits. */
  mode?: number;
  /** What the header says instead of the true size. */
  claimedBytes?: number;
}

const bytesOf = (data: Buffer | string | undefined): Buffer => Buffer.from(data ?? '');

/** A tar archive in the ustar format, compressed. */
export function makeTarGz(entries: ArchiveEntry[], { end = true }: { end?: boolean } = {}): Buffer {
  const blocks = entries.flatMap((entry) => {
    const data = bytesOf(entry.data);
    return [tarHeader(entry, data.length), data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return gzipSync(Buffer.concat(end ? [...blocks, Buffer.alloc(1024)] : blocks));
}

function tarHeader({ path, type = '0', linkTo = '', claimedBytes }: ArchiveEntry, bytes: number): Buffer {
  const header = Buffer.alloc(512);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(path, 0, 100);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(claimedBytes ?? bytes, 11), 124);
  header.write(octal(0, 11), 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(linkTo, 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** A zip archive as made on Unix. */
export function makeZip(entries: ArchiveEntry[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { path, data, mode = 0o100_644, claimedBytes } of entries) {
    const plain = bytesOf(data);
    const packed = deflateRawSync(plain);
    const name = Buffer.from(path);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claimedBytes ?? plain.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, rest, name]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
