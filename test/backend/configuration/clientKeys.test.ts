import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  lstatSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
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

  const add = async (text: string, name = 'new'): Promise<string> => {
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

  test('leaves everything else as it is formatted', async () => {
    const text =
      '{\r\n\t"callers": {\r\n\t\t"clients": [\r\n\t\t\t{ "name": "old",  "limit": 1e2 }\r\n\t\t]\r\n\t},\r\n\t"limits":   { "perClient": 5 }\r\n}';
    const changed = await add(text);
    const [head = '', tail = ''] = text.split('\r\n\t\t]');
    expect(changed.startsWith(`${head},\r\n\t\t\t{\r\n\t\t\t\t"id": "new-`)).toBe(true);
    expect(changed.endsWith(`\r\n\t\t\t}\r\n\t\t]${tail}`)).toBe(true);
    expect(changed.replaceAll('\r\n', '')).not.toContain('\n');
    expect(clientsIn(changed).map(({ name }) => name)).toEqual(['old', 'new']);
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
    ['no JSON', '{"callers": }', 'server.file-not-json'],
    ['an empty file', '', 'server.file-not-json'],
    ['a list at the top', '[]', 'server.file-odd'],
    ['callers that are no object', '{"callers": []}', 'server.file-odd'],
    ['clients that are no list', '{"callers": {"clients": {}}}', 'server.file-odd'],
  ])('refuses %s and changes nothing', async (_what, text, code) => {
    await expect(add(text)).rejects.toMatchObject({ code });
    expect(readFileSync(path, 'utf8')).toBe(text);
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
