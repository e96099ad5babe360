import { isSoundName } from '../view/filesView.js';

/** Files to add, and how many of the folders were no sound or could not be read. */
export interface Gathered {
  files: File[];
  leftOut: number;
  unread: number;
}

/**
 * Looks through what was dropped: files as they are, of folders what sounds. Must be called within the event, for what was
 * dropped is out of reach later.
 */
export function gatherDropped({ items, files }: DataTransfer, hasFfmpeg: boolean): Promise<Gathered> {
  const dropped = [...items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
    .filter((each) => each !== null);
  return gather(dropped.length > 0 ? dropped : [...files], hasFfmpeg);
}

/** What sounds of the files of a folder that was picked. */
export function gatherPicked(files: readonly File[], hasFfmpeg: boolean): Gathered {
  const sounds = files.filter(({ name }) => isSoundName(name, hasFfmpeg));
  return { files: sounds, leftOut: files.filter(({ name }) => !isHidden(name)).length - sounds.length, unread: 0 };
}

const isHidden = (name: string) => name.startsWith('.');
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function gather(dropped: readonly (File | FileSystemEntry)[], hasFfmpeg: boolean): Promise<Gathered> {
  const gathered: Gathered = { files: [], leftOut: 0, unread: 0 };
  const read = async (entry: FileSystemEntry, isChosen: boolean): Promise<void> => {
    if (isFolder(entry)) {
      for (const each of (await readFolder(entry)).toSorted(byName)) await tryToRead(each, false);
      return;
    }
    if (isChosen || isSoundName(entry.name, hasFfmpeg))
      gathered.files.push(await readFile(entry as FileSystemFileEntry));
    else if (!isHidden(entry.name)) gathered.leftOut += 1;
  };
  const tryToRead = (entry: FileSystemEntry, isChosen: boolean) =>
    read(entry, isChosen).catch(() => void (gathered.unread += 1));

  for (const each of dropped) {
    if (each instanceof File) gathered.files.push(each);
    else await tryToRead(each, true);
  }
  return gathered;
}

const byName = (one: FileSystemEntry, other: FileSystemEntry) => one.name.localeCompare(other.name);

const readFile = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));

/** A reader hands out a hundred at a time, and nothing at the end. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}
