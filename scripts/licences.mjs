// @ts-check
// `npm run licences`: every package that reaches other people, its licence and where it is; fails when THIRD_PARTY.md is not right.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { listShipped } from './lib/shipped-packages.mjs';
import { checkThirdParty } from './lib/third-party.mjs';

const shipped = await listShipped();
const complaints = checkThirdParty(readFileSync(join(root, 'THIRD_PARTY.md'), 'utf8'), shipped);

if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ packages: shipped, complaints }, null, 2)}\n`);
} else {
  const width = Math.max(...shipped.map(({ name, version }) => `${name} ${version}`.length));
  for (const { name, version, licence, parts } of shipped) {
    process.stdout.write(`${`${name} ${version}`.padEnd(width)}  ${licence.padEnd(14)}  ${parts.join(', ')}\n`);
  }
  process.stdout.write(`\n${shipped.length} packages\n`);
}
for (const complaint of complaints) process.stderr.write(`licences: ${complaint}\n`);
process.exitCode = complaints.length > 0 ? 1 : 0;
