import { chmod, chown, readFile, realpath, stat } from 'node:fs/promises';
import { LimpidError } from '../../shared/errors.js';
import { writeWhole } from '../../main/writeWhole.js';
import type { StoredClientKey } from './clientKeys.js';
import { fullAccess } from './fields.js';
import { JsonTextError, readJsonText, type JsonNode } from './jsonText.js';
import { isRecord } from './sources.js';

/** A client as it stands in `callers.clients` of the configuration file. */
export interface ClientEntry extends StoredClientKey {
  providers: Record<string, Record<string, number>>;
}

/** An entry for a new client. Without `providers` it may use every one, which the entry says by their names. */
export function createClientEntry(client: StoredClientKey, providers: ClientEntry['providers'] | null): ClientEntry {
  return { ...client, providers: providers ?? fullAccess() };
}

/**
 * Adds a client to the file, whole or not at all: what else is in it stays as it is, so do its owner and permissions; a file that
 * does not exist is made for this user alone. Throws `server.client-exists`, `server.file-not-json`, `server.file-odd` or
 * `server.file-unwritable`, and has changed nothing then.
 */
export async function addClientToFile(path: string, entry: ClientEntry): Promise<void> {
  try {
    const target = await realpath(path).catch(passOver('ENOENT', path));
    const text = await readFile(target, 'utf8').catch(passOver('ENOENT', null));
    if (text === null)
      return await writeWhole(target, `${JSON.stringify({ callers: { clients: [entry] } }, null, 2)}\n`, 0o600);
    const { mode, uid, gid } = await stat(target);
    await writeWhole(target, insertClient(text, entry, path), mode & 0o600);
    await chmod(target, mode & 0o7777);
    // Only root may give a file away; whoever else may write here owns the new one.
    await chown(target, uid, gid).catch(() => undefined);
  } catch (cause) {
    if (cause instanceof LimpidError) throw cause;
    const detail = (cause as NodeJS.ErrnoException).code ?? 'no reason was given';
    throw new LimpidError('server.file-unwritable', { path, detail }, { cause });
  }
}

function insertClient(text: string, entry: ClientEntry, path: string): string {
  const root = read(text, path);
  const callers = root.members?.get('callers');
  const clients = callers?.members?.get('clients');
  if (!root.members || (callers && !callers.members) || (clients && !clients.items)) {
    throw new LimpidError('server.file-odd', { path });
  }
  const others = (clients?.items ?? []).map(({ value }) => value).filter(isRecord);
  if (others.some(({ name }) => name === entry.name)) {
    throw new LimpidError('server.client-exists', { name: entry.name, path });
  }
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  const changed = clients?.items ? insertItem(text, clients as Required<JsonNode>, entry, unit) : null;
  if (changed !== null) return changed.replaceAll(/\r?\n/g, lineEnd);
  const value = root.value as Record<string, unknown>;
  const whole = { ...value, callers: { ...(callers?.value as object | undefined), clients: [entry] } };
  return `${JSON.stringify(whole, null, unit)}\n`.replaceAll('\n', lineEnd);
}

/** Puts an item behind the last one of an array, indented like it. */
function insertItem(text: string, { items, start, end }: Required<JsonNode>, item: unknown, unit: string): string {
  const last = items.at(-1);
  const outer = indentAt(text, start);
  const indent = last && text.slice(start, last.start).includes('\n') ? indentAt(text, last.start) : outer + unit;
  const lines = JSON.stringify(item, null, unit).replaceAll('\n', `\n${indent}`);
  if (last) return `${text.slice(0, last.end)},\n${indent}${lines}${text.slice(last.end)}`;
  return `${text.slice(0, start)}[\n${indent}${lines}\n${outer}]${text.slice(end)}`;
}

/** The white space that the line of an offset begins with. */
function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

function read(text: string, path: string): JsonNode {
  try {
    return readJsonText(text);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    throw new LimpidError('server.file-not-json', { path, line: error.line, column: error.column });
  }
}

/** Takes one error of the file system for an answer. */
const passOver =
  <Value>(code: string, value: Value) =>
  (error: NodeJS.ErrnoException): Value => {
    if (error.code !== code) throw error;
    return value;
  };
