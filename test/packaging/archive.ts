import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Entry {
  files?: Record<string, Entry>;
  /** Of a file inside the archive: where it begins behind the header, in decimal digits. */
  offset?: string;
  size?: number;
  /** It lies beside the archive, in `….unpacked`. */
  unpacked?: boolean;
}

export interface Archive {
  /** Paths of all files, those beside it included. */
  files: string[];
  /** What a file holds, wherever it lies. */
  read(path: string): Buffer;
  /** SHA-256 of the header is what Electron compares: the text of the header. */
  header: string;
}

/** Reads an asar archive: at byte 12 the length of its header, then that header, JSON, then the files one after the other. */
export function openArchive(path: string): Archive {
  const archive = readFileSync(path);
  const header = archive.toString('utf8', 16, 16 + archive.readUInt32LE(12));
  const begin = 8 + archive.readUInt32LE(4);
  const entries = new Map(walk(JSON.parse(header) as Entry, ''));
  return {
    files: [...entries.keys()],
    header,
    read(name) {
      const { offset = '0', size = 0, unpacked = false } = entries.get(name) ?? fail(name);
      if (unpacked) return readFileSync(join(`${path}.unpacked`, name));
      return archive.subarray(begin + Number(offset), begin + Number(offset) + size);
    },
  };
}

function fail(name: string): never {
  throw new Error(`There is no ${name} in the archive.`);
}

function walk(entry: Entry, prefix: string): [string, Entry][] {
  if (!entry.files) return [[prefix, entry]];
  return Object.entries(entry.files).flatMap(([name, child]) => walk(child, prefix ? `${prefix}/${name}` : name));
}

/** Lays all files out in a folder, as if there were no archive. */
export function extractArchive({ files, read }: Archive, folder: string): void {
  for (const name of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, read(name));
  }
}
