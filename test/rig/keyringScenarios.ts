import { execFileSync } from 'node:child_process';
import { writeFileSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { Credentials } from '../../src/main/auth/credentials.js';
import {
  keychainService,
  openKeychain,
  type Keychain,
  type KeychainOptions,
  type Keytar,
} from '../../src/main/auth/keychain.js';
import { openSettings } from '../../src/main/settings/settings.js';
import { toErrorShape } from '../../src/shared/messages/index.js';

/**
 * What a run of the app does with the keychain, played in a process of its own on a session bus of its own (see keyring.test.ts).
 * Started with the name of a scenario; prints what it saw as one line of JSON.
 */
const folder = process.env['LIMPID_TEST_FOLDER'] ?? '';
const settingsPath = join(folder, 'settings.json');
const secret = process.env['LIMPID_TEST_SECRET'] ?? '';
const keytar = createRequire(import.meta.url)('keytar') as Keytar;

interface Run {
  credentials: Credentials;
  keychain: Keychain;
  accounts(): string[];
  flush(): Promise<void>;
}

/** A run of the app: nothing is shared with the last one but settings file and keyring. */
async function begin(options: KeychainOptions = {}): Promise<Run> {
  const settings = await openSettings(settingsPath);
  const keychain = openKeychain(options);
  const credentials = new Credentials({ keychain, settings, environment: {} });
  return { credentials, keychain, accounts: () => [...settings.values.credentialAccounts], flush: settings.flush };
}

const outcomeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    (value) => (value === secret ? 'the secret' : (value ?? null)),
    (error: unknown) => toErrorShape(error),
  );

async function statusAfter(run: Run, work: Promise<unknown>) {
  const outcome = await outcomeOf(work);
  return { outcome, kind: run.credentials.kindOf('production'), keychain: run.credentials.keychain };
}

/** Calls a method on the session bus; resolves with what it answers. */
function callBus(service: string, path: string, method: string, argument: string): string {
  const target = ['--session', '--print-reply=literal', `--dest=${service}`, path, method, argument];
  return execFileSync('dbus-send', target, { encoding: 'utf8' }).trim();
}

function lockLoginCollection(): void {
  const path = '/org/freedesktop/secrets';
  const collection = `array:objpath:${path}/collection/login`;
  callBus('org.freedesktop.secrets', path, 'org.freedesktop.Secret.Service.Lock', collection);
}

/** The process that has this name on the session bus. */
function findPid(busName: string): number {
  const method = 'org.freedesktop.DBus.GetConnectionUnixProcessID';
  return Number(/\d+$/.exec(callBus('org.freedesktop.DBus', '/', method, `string:${busName}`))?.[0]);
}

async function listenSilently(): Promise<{ close(): void }> {
  const path = join(folder, 'silent-bus');
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on('error', () => undefined)));
  await new Promise<void>((listening) => void server.listen(path, listening));
  process.env['DBUS_SESSION_BUS_ADDRESS'] = `unix:path=${path}`;
  return {
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const becomes = (keychain: Keychain, state: string): Promise<void> =>
  new Promise((resolve) => {
    const look = (): void => void (keychain.status.state === state && resolve());
    keychain.onStatus(look);
    look();
  });

const scenarios: Record<string, () => Promise<unknown>> = {
  async saved() {
    const first = await begin();
    const set = await statusAfter(first, first.credentials.set('production', ` ${secret}\n`));
    const accounts = first.accounts();
    const second = await begin();
    const kindBefore = second.credentials.kindOf('production');
    const got = await statusAfter(second, second.credentials.get('production'));
    const none = await outcomeOf(second.credentials.get('staging'));
    const file = await readFile(settingsPath, 'utf8');
    const [account = ''] = accounts;
    const inKeyring = (await keytar.getPassword(keychainService, account)) === secret;
    const forgotten = await statusAfter(second, second.credentials.forget('production'));
    const isGone = (await keytar.getPassword(keychainService, account)) === null;
    return {
      set,
      accounts,
      kindBefore,
      got,
      none,
      hasSecretInFile: file.includes(secret),
      inKeyring,
      forgotten,
      isGone,
    };
  },

  async renamed() {
    const first = await begin();
    await first.credentials.set('production', secret);
    await first.credentials.rename('production', 'live', async () => undefined);
    const second = await begin();
    return {
      accounts: second.accounts().length,
      from: await outcomeOf(second.credentials.get('production')),
      to: await outcomeOf(second.credentials.get('live')),
    };
  },

  async removed() {
    const first = await begin();
    await first.credentials.set('production', secret);
    const [account = ''] = first.accounts();
    await keytar.deletePassword(keychainService, account);
    const second = await begin();
    const lost = await statusAfter(second, second.credentials.get('production'));
    await keytar.setPassword(keychainService, account, secret);
    return { lost, retried: await statusAfter(second, second.credentials.get('production')) };
  },

  async locked() {
    const first = await begin();
    await first.credentials.set('production', secret);
    lockLoginCollection();
    const second = await begin();
    const got = await statusAfter(second, second.credentials.get('production'));
    const set = await statusAfter(second, second.credentials.set('production', secret));
    const used = await outcomeOf(second.credentials.get('production'));
    const asked: (string | null)[] = [];
    second.credentials.onChange((affected) => void asked.push(affected));
    await second.credentials.retry();
    const third = await begin();
    const forgotten = await statusAfter(third, third.credentials.forget('production'));
    return { got, set, used, asked, forgotten };
  },

  async unusable() {
    const run = await begin();
    const set = await statusAfter(run, run.credentials.set('production', secret));
    const used = await outcomeOf(run.credentials.get('production'));
    const accounts = run.accounts();
    const forgotten = await statusAfter(run, run.credentials.forget('production'));
    return { set, used, accounts, forgotten };
  },

  async notLoadable() {
    const path = join(folder, 'keytar.node');
    writeFileSync(path, 'not a library');
    const run = await begin({ load: () => createRequire(import.meta.url)(path) as Keytar });
    return { set: await statusAfter(run, run.credentials.set('production', secret)) };
  },

  async busDies() {
    const run = await begin();
    await run.credentials.set('production', secret);
    process.kill(findPid('org.freedesktop.DBus'), 'SIGKILL');
    const used = await outcomeOf(run.credentials.get('production'));
    const second = await begin();
    return { used, read: await statusAfter(second, second.credentials.get('production')) };
  },

  async hangs() {
    const bus = await listenSilently();
    const run = await begin();
    const startedMs = performance.now();
    const set = await statusAfter(run, run.credentials.set('production', secret));
    const tookMs = performance.now() - startedMs;
    const used = await outcomeOf(run.credentials.get('production'));
    const second = await statusAfter(run, run.credentials.set('staging', secret));
    const secondTookMs = performance.now() - startedMs - tookMs;
    bus.close();
    await becomes(run.keychain, 'unavailable');
    return { set, tookMs, used, second, secondTookMs, after: run.credentials.keychain };
  },

  /** The keyring stands still for a while, as behind a prompt that its owner answers late. */
  async answersLate() {
    const run = await begin();
    await run.credentials.set('staging', 'another');
    const keyringPid = findPid('org.freedesktop.secrets');
    process.kill(keyringPid, 'SIGSTOP');
    const set = await statusAfter(run, run.credentials.set('production', secret));
    const isSaved = new Promise<void>((resolve) => {
      run.credentials.onChange(() => void (run.credentials.kindOf('production') === 'saved' && resolve()));
    });
    process.kill(keyringPid, 'SIGCONT');
    await isSaved;
    const accounts = run.accounts().length;
    await run.keychain.close();
    await run.flush();
    const second = await begin();
    return {
      set,
      accounts,
      keychain: run.credentials.keychain,
      found: await outcomeOf(second.credentials.get('production')),
    };
  },

  /** The end of the process while the keychain hangs. */
  async leavesHanging() {
    await listenSilently();
    const { credentials } = await begin({
      endProcess(exitCode) {
        writeSync(2, `ended with ${exitCode}\n`);
        process.kill(process.pid, 'SIGKILL');
      },
    });
    void credentials.set('production', secret);
    process.on('exit', () => console.error('the first exit listener'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    process.on('exit', () => console.error('the last exit listener'));
    return {};
  },
};

const [, , name = ''] = process.argv;
const result = await scenarios[name]?.();
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
