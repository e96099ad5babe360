import { describe, expect, test } from 'vitest';
import { createActions } from '../../../src/main/shell/actions.js';
import { LimpidError } from '../../../src/shared/errors.js';
import type { AppState } from '../../../src/shared/state.js';
import { createContractServices } from '../../fakes/services.js';

function setUp(state: Partial<AppState> = {}) {
  const services = createContractServices();
  services.state = { ...services.state, ...state };
  const did: string[] = [];
  let failure: Error | null = null;
  services.handlers['live.start'] = async () => {
    did.push('start');
    if (failure) throw failure;
    return undefined;
  };
  services.handlers['live.stop'] = async () => void did.push('stop');
  services.startPatiently = async () => {
    did.push('start patiently');
    if (failure) throw failure;
  };
  const actions = createActions(
    services,
    () => did.push('show'),
    (error) => did.push(String(error)),
  );
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    services,
    did,
    settled,
    actions,
    fail: (error: Error) => (failure = error),
    perform: async (action: 'toggle' | 'bypass' | 'show') => {
      actions.perform(action);
      await settled();
    },
  };
}

const question = { code: 'question.speakers', params: {} };

describe('toggle', () => {
  test.each<[AppState['phase'], string]>([
    ['off', 'start'],
    ['failed', 'start'],
    ['starting', 'stop'],
    ['running', 'stop'],
    ['stalled', 'stop'],
    ['restarting', 'stop'],
  ])('while %s does: %s', async (phase, expected) => {
    const { did, perform } = setUp({ phase });
    await perform('toggle');
    expect(did).toEqual([expected]);
  });

  test('takes back a start whose question waits', async () => {
    const { did, perform } = setUp({ phase: 'starting', question });
    await perform('toggle');
    expect(did).toEqual(['stop']);
  });

  test('shows the window when the start has a question', async () => {
    const { did, perform, services } = setUp();
    services.handlers['live.start'] = async () => {
      services.state = { ...services.state, phase: 'starting', question };
      return undefined;
    };
    await perform('toggle');
    expect(did).toEqual(['show']);
  });

  test('shows the window when the start cannot be done, which is no error of ours', async () => {
    const { did, perform, fail } = setUp();
    fail(new LimpidError('output.not-chosen'));
    await perform('toggle');
    expect(did).toEqual(['start', 'show']);
  });

  test('what fails unforeseen is reported', async () => {
    const { did, perform, services } = setUp();
    services.handlers['state.get'] = async () => {
      throw new Error('broken');
    };
    await perform('toggle');
    expect(did).toEqual(['Error: broken']);
  });
});

test.each([true, false])('bypass turns %s around', async (bypass) => {
  const { services, perform } = setUp({ bypass });
  await perform('bypass');
  expect(services.state.bypass).toBe(!bypass);
});

test('show brings the window to the front', async () => {
  const { did, perform } = setUp();
  await perform('show');
  expect(did).toEqual(['show']);
});

test('a start of Limpid that asks for it switches on as patiently as one at login, and never off', async () => {
  const { did, actions, settled } = setUp({ phase: 'running' });
  actions.switchOn();
  await settled();
  expect(did).toEqual(['start patiently']);
});
