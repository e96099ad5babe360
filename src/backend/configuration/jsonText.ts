/** A JSON value with its place in the text, so that a file can be changed without being formatted anew. */
export interface JsonNode {
  value: unknown;
  /** Offsets in the text: [start, end). */
  start: number;
  end: number;
  /** Of an object: the last member of each name, as JSON.parse takes it. */
  members?: Map<string, JsonNode>;
  /** Of an array. */
  items?: JsonNode[];
}

/** The text is no JSON from this place on. Unlike JSON.parse's error, it quotes nothing of the text. */
export class JsonTextError extends Error {
  override readonly name = 'JsonTextError';

  /** Both count from 1. `repeatedName`: a name stands twice in one object, here for the second time. */
  constructor(
    readonly line: number,
    readonly column: number,
    readonly isRepeatedName: boolean,
  ) {
    super(`${isRepeatedName ? 'name used twice' : 'no JSON'} at line ${line}, column ${column}`);
  }
}

const space = /[ \t\r\n]*/y;
const scalar =
  /"(?:[ !#-[\]-\uffff]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const maxDepth = 50;

/** Reads a whole JSON text; a byte order mark is skipped. Throws `JsonTextError`, also where a name stands twice in one object. */
export function readJsonText(text: string): JsonNode {
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  const fail = (offset: number, isRepeatedName = false): never => {
    const before = text.slice(0, offset).split('\n');
    throw new JsonTextError(before.length, (before.at(-1)?.length ?? 0) + 1, isRepeatedName);
  };
  const skipSpace = (): void => {
    space.lastIndex = at;
    space.exec(text);
    at = space.lastIndex;
  };
  const take = (character: string): boolean => {
    skipSpace();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const readScalar = (): JsonNode => {
    scalar.lastIndex = at;
    const token = scalar.exec(text)?.[0] ?? fail(at);
    const start = at;
    at += token.length;
    return { value: JSON.parse(token), start, end: at };
  };
  const readName = (): { name: string; start: number } => {
    skipSpace();
    const { value, start } = readScalar();
    if (typeof value !== 'string') return fail(start);
    if (!take(':')) fail(at);
    return { name: value, start };
  };
  const readObject = (start: number, depth: number): JsonNode => {
    const members = new Map<string, JsonNode>();
    at += 1;
    for (let isFirst = true; !take('}'); isFirst = false) {
      if (!isFirst && !take(',')) fail(at);
      const { name, start: nameStart } = readName();
      if (members.has(name)) fail(nameStart, true);
      members.set(name, readValue(depth + 1));
    }
    const value = Object.fromEntries([...members].map(([name, member]) => [name, member.value]));
    return { value, start, end: at, members };
  };
  const readArray = (start: number, depth: number): JsonNode => {
    const items: JsonNode[] = [];
    at += 1;
    for (let isFirst = true; !take(']'); isFirst = false) {
      if (!isFirst && !take(',')) fail(at);
      items.push(readValue(depth + 1));
    }
    return { value: items.map((item) => item.value), start, end: at, items };
  };
  const readValue = (depth: number): JsonNode => {
    skipSpace();
    if (depth > maxDepth) fail(at);
    if (text[at] === '{') return readObject(at, depth);
    if (text[at] === '[') return readArray(at, depth);
    return readScalar();
  };

  const node = readValue(0);
  skipSpace();
  if (at < text.length) fail(at);
  return node;
}
