import { beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createGateway, type Gateway, type Sender } from '../../src/main/host/gateway.js';
import { connectIpc } from '../../src/main/shell/ipc.js';
import { callNames, calls, type CallName } from '../../src/shared/contract.js';
import { callChannel } from '../../src/shared/ipcChannels.js';
import { asWindow, FakeWebContents, FakeWindow } from '../fakes/electron.js';
import { createContractServices } from '../fakes/services.js';

const origin = 'app://limpid';
const ours: Sender = { isOurs: true, isMainFrame: true, origin };

/** What a handler was given. */
let reached: { name: CallName; argument: unknown }[];
let gateway: Gateway;
let reports: unknown[];

beforeEach(() => {
  reached = [];
  reports = [];
  const services = createContractServices();
  const handlers = Object.fromEntries(
    callNames.map((name) => [name, async (argument: unknown) => void reached.push({ name, argument })]),
  ) as unknown as typeof services.handlers;
  gateway = createGateway({ ...services, handlers }, origin, (error) => reports.push(error));
});

async function codeOf(name: unknown, argument: unknown, sender = ours): Promise<string> {
  const result = await gateway.dispatch(name, argument, sender);
  return result.ok ? 'ok' : result.error.code;
}

interface Schema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  maxLength?: number;
  maxItems?: number;
  minimum?: number;
  exclusiveMinimum?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
}

const schemaOf = (name: CallName): Schema =>
  z.toJSONSchema(calls[name].argument, { unrepresentable: 'any', io: 'input', reused: 'inline' }) as Schema;

const isOf = ({ type }: Schema, name: string): boolean => type !== undefined && [type].flat().includes(name);

/** Places in a schema where a page could put as much as it likes. */
function findBoundless(schema: Schema, place: string): string[] {
  const { properties = {}, items, additionalProperties } = schema;
  const choices = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  const isFixed = schema.const !== undefined || schema.enum !== undefined;
  return [
    ...(isOf(schema, 'string') && !isFixed && schema.maxLength === undefined ? [place] : []),
    ...(isOf(schema, 'array') && schema.maxItems === undefined ? [`${place}[]`] : []),
    ...(typeof additionalProperties === 'object' ? [`${place}{}`] : []),
    ...Object.entries(properties).flatMap(([field, inner]) =>
      Object.keys(inner).length === 0 ? [`${place}.${field}`] : findBoundless(inner, `${place}.${field}`),
    ),
    ...(items ? findBoundless(items, `${place}[]`) : []),
    ...choices.flatMap((inner) => findBoundless(inner, place)),
  ];
}

describe('the contract has a limit for everything a page may send', () => {
  test('in every argument', () => {
    expect(callNames.flatMap((name) => findBoundless(schemaOf(name), name))).toEqual([]);
  });

  test('a text without a limit would be found', () => {
    const schema = z.toJSONSchema(
      z.object({ a: z.array(z.object({ b: z.string() })).nullable(), c: z.string().nullable(), d: z.unknown() }),
    ) as Schema;
    expect(findBoundless(schema, 'call')).toEqual(['call.a[]', 'call.a[].b', 'call.c', 'call.d']);
  });
});

/** A value of the schema's shape with all its texts this long. */
function fill(schema: Schema, text: string): unknown {
  const choice = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])].find((each) => each.type !== 'null');
  if (choice) return fill(choice, text);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (isOf(schema, 'string')) return text;
  if (isOf(schema, 'number') || isOf(schema, 'integer')) return schema.minimum ?? 1;
  if (isOf(schema, 'boolean')) return true;
  if (isOf(schema, 'array')) return [fill(schema.items ?? {}, text)];
  const { properties = {} } = schema;
  return Object.fromEntries(Object.entries(properties).map(([field, inner]) => [field, fill(inner, text)]));
}

const huge = 'x'.repeat(1_000_000);
const withTexts = callNames.filter((name) => JSON.stringify(fill(schemaOf(name), '§'))?.includes('§'));

/** Every call of the contract, and how it was answered. */
async function answersOf(
  names: readonly CallName[],
  argumentOf: (name: CallName) => unknown,
  sender = ours,
): Promise<[CallName, string][]> {
  const answers: [CallName, string][] = [];
  for (const name of names) answers.push([name, await codeOf(name, argumentOf(name), sender)]);
  return answers;
}
const allAnswer = (names: readonly CallName[], code: string): [CallName, string][] => names.map((name) => [name, code]);

describe('every call of the contract', () => {
  test.each<[string, Partial<Sender>]>([
    ['another window', { isOurs: false }],
    ['a frame inside our page', { isMainFrame: false }],
    ['a page of the web', { origin: 'https://example.org' }],
    ['a file', { origin: 'file://' }],
    ['our scheme under another host', { origin: 'app://limpid.example.org' }],
    ['a page that is gone', { origin: '' }],
  ])('is refused to %s', async (_who, change) => {
    const answers = await answersOf(callNames, (name) => fill(schemaOf(name), 'a'), { ...ours, ...change });
    expect(answers).toEqual(allAnswer(callNames, 'gateway.sender'));
    expect(reached).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['a number', 7],
    ['a text', 'text'],
    ['a list', [[]]],
    ['a huge text', huge],
    ['a list of a million', Array.from({ length: 1_000_000 }, () => 0)],
    ['bytes', new Uint8Array(16)],
    ['a map', new Map([['level', 1]])],
    ['a date', new Date(0)],
  ])('refuses %s', async (_what, argument) => {
    expect(await answersOf(callNames, () => argument)).toEqual(allAnswer(callNames, 'gateway.argument'));
    expect([reached, reports]).toEqual([[], []]);
  });

  test('refuses texts of a million letters', async () => {
    expect(withTexts.length).toBeGreaterThan(15);
    const answers = await answersOf(withTexts, (name) => fill(schemaOf(name), huge));
    expect(answers).toEqual(allAnswer(withTexts, 'gateway.argument'));
    expect([reached, reports]).toEqual([[], []]);
  });

  test('changes no prototype, and hands no such name on', async () => {
    const extra = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const hostile = (name: CallName): unknown => {
      const text = JSON.stringify(fill(schemaOf(name), 'a') ?? {});
      return JSON.parse(text === '{}' ? `{${extra}` : `${text.slice(0, -1)},${extra}`);
    };
    await answersOf(callNames, hostile);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(reached.length).toBeGreaterThan(15);
    const names = reached.flatMap(({ argument }) => Object.getOwnPropertyNames(argument ?? {}));
    expect(names.filter((name) => name === '__proto__' || name === 'constructor')).toEqual([]);
  });
});

describe('names outside the contract', () => {
  test.each([
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    'state.get ',
    'STATE.GET',
    'state.get\0',
    'dispose',
    'receiveFile',
    'x'.repeat(1_000_000),
    '',
    7,
    null,
    undefined,
    ['state.get'],
    { toString: null },
    Array.from({ length: 1_000_000 }, () => 'x'),
  ])('%# reach nothing, and are no mishap', async (name) => {
    const result = await gateway.dispatch(name, undefined, ours);
    expect(result).toMatchObject({ ok: false, error: { code: 'gateway.unknown-call' } });
    expect(JSON.stringify(result).length).toBeLessThan(1000);
    expect([reached, reports]).toEqual([[], []]);
  });
});

/** What Electron tells main of the page that asks. */
interface Asker {
  sender: FakeWebContents;
  senderFrame: { url: string } | null;
}

describe('Electron’s own word on who asks', () => {
  type Handler = (event: Asker, ...args: unknown[]) => Promise<{ ok: boolean; error?: { code: string } }>;
  const handlers = new Map<string, Handler>();
  let window: FakeWindow | null;

  beforeEach(() => {
    handlers.clear();
    window = new FakeWindow({});
    const ipcMain = {
      handle: (channel: string, handler: Handler) => void handlers.set(channel, handler),
      removeHandler: () => undefined,
    } as unknown as Parameters<typeof connectIpc>[0];
    connectIpc(ipcMain, gateway, () => window && asWindow(window));
  });

  const ask = async (asker: Asker, name: CallName): Promise<string> => {
    const result = await handlers.get(callChannel)?.(asker, name, undefined);
    return result?.ok ? 'ok' : (result?.error?.code ?? 'no handler');
  };
  const page = (): FakeWebContents => (window as FakeWindow).webContents;

  test('there is one channel', () => {
    expect([...handlers.keys()]).toEqual([callChannel]);
  });

  test('our page is heard', async () => {
    // The handlers of this test answer nothing, which is the right shape for most calls.
    expect(await ask({ sender: page(), senderFrame: page().mainFrame }, 'live.stop')).toBe('ok');
  });

  const stranger = new FakeWebContents();
  const strangers: [string, () => Asker][] = [
    ['another window', () => ({ sender: stranger, senderFrame: stranger.mainFrame })],
    ['another window with our frame', () => ({ sender: new FakeWebContents(), senderFrame: page().mainFrame })],
    ['a frame of the same address inside our page', () => ({ sender: page(), senderFrame: { url: page().getURL() } })],
    ['a frame that is gone', () => ({ sender: page(), senderFrame: null })],
  ];

  test.each(strangers)('%s is refused every call', async (_who, asker) => {
    for (const name of callNames) expect([name, await ask(asker(), name)]).toEqual([name, 'gateway.sender']);
    expect(reached).toEqual([]);
  });

  test.each([
    'https://example.org/',
    'file:///index.html',
    'app://other/index.html',
    'about:blank',
    'data:text/html,x',
    '',
  ])('our window is refused every call while it shows %s', async (url) => {
    page().mainFrame.url = url;
    for (const name of callNames) {
      expect([name, await ask({ sender: page(), senderFrame: page().mainFrame }, name)]).toEqual([
        name,
        'gateway.sender',
      ]);
    }
    expect(reached).toEqual([]);
  });

  test('a window that was closed is refused', async () => {
    const asker = { sender: page(), senderFrame: page().mainFrame };
    window = null;
    expect(await ask(asker, 'state.get')).toBe('gateway.sender');
  });
});
