import { parseProxyUrl } from './auth/backendRules.js';

const credentialVariable = 'LIMPID_BACKEND_CREDENTIAL';
const proxyVariables: ReadonlySet<string> = new Set(['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY']);

/**
 * Variables that are fit for others: without the credential, and with proxies that have no login (a proxy that is no address is left
 * out, for what stands in it nobody knows).
 */
export function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { changes } = findSecrets(environment);
  return { ...environment, ...changes };
}

/**
 * Takes the secrets out of these variables for good, and returns what they were: by the names they have here. Electron sends the
 * variables of its process to every page's preload, and what it opens inherits them.
 */
export function takeSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { changes, taken } = findSecrets(environment);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete environment[name];
    else environment[name] = value;
  }
  return taken;
}

function findSecrets(environment: NodeJS.ProcessEnv): { changes: NodeJS.ProcessEnv; taken: NodeJS.ProcessEnv } {
  const changes: NodeJS.ProcessEnv = {};
  const taken: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(environment)) {
    if (!value) continue;
    const left = withoutSecret(name.toUpperCase(), value);
    if (left === value) continue;
    changes[name] = left;
    taken[name] = value;
  }
  return { changes, taken };
}

/** What may stay of a variable; undefined: nothing. */
function withoutSecret(name: string, value: string): string | undefined {
  if (name === credentialVariable) return undefined;
  if (!proxyVariables.has(name) || !value.includes('@')) return value;
  try {
    const proxy = parseProxyUrl(value.trim());
    // Else the login stands where an address has something else, and parts of it would be left.
    return proxy.username || proxy.password ? `${proxy.protocol}//${proxy.host}` : undefined;
  } catch {
    return undefined;
  }
}
