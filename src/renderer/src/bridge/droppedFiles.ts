import { isNameOfResult } from '../../../shared/namePattern.js';
import { isSoundName } from '../view/filesView.js';

/** Files to add, and how many of the folders were no sound, results beside their originals, or could not be read. */
export interface Gathered {
  files: File[];
  leftOut: number;
  results: number;
  unread: number;
}

/** What of a folder is to be added. */
export interface FolderRules {
  /** Without it, only WAV files sound. */
  hasFfmpeg: boolean;
  /** How results are named. */
  pattern: string;
}

/** Files as they were chosen, one by one. */
export const chosenFiles = (files: readonly File[]): Gathered => ({
  files: [...files],
  leftOut: 0,
  results: 0,
  unread: 0,
});

/**
 * Looks through what was dropped: files as they are, of folders what sounds. Must be called within the event, for what was
 * dropped is out of reach later.
 */
export function gatherDropped({ items, files }: DataTransfer, rules: FolderRules): Promise<Gathered> {
  const dropped = [...items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
    .filter((each) => each !== null);
  return gather(dropped.length > 0 ? dropped : [...files], rules);
}

/** What sounds of the files of a folder that was picked. */
export function gatherPicked(files: readonly File[], { hasFfmpeg, pattern }: FolderRules): Gathered {
  const sounds = files.filter(({ name }) => isSoundName(name, hasFfmpeg));
  const namesByFolder = new Map<string, Set<string>>();
  for (const file of sounds) {
    const names = namesByFolder.get(folderOf(file)) ?? new Set();
    namesByFolder.set(folderOf(file), names.add(file.name));
  }
  const added = sounds.filter(
    (file) => !isNameOfResult(file.name, pattern, namesByFolder.get(folderOf(file)) ?? new Set()),
  );
  return {
    files: added,
    leftOut: files.filter(({ name }) => !isHidden(name)).length - sounds.length,
    results: sounds.length - added.length,
    unread: 0,
  };
}

const folderOf = ({ name, webkitRelativePath }: File) => webkitRelativePath.slice(0, -name.length);

const isHidden = (name: string) => name.startsWith('.');
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

async function gather(
  dropped: readonly (File | FileSystemEntry)[],
  { hasFfmpeg, pattern }: FolderRules,
): Promise<Gathered> {
  const gathered = chosenFiles([]);
  /** @param names of the files beside it; null: it was chosen by itself */
  const read = async (entry: FileSystemEntry, names: ReadonlySet<string> | null): Promise<void> => {
    if (isFolder(entry)) {
      const entries = (await readFolder(entry)).toSorted(byName);
      const beside = new Set(entries.map(({ name }) => name));
      for (const each of entries) await tryToRead(each, beside);
    } else if (names && !isSoundName(entry.name, hasFfmpeg)) {
      if (!isHidden(entry.name)) gathered.leftOut += 1;
    } else if (names && isNameOfResult(entry.name, pattern, names)) {
      gathered.results += 1;
    } else {
      gathered.files.push(await readFile(entry as FileSystemFileEntry));
    }
  };
  const tryToRead = (entry: FileSystemEntry, names: ReadonlySet<string> | null) =>
    read(entry, names).catch(() => void (gathered.unread += 1));

  for (const each of dropped) {
    if (each instanceof File) gathered.files.push(each);
    else await tryToRead(each, null);
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
