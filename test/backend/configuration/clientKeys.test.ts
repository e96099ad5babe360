import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  lstatSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { addClientToFile, createClientEntry } from '../../../src/backend/configuration/clientEntry.js';
import { createClientKey, hashClientSecret, parseClientKey } from '../../../src/backend/configuration/clientKeys.js';

describe('a client key', () => {
  test('is its id and 256 random bits, of which only the hash is kept', () => {
    const { key, client } = createClientKey('Front desk');
    expect(key).toMatch(/^lk_front-desk-[0-9a-f]{8}\.[A-Za-z0-9_-]{43}$/);
    const parsed = parseClientKey(key);
    expect(parsed?.id).toBe(client.id);
    expect(Buffer.from(parsed?.secret ?? '', 'base64url')).toHaveLength(32);
    expect(client.secretSha256).toBe(
      createHash('sha256')
        .update(parsed?.secret ?? '')
        .digest('hex'),
    );
    expect(JSON.stringify(client)).not.toContain(parsed?.secret);
  });

  test('is another one each time', () => {
    const made = Array.from({ length: 100 }, () => createClientKey('same'));
    expect(new Set(made.map(({ key }) => key.split('.')[1])).size).toBe(100);
    expect(new Set(made.map(({ client }) => client.id)).size).toBe(100);
  });

  test.each([
    ['Zürich Büro 2', 'zurich-buro-2'],
    ['電話', 'client'],
    ['--a--', 'a'],
    ['x'.repeat(100), 'x'.repeat(40)],
    [`${'x'.repeat(39)} y`, 'x'.repeat(39)],
    ['lk_a.b', 'lk-a-b'],
  ])('%s has the id %s-…', (name, slug) => {
    const { key, client } = createClientKey(name);
    expect(client.id).toMatch(new RegExp(`^${slug}-[0-9a-f]{8}$`));
    expect(client.name).toBe(name);
    expect(parseClientKey(key)?.id).toBe(client.id);
  });

  test.each([
    '',
    'lk_',
    'lk_a',
    'lk_a.',
    `lk_.${'x'.repeat(43)}`,
    `lk_a.${'x'.repeat(42)}`,
    `lk_a.${'x'.repeat(44)}`,
    `lk_a.${'x'.repeat(42)}=`,
    `lk_a b.${'x'.repeat(43)}`,
    `lk_${'a'.repeat(65)}.${'x'.repeat(43)}`,
    `LK_a.${'x'.repeat(43)}`,
    ` lk_a.${'x'.repeat(43)}`,
    `lk_a.${'x'.repeat(43)}\n`,
    `lk_a.b.${'x'.repeat(43)}`,
  ])('is not %j', (text) => {
    expect(parseClientKey(text)).toBeNull();
  });

  test('hashes as SHA-256 does', () => {
    expect(hashClientSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('entering a client in the file', () => {
  let folder = '';
  let path = '';
  const entryOf = (name: string) =>
    createClientEntry(createClientKey(name).client, { soniox: { expires_in_seconds: 60 } });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'limpid-client-'));
    path = join(folder, 'backend.json');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const add = async (text: string | Buffer, name = 'new'): Promise<string> => {
    writeFileSync(path, text);
    await addClientToFile(path, entryOf(name));
    return readFileSync(path, 'utf8');
  };
  const clientsIn = (text: string) =>
    (JSON.parse(text) as { callers: { clients: { name: string }[] } }).callers.clients;

  test('makes a file that is missing, for this user alone', async () => {
    const entry = entryOf('first');
    await addClientToFile(path, entry);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ callers: { clients: [entry] } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['backend.json']);
  });

  test('without providers the entry names every one', () => {
    const { providers } = createClientEntry(createClientKey('x').client, null);
    expect(providers).toEqual({ 'ai-coustics': {}, assemblyai: {}, soniox: {}, aiola: {} });
  });

  test.each([
    ['an empty object', '{}'],
    ['no clients', '{ "callers": { "allowAnonymous": false }, "limits": {} }'],
    ['an empty list', '{\n  "callers": {\n    "clients": []\n  }\n}\n'],
    ['a list', '{"callers": {"clients": [{"name": "old"}, {"name": "older"}]}}'],
  ])('adds to %s', async (_what, text) => {
    const before = (JSON.parse(text) as { callers?: { clients?: unknown[] } }).callers?.clients ?? [];
    const clients = clientsIn(await add(text));
    expect(clients.slice(0, -1)).toEqual(before);
    expect(clients.at(-1)?.name).toBe('new');
  });

  test('JSON stays JSON, with all that was in it', async () => {
    const text =
      '\uFEFF{\r\n\t"callers": { "clients": [{ "name": "old", "limit": 1e2 }] },\r\n\t"limits":   { "perClient": 5 }\r\n}';
    const changed = await add(text);
    expect(JSON.parse(changed)).toEqual({
      callers: {
        clients: [
          { name: 'old', limit: 100 },
          { ...entryOf('new'), ...clientsIn(changed)[1] },
        ],
      },
      limits: { perClient: 5 },
    });
    expect(changed.split('\n')[1]).toBe('  "callers": {');
  });

  test('YAML keeps its comments and its values', async () => {
    const text = `# Ours
callers:
    # All of them
    clients: # by name
    - id: old # the first
      secretSha256: "${'0'.repeat(64)}"
      limit: 0x10
    - { name: older, secretSha256: '${'12e4'.repeat(16)}' }
limits: { perClient: 5 } # enough
`;
    const changed = await add(text, '12: "é" #x');
    for (const comment of ['# Ours', '# All of them', '# by name', '# the first', '# enough']) {
      expect(changed.split(comment)).toHaveLength(2);
    }
    const before = parse(text) as { callers: { clients: object[] } };
    const { clients } = before.callers;
    const entry = expect.objectContaining({ name: '12: "é" #x', providers: { soniox: { expires_in_seconds: 60 } } });
    expect(parse(changed)).toEqual({ ...before, callers: { clients: [...clients, entry] } });
    expect(changed).toContain(`\n    - { name: older, secretSha256: '${'12e4'.repeat(16)}' }\n    - id: 12-e-x-`);
  });

  test.each([
    ['nothing', ''],
    ['a comment', '# mine\n'],
    ['an empty list', 'callers:\n  clients: [] # mine\n'],
    ['braces with commas that JSON has not', '{"callers": {"clients": [{"name": "old"},],},} # mine\n'],
    ['other settings', 'limits: {perClient: 0x5}\n# mine\n'],
  ])('adds to %s in YAML', async (_what, text) => {
    const changed = await add(text);
    const { callers } = parse(changed) as { callers: { clients: { name: string }[] } };
    expect(callers.clients.at(-1)?.name).toBe('new');
    expect(changed.includes('# mine')).toBe(text.includes('# mine'));
    expect(changed).toMatch(/^ +- id: new-\w+$/m);
  });

  test('many at once: nobody is lost', async () => {
    const names = Array.from({ length: 8 }, (_, index) => `client ${index}`);
    await Promise.all(names.map((name) => addClientToFile(path, entryOf(name))));
    expect(
      clientsIn(readFileSync(path, 'utf8'))
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(names);
    expect(readdirSync(folder)).toEqual(['backend.json']);
  });

  test('says who is in the way when another one does not end', async () => {
    writeFileSync(path, '{}');
    const lock = `${realpathSync(path)}.lock`;
    writeFileSync(lock, '');
    await expect(addClientToFile(path, entryOf('new'), 100)).rejects.toMatchObject({
      code: 'server.file-locked',
      params: { path, lock },
    });
    expect([readFileSync(path, 'utf8'), existsSync(lock)]).toEqual(['{}', true]);
  });

  test.each([0o640, 0o600, 0o644])('keeps the permissions %o', async (mode) => {
    writeFileSync(path, '{}');
    chmodSync(path, mode);
    await addClientToFile(path, entryOf('new'));
    expect(statSync(path).mode & 0o777).toBe(mode);
  });

  test('writes where a link points to, and leaves the link', async () => {
    const link = join(folder, 'link.json');
    writeFileSync(path, '{}');
    symlinkSync(path, link);
    await addClientToFile(link, entryOf('new'));
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(clientsIn(readFileSync(path, 'utf8'))).toHaveLength(1);
  });

  test.each([
    ['a name that is taken', '{"callers": {"clients": [{"name": "new"}]}}', 'server.client-exists'],
    ['neither JSON nor YAML', '{"callers": ', 'server.file-invalid'],
    ['a name twice', '{"a": 1, "a": 2}', 'server.file-invalid'],
    ['no UTF-8', Buffer.from([0x7b, 0x7d, 0x23, 0xff]), 'server.file-unwritable'],
    ['a text at the top', 'secret', 'server.file-odd'],
    ['a list at the top', '[]', 'server.file-odd'],
    ['callers that are no object', '{"callers": []}', 'server.file-odd'],
    ['clients that are no list', '{"callers": {"clients": {}}}', 'server.file-odd'],
  ])('refuses %s and changes nothing', async (_what, text, code) => {
    await expect(add(text)).rejects.toMatchObject({ code });
    expect(readFileSync(path)).toEqual(Buffer.from(text));
    expect(readdirSync(folder)).toEqual(['backend.json']);
  });

  test('says when it cannot write', async () => {
    const nowhere = join(folder, 'missing', 'backend.json');
    await expect(addClientToFile(nowhere, entryOf('new'))).rejects.toMatchObject({
      code: 'server.file-unwritable',
      params: { path: nowhere, detail: 'ENOENT' },
    });
    expect(existsSync(join(folder, 'missing'))).toBe(false);
  });
});
