import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { makePolicySchema } from './lib/policySchema.js';

/** Writes docs/policy.schema.json from the schema that Limpid itself reads the policy with: `npm run policy:schema`. */
const path = join(import.meta.dirname, '..', 'docs', 'policy.schema.json');
const text = await format(JSON.stringify(makePolicySchema()), { ...(await resolveConfig(path)), parser: 'json' });
writeFileSync(path, text);
process.stderr.write(`Written: ${path}\n`);
