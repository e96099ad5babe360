import { Option, type Command } from 'commander';
import { describeCeilings } from '../../backend/configuration/ceilings.js';
import { addClientToFile, createClientEntry, type ClientEntry } from '../../backend/configuration/clientEntry.js';
import { createClientKey } from '../../backend/configuration/clientKeys.js';
import { access } from '../../backend/configuration/fields.js';
import { providerIds } from '../../backend/providers/provider.js';
import { LimpidError } from '../../shared/errors.js';
import { jsonOption } from '../options.js';
import { log, printJson, printLine } from '../output.js';

type Providers = ClientEntry['providers'];

interface AddClientOptions {
  provider?: Providers;
  config?: string;
  print?: boolean;
  json?: boolean;
}

/** Adds `add-client` to the token backend. */
export function registerAddClient(backend: Command): void {
  backend
    .command('add-client')
    .argument('<name>', 'who will use the key, such as front-desk')
    .description('Make a client key, print it once, and enter its hash in the configuration file.')
    .addOption(
      new Option(
        '--provider <id[:field=max,…]>',
        `one that the client may use, and its ceilings; may be repeated (all of ${providerIds.join(', ')})`,
      ).argParser(collectProvider),
    )
    .addOption(new Option('--config <file>', 'configuration file (also LIMPID_TOKENS_CONFIG)'))
    .option('--print', 'change no file: print the entry to paste into “clients” of “callers”')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
The key is printed once and stored nowhere: the file has its SHA-256. Without a file the entry is printed, as with --print:
the first line on standard output is the key, the others are the entry. To withdraw a key, remove its entry. A server that
runs takes up either by SIGHUP.

Examples:
  limpid backend add-client front-desk --config backend.json
  limpid backend add-client kiosk --provider ai-coustics --provider soniox:expires_in_seconds=300 --print

JSON: { "key", "client", "path" }; path is null when no file was changed`,
    )
    .action(addClient);
}

async function addClient(given: string, { provider, config, print, json }: AddClientOptions): Promise<void> {
  const name = given.trim();
  if (!/^\P{C}{1,100}$/u.test(name)) throw new LimpidError('usage.client-name');
  const path = print ? null : (config ?? (process.env['LIMPID_TOKENS_CONFIG'] || null));
  const { key, client } = createClientKey(name);
  const entry = createClientEntry(client, provider ?? null);
  if (path !== null) await addClientToFile(path, entry);

  if (json) return printJson({ key, client: entry, path });
  if (path === null) {
    log('The key, which is shown this once, and its entry for “clients” of “callers” in the configuration file:');
    printLine(key);
    return printLine(JSON.stringify(entry, null, 2));
  }
  log(`Entered in ${path}. The key, which is shown this once:`);
  printLine(key);
}

/** Adds one `id[:field=max,…]` to those before it. */
function collectProvider(value: string, before: Providers = {}): Providers {
  const [given = '', ...rest] = value.split(':');
  const id = providerIds.find((each) => each === given);
  if (!id || rest.length > 1) throw new LimpidError('usage.provider', { value, providers: providerIds.join(', ') });
  if (before[id]) throw new LimpidError('usage.provider-twice', { provider: id });
  const ceilings: Record<string, number> = {};
  for (const pair of rest[0]?.split(',') ?? []) {
    const [, field = '', max = ''] = /^(\w+)=(\d{1,9})$/.exec(pair) ?? [];
    if (Object.hasOwn(ceilings, field)) throw new LimpidError('usage.ceiling-twice', { provider: id, field });
    if (field === '' || !access.safeParse({ [id]: { [field]: Number(max) } }).success) {
      throw new LimpidError('usage.ceiling', { provider: id, value: pair, allowed: describeCeilings(id) });
    }
    ceilings[field] = Number(max);
  }
  return { ...before, [id]: ceilings };
}
