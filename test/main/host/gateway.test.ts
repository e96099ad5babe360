import { describe, expect, test } from 'vitest';
import { createGateway, type Sender } from '../../../src/main/host/gateway.js';
import { callNames } from '../../../src/shared/contract.js';
import { idleState } from '../../fakes/appState.js';
import { createContractServices, someNumbers } from '../../fakes/services.js';

const origin = 'app://limpid';
const sender: Sender = { isOurs: true, isMainFrame: true, origin };

function setUp() {
  const services = createContractServices();
  const reports: unknown[] = [];
  const gateway = createGateway(services, origin, (error) => reports.push(error));
  const codeOf = async (name: unknown, argument: unknown, from = sender) => {
    const result = await gateway.dispatch(name, argument, from);
    return result.ok ? 'ok' : result.error.code;
  };
  return { services, gateway, reports, codeOf };
}

describe('gateway', () => {
  test('answers a query with its value', async () => {
    const { gateway } = setUp();
    expect(await gateway.dispatch('state.get', undefined, sender)).toEqual({ ok: true, value: idleState });
  });

  test('passes a checked argument on, without what the contract does not name', async () => {
    const { gateway, services } = setUp();
    await gateway.dispatch('live.setLevel', { level: 0.25, extra: 1 }, sender);
    expect(services.state.level).toBe(0.25);
  });

  test.each<[string, Partial<Sender>]>([
    ['another window', { isOurs: false }],
    ['a frame inside our page', { isMainFrame: false }],
    ['another origin', { origin: 'https://example.org' }],
    ['no origin', { origin: '' }],
  ])('refuses %s before anything else is looked at', async (_who, change) => {
    const { codeOf, services } = setUp();
    expect(await codeOf('state.get', undefined, { ...sender, ...change })).toBe('gateway.sender');
    expect(services.reached).toEqual([]);
  });

  test.each(['state.set', '', 'toString', '__proto__', 'constructor', 7, null, undefined, {}])(
    'refuses the unknown call %j',
    async (name) => {
      const { codeOf } = setUp();
      expect(await codeOf(name, undefined)).toBe('gateway.unknown-call');
    },
  );

  test.each<[string, unknown]>([
    ['live.setLevel', { level: 1.01 }],
    ['live.setLevel', { level: Number.NaN }],
    ['live.setLevel', { level: '0.5' }],
    ['live.setLevel', undefined],
    ['live.setEngine', { engine: 'other' }],
    ['live.start', { now: true }],
    ['devices.choose', { direction: 'both', id: null }],
    ['devices.choose', { direction: 'input', id: 'x'.repeat(513) }],
    ['settings.change', { language: 'fr' }],
    ['recording.setFolder', { folder: '' }],
    ['help.open', { topic: 'https://example.org' }],
  ])('refuses %s with %j', async (name, argument) => {
    const { codeOf, services } = setUp();
    expect(await codeOf(name, argument)).toBe('gateway.argument');
    expect(services.reached).toEqual([]);
    expect(services.state).toBe(idleState);
  });

  test('gives an error of ours with its code, sentence and next step', async () => {
    const { gateway, reports } = setUp();
    const result = await gateway.dispatch('live.start', undefined, sender);
    expect(result).toMatchObject({ ok: false, error: { code: 'device.busy', retryable: true } });
    expect(result.ok ? '' : result.error.hint).toMatch(/Close that program/);
    expect(reports).toEqual([]);
  });

  test('tells a window nothing of an unforeseen error, but reports it', async () => {
    const { gateway, reports } = setUp();
    const result = await gateway.dispatch('live.stop', undefined, sender);
    expect(result).toMatchObject({ ok: false, error: { code: 'internal' } });
    expect(JSON.stringify(result)).not.toMatch(/secret|home/);
    expect(String(reports[0])).toMatch(/secret text/);
  });

  test('reports a value of the wrong shape instead of passing it on', async () => {
    const { services, codeOf, reports } = setUp();
    services.state = { ...idleState, level: 7 };
    expect(await codeOf('state.get', undefined)).toBe('internal');
    expect(String(reports[0])).toMatch(/state\.get/);
  });

  test('has a route for every call of the contract', async () => {
    const { gateway } = setUp();
    for (const name of callNames.filter((candidate) => candidate !== 'devices.rescan')) {
      const result = await gateway.dispatch(name, undefined, sender);
      expect(result.ok ? 'ok' : result.error.code).not.toBe('gateway.unknown-call');
    }
  });

  test('forwards events until it is stopped', () => {
    const { gateway, services } = setUp();
    const heard: unknown[] = [];
    const stop = gateway.forward((name, payload) => heard.push([name, payload]));
    services.emit('numbers.measured', someNumbers);
    stop();
    services.emit('numbers.measured', someNumbers);
    expect(heard).toEqual([['numbers.measured', someNumbers]]);
  });
});
