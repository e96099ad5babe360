import { Option, type Command } from 'commander';
import { withLicensing } from '../../main/auth/withLicensing.js';
import { configOption, jsonOption } from '../options.js';
import { printJson, printLine } from '../output.js';

interface SignOutOptions {
  environment?: string;
  config?: string;
  json?: boolean;
}

/** Adds `limpid sign-out`. */
export function registerSignOut(program: Command): void {
  program
    .command('sign-out')
    .description('Sign out: forget the sign-in here, and tell the identity provider that it is over.')
    .addOption(new Option('--environment <name>', 'another backend than the one in use'))
    .addOption(configOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
What is kept here is forgotten also when the provider cannot be told; then the exit code is 1. A live voice goes on: what
runs gets no more tokens, and the built-in engine takes over when the last one ends.

JSON: { "environment", "account", "wasSignedIn" }`,
    )
    .action(signOut);
}

async function signOut({ environment: wanted, config, json = false }: SignOutOptions): Promise<void> {
  const report = await withLicensing(config, null, async ({ backend, signIn }) => {
    const { name } = wanted === undefined ? backend.requireActive() : backend.require(wanted);
    return { environment: name, ...(await signIn.end(name)) };
  });
  const { environment, account, wasSignedIn } = report;
  if (json) return printJson({ environment, account, wasSignedIn });
  if (!wasSignedIn) return printLine(`Nobody was signed in for ${environment}.`);
  printLine(`${account ?? 'You'} ${account === null ? 'are' : 'is'} signed out of ${environment}.`);
}
