import type { Command } from 'commander';
import { checks } from '../../main/diagnostics/index.js';
import { runCheck, type CheckResult } from '../../main/diagnostics/check.js';
import { jsonOption } from '../options.js';
import { log, printJson, printLine } from '../output.js';

/** Adds `limpid doctor`. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('Check what a live voice needs, and say how to mend what is missing.')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Marks: ✓ well, – optional and absent, ✗ needed and missing (then the exit code is 1).
JSON: { "checks": [{ "id", "ok", "required", "detail", "fix" }] }`,
    )
    .action(diagnose);
}

async function diagnose({ json = false }: { json?: boolean }): Promise<void> {
  const print = json ? log : printLine;
  const results: CheckResult[] = [];
  for await (const result of checks.map(runCheck)) {
    results.push(result);
    print(formatResult(results.length, result));
  }
  if (json) printJson({ checks: results });
  if (results.some(({ ok, required }) => required && !ok)) process.exitCode = 1;
}

function formatResult(number: number, { id, ok, required, detail, fix }: CheckResult): string {
  const mark = ok ? '✓' : required ? '✗' : '–';
  const line = `${String(number).padStart(2)} ${mark} ${id.padEnd(22)} ${detail}`;
  return fix ? `${line}\n${' '.repeat(28)}${fix}` : line;
}
