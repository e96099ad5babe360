import { readFile } from 'node:fs/promises';
import type { ConfigurationProblem } from './problems.js';
import { variableEntries, type SecretName, type VariableName } from './variables.js';

const maxSecretBytes = 64_000;

/** The secrets that were given, each with the variable it came by. */
export type Secrets = Partial<Record<SecretName, { text: string; where: string }>>;

/** Reads every secret, by variable or by file, and says what is wrong with the others. */
export async function readSecrets(variables: NodeJS.ProcessEnv, problems: ConfigurationProblem[]): Promise<Secrets> {
  const secrets: Secrets = {};
  for (const [name, { isSecret }] of variableEntries) {
    if (!isSecret) continue;
    const secret = await readSecret(name, variables, problems);
    if (secret) secrets[name as SecretName] = secret;
  }
  return secrets;
}

async function readSecret(
  name: VariableName,
  variables: NodeJS.ProcessEnv,
  problems: ConfigurationProblem[],
): Promise<{ text: string; where: string } | null> {
  const fileName = `${name}_FILE`;
  const direct = variables[name];
  const path = variables[fileName];
  if (direct !== undefined && path !== undefined) {
    problems.push({ where: fileName, problem: `is set together with ${name}: remove one of them` });
    return null;
  }
  const where = path === undefined ? name : fileName;
  const text = path === undefined ? direct : await readSecretFile(path, fileName, problems);
  // An empty variable has been named already.
  if (text === undefined || text === null || (path === undefined && text.trim() === '')) return null;
  if (text.trim() === '') problems.push({ where, problem: 'names an empty file: write the secret into it' });
  else if (!/^[!-~]+$/.test(text)) {
    problems.push({
      where,
      problem: 'holds spaces, line breaks or other characters that no secret has: copy it again',
    });
  } else return { text, where };
  return null;
}

async function readSecretFile(path: string, where: string, problems: ConfigurationProblem[]): Promise<string | null> {
  if (path.trim() === '') {
    problems.push({ where, problem: 'is empty: give the path of a file, or remove it' });
    return null;
  }
  try {
    const bytes = await readFile(path);
    if (bytes.length > maxSecretBytes) throw new Error('too large');
    return bytes.toString('utf8').replace(/[\r\n]+$/, '');
  } catch (error) {
    problems.push(describeUnreadable(where, error));
    return null;
  }
}

/** Without the path that was tried: someone may have given a key where its file was meant. */
export function describeUnreadable(where: string, error: unknown): ConfigurationProblem {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { where, problem: 'names a file that does not exist: give the path of one' };
    case 'EACCES':
    case 'EPERM':
      return { where, problem: 'names a file that this user may not read: change its owner or permissions' };
    case 'EISDIR':
      return { where, problem: 'names a folder: give the path of a file in it' };
    default:
      return {
        where,
        problem: 'names a file that cannot be used: it must be a plain text file in UTF-8 of ordinary size',
      };
  }
}
