import { Composer, isScalar, Lexer, LineCounter, Parser, visit, type CST, type Document } from 'yaml';

/** The text cannot be used from this place on. Nothing of it is quoted. */
export class FileTextError extends Error {
  override readonly name = 'FileTextError';

  /** `code`: what the package `yaml` calls it, or `ALIAS` or `TOO_DEEP`. Line and column count from 1. */
  constructor(
    readonly code: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`${code} at line ${line}, column ${column}`);
  }
}

/** What is open at one place of the text. The composer calls itself that deep, and a full stack may end the process. */
const maxDepth = 100;

/**
 * Reads a text of YAML 1.2 (core schema), which every JSON text is too. Throws `FileTextError`, also where a name stands twice in
 * one object, at a tag of another schema, at a second document, and at an alias: nothing is to grow beyond what was written.
 */
export function parseFileText(text: string): Document.Parsed {
  const lines = new LineCounter();
  const fail = (code: string, offset = 0): never => {
    const { line, col } = lines.linePos(offset);
    throw new FileTextError(code, line, col);
  };
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > maxDepth) fail('TOO_DEEP', parser.offset);
  }
  tokens.push(...parser.end());
  // The time of `uniqueKeys` grows with the square of the number of names: see below.
  const options = { schema: 'core', resolveKnownTags: false, stringKeys: true, uniqueKeys: false } as const;
  const [document, second] = new Composer(options).compose(tokens, true, text.length);
  const [fault] = [...document!.errors, ...document!.warnings];
  if (fault) fail(fault.code, fault.pos[0]);
  if (second) fail('MULTIPLE_DOCS', second.range[0]);
  visit(document!, {
    Alias: (_key, { range }) => fail('ALIAS', range?.[0]),
    Map: (_key, { items }) => {
      const names = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (names.has(key.value)) fail('DUPLICATE_KEY', key.range?.[0]);
        names.add(key.value);
      }
    },
  });
  return document!;
}
