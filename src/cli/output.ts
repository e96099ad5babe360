import { inspect } from 'node:util';
import { redact } from '../main/redact.js';
import { toErrorShape } from '../shared/messages/index.js';

/** Prints the one JSON object of `--json` on stdout. Nothing else may go there. */
export function printJson(value: object): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Prints what a person asked to see (a table, a summary) on stdout; never together with `--json`. */
export function printLine(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** Prints progress and states on stderr, which leaves stdout to the result. Secrets are hidden. */
export function log(line: string): void {
  process.stderr.write(`${redact(line)}\n`);
}

/**
 * Reports a failure as one line `CODE: what, and what to do` on stderr, and its stack when LIMPID_DEBUG is set.
 * Returns the exit code: 2 for a wrong command line, else 1.
 */
export function fail(error: unknown): 1 | 2 {
  const { code, message, hint } = toErrorShape(error);
  log(`${code}: ${message} ${hint}`.replaceAll(/\s+/g, ' '));
  if (process.env['LIMPID_DEBUG']) log(inspect(error));
  return code.startsWith('usage.') ? 2 : 1;
}

/** Lays rows out in columns under a header; columns named in `alignRight` hold numbers. */
export function formatTable(header: string[], rows: string[][], alignRight: string[] = []): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const formatRow = (row: string[]) =>
    header
      .map((title, column) => {
        const cell = row[column] ?? '';
        const width = widths[column] ?? 0;
        return alignRight.includes(title) ? cell.padStart(width) : cell.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [header, widths.map((width) => '─'.repeat(width)), ...rows].map(formatRow).join('\n');
}

/**
 * A line on stderr that is redrawn in place on a terminal and cut to its width. Elsewhere `update` prints nothing,
 * so that logs are not flooded.
 */
export class StatusLine {
  readonly isLive = process.stderr.isTTY === true;
  #shown = false;

  update(text: string): void {
    if (!this.isLive) return;
    this.#shown = true;
    process.stderr.write(`\r\x1b[2K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
  }

  clear(): void {
    if (!this.#shown) return;
    this.#shown = false;
    process.stderr.write('\r\x1b[2K');
  }
}
