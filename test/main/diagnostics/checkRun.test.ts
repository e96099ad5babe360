import { afterEach, describe, expect, test, vi } from 'vitest';
import { examine, runCheck, type Check } from '../../../src/main/diagnostics/check.js';
import { CheckRun } from '../../../src/main/diagnostics/checkRun.js';
import { appChecks, checks } from '../../../src/main/diagnostics/index.js';
import type { Licensing } from '../../../src/main/auth/licensing.js';
import type { Policy, PolicyValues } from '../../../src/main/settings/policy.js';
import { checkOutcome, type CheckView } from '../../../src/shared/diagnostics.js';
import { LimpidError } from '../../../src/shared/errors.js';
import { diagnostics as german } from '../../../src/shared/messages/de/diagnostics.js';
import { diagnostics as english } from '../../../src/shared/messages/en/diagnostics.js';
import { inLanguage } from '../../../src/shared/language.js';
import { describe as words } from '../../../src/shared/messages/index.js';

const check = (id: string, run: Check['run'], required = true): Check => ({ id, required, run });
const well = check('addon', async () => ({ code: 'check.display', params: {} }));
const missing = check('display', async () => {
  throw new LimpidError('check.display-missing');
});

afterEach(() => void vi.useRealTimers());

describe('a check', () => {
  test('finds a notice that every language can say', async () => {
    const { ok, notice } = await examine(missing);
    expect({ ok, notice }).toEqual({ ok: false, notice: { code: 'check.display-missing', params: {} } });
    expect(inLanguage('de', () => words(notice).message)).toContain('Bildschirm');
    expect(await runCheck(missing)).toMatchObject({ detail: expect.stringContaining('There is no screen') });
  });

  test('says nothing of an error that nobody foresaw', async () => {
    const broken = check('x', async () => {
      throw new Error('secret at /home/kim');
    });
    expect((await examine(broken)).notice).toEqual({ code: 'internal', params: {} });
  });

  test('that does not end has failed at its deadline', async () => {
    vi.useFakeTimers();
    const endless = { ...check('x', () => new Promise<never>(() => undefined)), deadlineMs: 3000 };
    const finding = examine(endless);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await finding).toMatchObject({ ok: false, notice: { code: 'check.too-late', params: { seconds: 3 } } });
  });
});

test('a check that is past its deadline is not begun a second time beside itself', async () => {
  vi.useFakeTimers();
  let end: (() => void) | undefined;
  const work = vi.fn<Check['run']>(
    () => new Promise((resolve) => (end = () => resolve({ code: 'check.display', params: {} }))),
  );
  const slow = { ...check('backend', work), deadlineMs: 3000 };
  for (let times = 0; times < 2; times += 1) {
    const finding = examine(slow);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await finding).toMatchObject({ notice: { code: 'check.too-late' } });
  }
  const last = examine(slow);
  expect(work).toHaveBeenCalledOnce();
  end?.();
  expect(await last).toMatchObject({ ok: true });
  void examine(slow);
  expect(work).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(3000);
});

describe('a run of the checks', () => {
  test('tells all of them, then each as it begins and ends, one after the other', async () => {
    const told: CheckView[][] = [];
    const run = new CheckRun([well, missing], (all) => told.push(all));
    const views = await run.run();
    // Each time the whole list, for a window that joins.
    expect(told.map((all) => all.map(({ id, result }) => `${id} ${result}`))).toEqual([
      ['addon running', 'display waiting'],
      ['addon ok', 'display waiting'],
      ['addon ok', 'display running'],
      ['addon ok', 'display failed'],
    ]);
    expect(views.map(({ result }) => result)).toEqual(['ok', 'failed']);
    expect(run.last).toEqual(views);
  });

  test('is one for all who ask meanwhile', async () => {
    const work = vi.fn<Check['run']>(async () => ({ code: 'check.display', params: {} }));
    const run = new CheckRun([check('a', work)], () => undefined);
    await Promise.all([run.run(), run.run()]);
    expect(work).toHaveBeenCalledOnce();
    await run.run();
    expect(work).toHaveBeenCalledTimes(2);
  });
});

test.each<[string, boolean, string]>([
  ['check.libaic-not-installed', false, 'absent'],
  ['check.backend-not-configured', false, 'absent'],
  ['check.keychain-missing', false, 'absent'],
  ['check.libaic-not-installed', true, 'failed'],
  ['backend.refused', false, 'impaired'],
  ['check.backend-clock-ahead', false, 'impaired'],
  ['keychain.locked', false, 'impaired'],
  ['check.too-late', false, 'impaired'],
  ['check.too-late', true, 'failed'],
])('the outcome of %s, needed: %s, is %s', (code, required, outcome) => {
  expect(checkOutcome({ result: 'failed', required, notice: { code, params: {} } })).toBe(outcome);
});

test.each([
  ['English', english, /terminal|clone/],
  ['German', german, /Terminal|Klon/],
])(
  'what helps fits a window: commands in %s are for a terminal, and checks have their names',
  (_language, area, place) => {
    const hints = Object.values(area).map(({ hint }) => hint);
    const commands = hints.filter((hint) => /\b(?:limpid|npx|npm) [a-z]|--[a-z]|LIMPID_/.test(hint));
    expect(commands.length).toBeGreaterThan(6);
    expect(commands.filter((hint) => !place.test(hint))).toEqual([]);
    expect(
      hints.filter((hint) => checks.some(({ id }) => hint.includes(`“${id}”`) || hint.includes(`„${id}“`))),
    ).toEqual([]);
  },
);

describe('the checks of the app', () => {
  const licensing = {
    files: { libraryPath: null, modelPath: '/models/quail', vadModelPath: null },
    licence: { view: { loaded: { sdkVersion: '0.25.1', modelId: 'quail', sampleRate: 48_000 } } },
    probeKeychain: async () => ({ state: 'unavailable', notice: { code: 'keychain.locked', params: {} } }),
  } as unknown as Licensing;
  const find = (id: string, permission: 'granted' | 'denied' = 'granted') => {
    const all = appChecks({ licensing, microphonePermission: () => permission, isLicensedChosen: () => false });
    return examine(all.find((each) => each.id === id)!);
  };

  test('are those of doctor, in the same order', () => {
    const all = appChecks({ licensing, microphonePermission: () => 'granted', isLicensedChosen: () => false });
    expect(all.map(({ id, required }) => [id, required])).toEqual(checks.map(({ id, required }) => [id, required]));
  });

  test('need the licensed engine’s parts for as long as it is chosen', () => {
    let isChosen = false;
    const all = appChecks({ licensing, microphonePermission: () => 'granted', isLicensedChosen: () => isChosen });
    const needed = () => all.filter(({ required }) => required).map(({ id }) => id);
    const before = needed();
    isChosen = true;
    expect(needed().filter((id) => !before.includes(id))).toEqual(['backend', 'libaic', 'model']);
  });

  test('ask the app’s own keychain, and start no second process', async () => {
    expect(await find('keychain')).toMatchObject({ ok: false, notice: { code: 'keychain.locked' } });
  });

  test.each<[string, Partial<Policy>, object]>([
    ['none', { values: null, notices: [] }, { ok: true, notice: { code: 'check.policy-none' } }],
    ['one', { values: {} as PolicyValues, notices: [] }, { ok: true, notice: { code: 'check.policy' } }],
    [
      'one with unknown fields',
      { values: {} as PolicyValues, notices: [{ code: 'policy.unknown-field', params: { path: '/p', field: 'x' } }] },
      { ok: false, required: false, notice: { code: 'policy.unknown-field', params: { field: 'x' } } },
    ],
    [
      'one that cannot be used',
      { values: null, notices: [{ code: 'policy.broken', params: { path: '/p', detail: 'd' } }] },
      { ok: false, notice: { code: 'policy.broken' } },
    ],
  ])('tell of the administrator’s policy: %s', async (_kind, facts, finding) => {
    const policy = { path: '/p', ...facts };
    const all = appChecks({
      licensing: { ...licensing, policy } as Licensing,
      microphonePermission: () => 'granted',
      isLicensedChosen: () => false,
    });
    expect(await examine(all.find(({ id }) => id === 'policy')!)).toMatchObject(finding);
  });

  test('know the permission that the app has', async () => {
    expect(await find('microphone-permission')).toMatchObject({
      ok: true,
      notice: { code: 'check.permission-granted' },
    });
    expect(await find('microphone-permission', 'denied')).toMatchObject({
      ok: false,
      notice: { code: 'permission.denied' },
    });
  });

  test('do not load a model a second time that the voice uses', async () => {
    expect(await find('model')).toMatchObject({
      ok: true,
      notice: { params: { model: 'quail', path: '/models/quail' } },
    });
  });
});
