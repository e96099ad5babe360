import { describe, expect, test } from 'vitest';
import { engineOptions, licensedEngineView } from '../../src/renderer/src/view/engineView.js';
import type { AppState } from '../../src/shared/state.js';
import { states } from '../e2e/states.js';

const { idle } = states;
const licence = states['token-valid'];
const help = (state: typeof idle) => engineOptions(state).find(({ id }) => id === 'aic')?.help;

describe('the choice of engines', () => {
  test('names the licensed one, and what it takes', () => {
    expect(engineOptions(idle).map(({ name }) => name)).toEqual(['Remove noise', 'ai-coustics', 'No processing']);
    expect(help(idle)).toBe('Needs its library, a model and a token.');
    expect(help(licence)).toBe('Works up to 24\u00a0kHz, with a licence.');
    expect(help(states['aic-no-library'])).toBe('Cannot be used at the moment.');
  });

  test('an obstacle that passes by itself is no reason to warn', () => {
    const loading = { ...idle, licensed: { ...idle.licensed, problem: { code: 'aic.loading', params: {} } } };
    expect(help(loading)).toBe('Needs its library, a model and a token.');
  });
});

describe('how the licensed engine fares', () => {
  test('is nobody’s business but of those who chose it', () => {
    expect(licensedEngineView(idle)).toBeNull();
  });

  test('working: what is heard, which model, which version', () => {
    expect(licensedEngineView(licence)).toMatchObject({ tone: 'on', leadsToBackend: false });
    expect(licensedEngineView(licence)?.facts).toEqual([
      { label: 'Heard now', value: 'ai-coustics' },
      { label: 'Model', value: 'quail-l-48khz' },
      { label: 'SDK', value: 'Version 0.25.1' },
    ]);
  });

  test('stood in for: says so, and what is heard instead', () => {
    const view = licensedEngineView(states['token-rejected']);
    expect(view).toMatchObject({ tone: 'warning', facts: [{ value: 'Built-in engine' }, {}, {}] });
    expect(view?.message).toContain('is not heard');
    expect(licensedEngineView(states['token-not-allowed'])?.facts[0]?.value).toBe('Unchanged voice');
  });

  test('stood in for: what has to happen first, or that it comes by itself', () => {
    const hintOf = (state: AppState) => licensedEngineView(state)?.hint;
    expect(hintOf(states['token-expired'])).toBe('It takes over again by itself.');
    expect(hintOf(states['token-fetching'])).toBe('It takes over as soon as it has a token.');
    expect(licensedEngineView(states['token-fetching'])?.tone).toBe('off');
    const rejected = states['token-rejected'];
    expect(hintOf(rejected)).toContain('a good token');
    expect(hintOf(states['token-clock-wrong'])).toContain('a good token');
    const lastError = { code: 'signIn.needed', params: {}, message: '', hint: '' };
    expect(hintOf({ ...rejected, token: { ...rejected.token, lastError } })).toContain('you are signed in');
  });

  test('bypass is heard as what it is', () => {
    expect(licensedEngineView({ ...licence, bypass: true })?.facts[0]?.value).toBe('Unchanged voice');
  });

  test('not installed, or no backend: what to do, and where', () => {
    const missing = licensedEngineView(states['aic-no-library']);
    expect(missing).toMatchObject({ tone: 'warning', leadsToBackend: true });
    expect(missing?.hint).toContain('limpid sdk install');
    expect(licensedEngineView(states['aic-no-backend'])).toMatchObject({ tone: 'warning', leadsToBackend: true });
  });

  test('not tried yet: nothing to worry about', () => {
    const off = { ...licence, phase: 'off' as const, licensed: idle.licensed };
    expect(licensedEngineView(off)).toMatchObject({ tone: 'off', leadsToBackend: false, facts: [] });
  });
});
