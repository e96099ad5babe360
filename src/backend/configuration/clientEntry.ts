import { chmod, chown, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCollection } from 'yaml';
import { isJson } from '../../shared/isJson.js';
import { isRecord } from '../../shared/isRecord.js';
import { LimpidError } from '../../shared/errors.js';
import { writeWhole } from '../../main/writeWhole.js';
import type { StoredClientKey } from './clientKeys.js';
import { fullAccess } from './fields.js';
import { FileTextError, parseFileText } from './fileText.js';

const lookAgainMs = 50;

/** A client as it stands in `callers.clients` of the configuration file. */
export interface ClientEntry extends StoredClientKey {
  providers: Record<string, Record<string, number>>;
}

/** An entry for a new client. Without `providers` it may use every one, which the entry says by their names. */
export function createClientEntry(client: StoredClientKey, providers: ClientEntry['providers'] | null): ClientEntry {
  return { ...client, providers: providers ?? fullAccess() };
}

/**
 * Adds a client to the file, whole or not at all, one after the other: what else is in it stays, with its comments; so do its owner
 * and permissions. A file that does not exist is made, in JSON, for this user alone. Throws `server.client-exists`,
 * `server.file-invalid`, `server.file-odd`, `server.file-locked` (when others take longer than `waitMs`) or `server.file-unwritable`, and has changed nothing then.
 */
export async function addClientToFile(path: string, entry: ClientEntry, waitMs = 10_000): Promise<void> {
  try {
    const target = await realpath(path).catch(passOver('ENOENT', path));
    const lock = `${target}.lock`;
    await takeLock(lock, path, waitMs);
    try {
      await addClient(target, entry, path);
    } finally {
      await rm(lock, { force: true });
    }
  } catch (cause) {
    if (cause instanceof LimpidError) throw cause;
    const detail = (cause as NodeJS.ErrnoException).code ?? 'no reason was given';
    throw new LimpidError('server.file-unwritable', { path, detail }, { cause });
  }
}

/** A file that only one process can make: whoever has made it may read and write the other. */
async function takeLock(lock: string, path: string, waitMs: number): Promise<void> {
  const startMs = performance.now();
  for (;;) {
    const isTaken = await writeFile(lock, '', { flag: 'wx' }).then(() => false, passOver('EEXIST', true));
    if (!isTaken) return;
    if (performance.now() - startMs > waitMs) throw new LimpidError('server.file-locked', { path, lock });
    await sleep(lookAgainMs);
  }
}

async function addClient(target: string, entry: ClientEntry, path: string): Promise<void> {
  const bytes = await readFile(target).catch(passOver('ENOENT', null));
  if (!bytes) return writeWhole(target, formatJson({ callers: { clients: [entry] } }), 0o600);
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  const { mode, uid, gid } = await stat(target);
  await writeWhole(target, insertClient(text, entry, path), mode & 0o600);
  await chmod(target, mode & 0o7777);
  // Only root may give a file away; whoever else may write here owns the new one.
  await chown(target, uid, gid).catch(() => undefined);
}

function insertClient(text: string, entry: ClientEntry, path: string): string {
  const document = parse(text, path);
  const value = (document.toJS() ?? {}) as unknown;
  const { callers = {} } = isRecord(value) ? value : { callers: null };
  const { clients = [] } = isRecord(callers) ? callers : { clients: null };
  if (!isRecord(value) || !isRecord(callers) || !Array.isArray(clients)) {
    throw new LimpidError('server.file-odd', { path });
  }
  if (clients.some((client) => isRecord(client) && client['name'] === entry.name)) {
    throw new LimpidError('server.client-exists', { name: entry.name, path });
  }
  // YAML would write JSON in lines of its own kind.
  if (isJson(text)) return formatJson({ ...value, callers: { ...callers, clients: [...clients, entry] } });
  const list = ['callers', 'clients'];
  if (document.hasIn(list)) document.addIn(list, document.createNode(entry));
  else document.setIn(list, document.createNode([entry]));
  // In lines of their own; inside braces, the new entry would share one with all others.
  for (const place of [[], ['callers'], list]) {
    const node = document.getIn(place);
    if (isCollection(node)) node.flow = false;
  }
  return document.toString({ lineWidth: 0 });
}

function parse(text: string, path: string): ReturnType<typeof parseFileText> {
  try {
    return parseFileText(text);
  } catch (error) {
    if (!(error instanceof FileTextError)) throw error;
    const { code, line, column } = error;
    throw new LimpidError('server.file-invalid', { path, line, column, detail: code });
  }
}

const formatJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Takes one error of the file system for an answer. */
const passOver =
  <Value>(code: string, value: Value) =>
  (error: NodeJS.ErrnoException): Value => {
    if (error.code !== code) throw error;
    return value;
  };
