import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { LimpidError } from '../../../src/shared/errors.js';
import { describe as inWords } from '../../../src/shared/messages/index.js';
import { tokenStatus, type TokenStatus } from '../../../src/shared/token.js';
import { TokenKeeper } from '../../../src/main/auth/tokenKeeper.js';
import { secretText, SimulatedBackend, SimulatedEngine, SimulatedWorld } from './simulatedWorld.js';

const seconds = (count: number): number => count * 1000;
const minutes = (count: number): number => count * 60_000;
const hours = (count: number): number => count * 3_600_000;

/** A keeper in a world of its own. `random`: what it draws each time. */
function setUp(random = 0.5) {
  const world = new SimulatedWorld();
  const backend = new SimulatedBackend(world);
  const engine = new SimulatedEngine(world);
  const voice = { isLive: true };
  const keeper = new TokenKeeper({
    environment: () => backend.environment,
    fetch: (signal) => backend.fetch(signal),
    apply: (token) => engine.apply(token),
    isVoiceLive: () => voice.isLive,
    clock: world,
    random: () => random,
  });
  const codes = (): string[] => keeper.status.history.map(({ notice }) => notice.code).toReversed();
  /** Seconds from the first request to each. */
  const requestTimes = (): number[] => backend.requests.map(({ atMs }) => (atMs - backend.requests[0]!.atMs) / 1000);
  return { world, backend, engine, voice, keeper, codes, requestTimes };
}

async function setUpRunning(lifetimeMs = hours(1), random = 0.5) {
  const all = setUp(random);
  all.backend.lifetimeMs = lifetimeMs;
  all.keeper.start();
  await all.world.advance(500);
  expect(all.keeper.status.state).toBe('valid');
  return all;
}

const error = (code: string, params: Record<string, number> = {}) => ({ kind: 'error', code, params }) as const;

describe('a token', () => {
  test('is fetched at the start and swapped in before it ends', async () => {
    const { world, backend, engine, keeper, codes } = setUp();
    expect(keeper.status).toMatchObject({ state: 'not-configured', environment: 'staging', refreshes: 0 });
    keeper.start();
    expect(keeper.status.state).toBe('fetching');
    expect(keeper.token).toBeNull();
    await world.advance(200);
    expect(keeper.token).toBe(backend.minted[0]!.text);
    expect(keeper.status).toMatchObject({ state: 'valid', refreshes: 1, failures: 0, lastError: null });
    expect(codes()).toEqual(['token.fetched', 'token.applied']);

    await world.advance(hours(1));
    expect(engine.applied.map(({ token }) => token)).toEqual(backend.minted.map(({ text }) => text));
    expect(backend.minted).toHaveLength(2);
    expect(engine.applied[1]!.trueMs).toBeLessThan(backend.minted[0]!.expiresMs);
    expect(keeper.status.state).toBe('valid');
  });

  test.each([5, 20, 60, 119, 120, 600, 3600])('of %i s never runs out while the backend answers', async (lifetime) => {
    const { world, backend, keeper } = await setUpRunning(seconds(lifetime));
    for (let step = 0; step < 300; step++) {
      await world.advance(seconds(lifetime) / 37);
      const current = backend.minted.find(({ text }) => text === keeper.token);
      expect(current?.expiresMs).toBeGreaterThan(world.trueMs);
      expect(keeper.status.state).toMatch(/valid|refreshing/);
    }
    expect(keeper.status.refreshes).toBeGreaterThanOrEqual(8);
    expect(backend.requests.length).toBeLessThanOrEqual(300 / 37 / 0.45 + 1);
  });

  test('is renewed in time when it was 50 of 60 minutes old on arrival', async () => {
    const { world, backend, keeper } = setUp();
    backend.mode = { kind: 'ok', ageMs: minutes(50) };
    keeper.start();
    await world.advance(200);
    expect(keeper.status.expiresAtMs! - world.wallMs()).toBeLessThanOrEqual(minutes(10));
    await world.advance(minutes(10) - 1000);
    expect(backend.requests).toHaveLength(2);
    expect(backend.requests[1]!.trueMs).toBeLessThan(backend.minted[0]!.expiresMs - seconds(25));
  });

  test('of ten years is fetched daily', async () => {
    const { world, backend } = await setUpRunning(hours(24 * 3650));
    await world.advance(hours(24));
    expect(backend.requests).toHaveLength(2);
    await world.advance(hours(24 * 9));
    expect(backend.requests.length).toBeLessThanOrEqual(12);
  });

  test('is told with its times by this computer’s clock, whatever that shows', async () => {
    const { world, backend, keeper } = setUp();
    world.setWallClock(-minutes(10));
    keeper.start();
    await world.advance(200);
    const { issuedAtMs, expiresAtMs, skewMs, refreshAtMs } = keeper.status;
    const trueExpiryByWall = backend.minted[0]!.expiresMs - minutes(10);
    expect(Math.abs(expiresAtMs! - trueExpiryByWall)).toBeLessThan(2100);
    expect(Math.abs(issuedAtMs! - (trueExpiryByWall - hours(1)))).toBeLessThan(2100);
    expect(Math.abs(skewMs! - minutes(10))).toBeLessThan(1000);
    expect(refreshAtMs).toBeGreaterThan(world.wallMs());
    expect(refreshAtMs).toBeLessThan(expiresAtMs!);

    world.setWallClock(-minutes(30));
    await world.advance(seconds(1));
    expect(keeper.status.expiresAtMs! - expiresAtMs!).toBe(-minutes(30));
    expect(keeper.status.skewMs! - skewMs!).toBe(minutes(30));
    expect(backend.requests).toHaveLength(1);
  });

  test('counts from the moment the request began', async () => {
    const { world, backend, keeper } = setUp();
    backend.lifetimeMs = minutes(1);
    backend.latencyMs = seconds(10);
    const startedMs = world.wallMs();
    keeper.start();
    await world.advance(seconds(11));
    expect(keeper.status.expiresAtMs! - startedMs).toBe(seconds(59));
  });

  test('shows the same times until something happens', async () => {
    const { world, keeper } = await setUpRunning();
    const seen = new Set<string>();
    keeper.onStatus((status) => seen.add(JSON.stringify(status)));
    await world.advance(minutes(50));
    expect(seen.size).toBe(0);
  });

  test('is used as long as it was made for when the backend has no clock and ours is wrong', async () => {
    const { world, backend, keeper, codes } = setUp();
    world.setWallClock(hours(24 * 30));
    backend.mode = { kind: 'ok', hasNoDate: true };
    keeper.start();
    await world.advance(200);
    expect(keeper.status.state).toBe('valid');
    expect(codes()).toContain('token.clock-suspect');
    expect(Math.abs(keeper.status.skewMs! + hours(24 * 30))).toBeLessThan(2000);
    expect(keeper.status.expiresAtMs! - world.wallMs()).toBeGreaterThan(minutes(59) - 2000);
  });

  test('that was out of date on arrival counts as a failure, and not as a loop', async () => {
    const { world, backend, keeper } = setUp();
    backend.mode = { kind: 'ok', ageMs: hours(2) };
    keeper.start();
    await world.advance(minutes(10));
    expect(keeper.token).toBeNull();
    expect(keeper.status).toMatchObject({ state: 'offline', lastError: { code: 'token.outdated' } });
    expect(backend.requests.length).toBeLessThan(160);
  });
});

describe('a backend that fails', () => {
  test('is asked again with growing pauses, and leaves the good token alone', async () => {
    const { world, backend, keeper, codes } = await setUpRunning(hours(1), 0.999);
    backend.mode = error('backend.refused');
    await world.advance(minutes(58));
    expect(keeper.status).toMatchObject({ state: 'offline', lastError: { code: 'backend.refused' } });
    expect(keeper.token).toBe(backend.minted[0]!.text);
    const gaps = backend.requests.slice(1).map(({ atMs }, index, all) => (index ? atMs - all[index - 1]!.atMs : 0));
    expect(gaps.slice(1, 8).every((gap, index) => Math.abs(gap - 500 * 2 ** index - 100) < 100)).toBe(true);

    await world.advance(minutes(2));
    expect(keeper.status.state).toBe('expired');
    expect(keeper.token).toBeNull();
    expect(codes()).toContain('token.expired');

    backend.mode = { kind: 'ok' };
    await world.advance(seconds(9));
    expect(keeper.status).toMatchObject({ state: 'valid', lastError: null });
    expect(codes().slice(-4)).toEqual(expect.arrayContaining(['token.recovered', 'token.applied']));
  });

  test('is asked at least every 10 s from the moment a voice has no token', async () => {
    const { world, backend, voice, keeper } = await setUpRunning(minutes(10), 0.999);
    backend.mode = error('backend.dns');
    await world.advance(minutes(9) + seconds(50));
    const expiryMs = keeper.status.expiresAtMs!;
    await world.advance(minutes(2));
    const late = backend.requests.filter(({ trueMs }) => trueMs > expiryMs + 10_000);
    expect(late.length).toBeGreaterThan(8);
    const mostGap = Math.max(...late.map(({ trueMs }, index) => trueMs - (late[index - 1]?.trueMs ?? trueMs)));
    expect(mostGap).toBeLessThanOrEqual(10_100);

    voice.isLive = false;
    const before = backend.requests.length;
    await world.advance(minutes(10));
    expect(backend.requests.length - before).toBeLessThanOrEqual(12);
  });

  test('dead for 20 s under 5-second tokens is used again within 9 s', async () => {
    for (const random of [0, 0.3, 0.7, 0.999]) {
      const { world, backend, keeper } = await setUpRunning(seconds(5), random);
      backend.mode = error('backend.refused');
      await world.advance(seconds(20));
      expect(keeper.status.state).toBe('expired');
      backend.mode = { kind: 'ok' };
      await world.advance(seconds(9));
      expect(keeper.status.state).toMatch(/valid|refreshing/);
    }
  });

  test.each(['backend.unauthorised', 'backend.forbidden'])('with %s is asked every 5 min', async (code) => {
    const { world, backend, keeper, requestTimes } = setUp();
    backend.mode = error(code);
    keeper.start();
    await world.advance(minutes(21));
    expect(keeper.status).toMatchObject({ state: 'rejected', failures: 5, lastError: { code } });
    expect(requestTimes().map(Math.round)).toEqual([0, 300, 600, 900, 1200]);
    keeper.wake();
    world.setWallClock(hours(1));
    await world.advance(seconds(10));
    expect(backend.requests).toHaveLength(5);
    await expect(expectAfter(world, keeper.refreshNow())).rejects.toMatchObject({ code });
    expect(backend.requests).toHaveLength(6);
    backend.mode = { kind: 'ok' };
    keeper.configurationChanged();
    await world.advance(200);
    expect(keeper.status.state).toBe('valid');
  });

  test.each([
    [seconds(70), 70],
    [hours(3), 900],
  ])('that asks for a pause of %i ms gets one', async (retryAfterMs, pause) => {
    const { world, backend, keeper, requestTimes } = setUp();
    backend.mode = error('backend.rate-limited', { retryAfterMs });
    keeper.start();
    await world.advance(seconds(pause) + 500);
    expect(requestTimes().map(Math.round)).toEqual([0, pause]);
    expect(keeper.status.refreshAtMs! - world.wallMs()).toBeGreaterThan(seconds(pause) - 1000);
  });

  test('that asks for no pause at all gets the usual one', async () => {
    const { world, backend, keeper } = setUp();
    backend.mode = error('backend.rate-limited', { retryAfterMs: 0 });
    keeper.start();
    await world.advance(minutes(5));
    expect(backend.requests.length).toBeLessThan(100);
  });

  test('and never answers is given up, and asked again', async () => {
    const { world, backend, keeper } = setUp();
    backend.mode = { kind: 'silent' };
    keeper.start();
    await world.advance(seconds(90) + 50);
    expect(keeper.status).toMatchObject({ failures: 1, lastError: { code: 'token.fetch-hung' } });
    backend.mode = { kind: 'ok' };
    await world.advance(seconds(10));
    expect(keeper.status.state).toBe('valid');
    expect(backend.mostInFlight).toBe(1);
  });

  test('makes one entry of the history for a row of failures', async () => {
    const { world, backend, keeper, codes } = setUp();
    backend.mode = error('backend.refused');
    keeper.start();
    await world.advance(minutes(3));
    expect(codes()).toEqual(['token.failed-again', 'token.retry-planned']);
    expect(keeper.status.history[1]!.notice.params['times']).toBe(backend.requests.length);
    backend.mode = error('backend.dns');
    await world.advance(seconds(10));
    expect(codes().length).toBe(4);
  });

  test('is not asked when none is configured', async () => {
    const { world, backend, keeper } = setUp();
    backend.environment = null;
    keeper.start();
    await world.advance(hours(1));
    expect(keeper.status.state).toBe('not-configured');
    expect(backend.requests).toHaveLength(0);
    backend.environment = 'production';
    keeper.configurationChanged();
    await world.advance(200);
    expect(keeper.status).toMatchObject({ state: 'valid', environment: 'production' });
  });
});

describe('the user', () => {
  test('gets a new token at once, and the error when there is none', async () => {
    const { world, backend, keeper } = await setUpRunning();
    await expectAfter(world, keeper.refreshNow());
    expect(keeper.token).toBe(backend.minted[1]!.text);
    backend.mode = error('backend.timeout');
    await expect(expectAfter(world, keeper.refreshNow())).rejects.toMatchObject({ code: 'backend.timeout' });
    expect(keeper.token).toBe(backend.minted[1]!.text);
  });

  test('joins the request that is under way', async () => {
    const { world, backend, keeper } = setUp();
    keeper.start();
    await expectAfter(world, Promise.all([keeper.refreshNow(), keeper.refreshNow()]));
    expect(backend.requests).toHaveLength(1);
  });

  test('gets the answer of the new environment when it changed meanwhile', async () => {
    const { world, backend, keeper } = setUp();
    keeper.start();
    const asked = keeper.refreshNow();
    backend.environment = 'production';
    keeper.configurationChanged();
    await expectAfter(world, asked);
    expect(backend.minted.find(({ text }) => text === keeper.token)?.environment).toBe('production');
  });

  test('who switches off calls the request off', async () => {
    const { world, backend, keeper } = setUp();
    keeper.start();
    const asked = keeper.refreshNow();
    keeper.stop();
    await expect(expectAfter(world, asked)).rejects.toMatchObject({ code: 'token.cancelled' });
    expect(backend.inFlight).toBe(0);
    expect(world.timersOfKeeper).toBe(0);
    await world.advance(hours(2));
    expect(backend.requests).toHaveLength(1);
    expect(keeper.status).toMatchObject({ state: 'not-configured', failures: 0, refreshes: 0 });
  });

  test('who switches off and on keeps a good token', async () => {
    const { world, backend, keeper } = await setUpRunning();
    keeper.stop();
    expect(keeper.status.state).toBe('valid');
    keeper.start();
    await world.advance(minutes(10));
    expect(backend.requests).toHaveLength(1);
    keeper.stop();
    await world.advance(hours(2));
    expect(keeper.token).toBeNull();
    keeper.start();
    await world.advance(200);
    expect(keeper.status.state).toBe('valid');
  });
});

describe('another environment', () => {
  test('drops the token and the answer of the one before', async () => {
    const { world, backend, engine, keeper, codes } = await setUpRunning();
    const asked = keeper.refreshNow().catch(() => undefined);
    await world.advance(10);
    backend.environment = 'production';
    keeper.configurationChanged();
    expect(keeper.token).toBeNull();
    expect(keeper.status).toMatchObject({ state: 'fetching', expiresAtMs: null });
    await world.advance(seconds(1));
    await asked;
    expect(backend.mostInFlight).toBe(1);
    const known = (token: string) => backend.minted.find(({ text }) => text === token)?.environment;
    expect(engine.applied.map(({ token }) => known(token))).toEqual(['staging', 'production']);
    expect(known(keeper.token!)).toBe('production');
    expect(codes()).toContain('token.configuration-changed');
  });

  test('whose address and credential are saved together is told of once', async () => {
    const { world, keeper, codes } = await setUpRunning();
    const told = () => codes().filter((code) => code === 'token.configuration-changed').length;
    const before = told();
    keeper.configurationChanged();
    await world.advance(10);
    keeper.configurationChanged();
    expect(told()).toBe(before + 1);
    await world.advance(seconds(30));
    keeper.configurationChanged();
    expect(told()).toBe(before + 2);
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('chosen %i turns after an answer came wins over it', async (turns) => {
    const { world, backend, engine } = setUp();
    const answers: (() => void)[] = [];
    const keeper = new TokenKeeper({
      environment: () => backend.environment,
      fetch: async (signal) => {
        const fetched = await backend.fetch(signal);
        return new Promise((resolve) => answers.push(() => resolve(fetched)));
      },
      apply: (token) => engine.apply(token),
      isVoiceLive: () => true,
      clock: world,
    });
    keeper.start();
    await world.advance(200);
    answers[0]!();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    const { length } = engine.applied;
    backend.environment = 'production';
    keeper.configurationChanged();
    await world.advance(200);
    expect(keeper.token).toBeNull();
    expect(engine.applied).toHaveLength(length);
    answers[1]!();
    await world.advance(10);
    expect(backend.minted.find(({ text }) => text === keeper.token)?.environment).toBe('production');
    expect(engine.applied).toHaveLength(length + 1);
  });

  test('with the same name keeps the token until the next one is there', async () => {
    const { world, backend, keeper } = await setUpRunning();
    backend.mode = error('backend.unauthorised');
    keeper.configurationChanged();
    expect(keeper.token).toBe(backend.minted[0]!.text);
    await world.advance(seconds(1));
    expect(keeper.token).toBe(backend.minted[0]!.text);
    expect(keeper.status.state).toBe('rejected');
  });
});

describe('a computer that slept', () => {
  test.each([
    { monotonic: false, wall: true },
    { monotonic: true, wall: true },
    { monotonic: true, wall: false },
  ])('renews on waking (%j)', async (goesOn) => {
    const { world, backend, keeper, codes } = await setUpRunning();
    await world.sleep(hours(8), goesOn);
    await world.advance(seconds(61));
    expect(backend.requests).toHaveLength(2);
    expect(keeper.token).toBe(backend.minted[1]!.text);
    if (goesOn.wall) expect(codes()).toContain('token.woke');
  });

  test('renews at once where the system says that it woke', async () => {
    const { world, backend, keeper } = await setUpRunning();
    await world.sleep(hours(8), { monotonic: false, wall: true });
    keeper.wake();
    expect(keeper.token).toBeNull();
    await world.advance(200);
    expect(keeper.token).toBe(backend.minted[1]!.text);
  });

  test('knows that its token is over also when its clock was put back before', async () => {
    const { world, backend, keeper } = await setUpRunning();
    world.setWallClock(-hours(9));
    await world.advance(seconds(61));
    await world.sleep(hours(8), { monotonic: false, wall: true });
    keeper.wake();
    expect(keeper.token).toBeNull();
    await world.advance(200);
    expect(keeper.token).toBe(backend.minted[1]!.text);
  });

  test('does not wait for the answer to what it asked before', async () => {
    const { world, backend, keeper } = setUp();
    backend.mode = { kind: 'silent' };
    keeper.start();
    await world.advance(200);
    await world.sleep(hours(1), { monotonic: false, wall: true });
    backend.mode = { kind: 'ok' };
    keeper.wake();
    await world.advance(200);
    expect(keeper.status.state).toBe('valid');
    expect(backend.mostInFlight).toBe(1);
  });

  test('does not sit out the rest of a back-off, but waking often does not ask often', async () => {
    const { world, backend, voice, keeper } = setUp(0.999);
    voice.isLive = false;
    backend.mode = error('backend.dns');
    keeper.start();
    await world.advance(minutes(5));
    const before = backend.requests.length;
    for (let second = 0; second < 60; second++) {
      keeper.wake();
      await world.advance(seconds(1));
    }
    expect(backend.requests.length - before).toBeGreaterThan(8);
    expect(backend.requests.length - before).toBeLessThanOrEqual(13);
  });
});

describe('the engine', () => {
  test.each([50, 51])('that refuses a token (%i) keeps the old one, and the backend’s answer is bad', async (code) => {
    const { world, backend, engine, keeper, codes } = await setUpRunning();
    engine.answers = [code];
    await expect(expectAfter(world, keeper.refreshNow())).rejects.toMatchObject({ params: { code } });
    expect(keeper.token).toBe(backend.minted[0]!.text);
    expect(keeper.status).toMatchObject({ state: 'offline', refreshes: 1, failures: 1 });
    expect(codes()).toContain('token.engine-refused');
    await world.advance(minutes(10));
    expect(backend.requests.length).toBeLessThan(30);
    engine.answers = [0];
    await world.advance(minutes(1));
    expect(keeper.status).toMatchObject({ state: 'valid', lastError: null });
  });

  test('that was replaced because it cannot swap (53) has the token', async () => {
    const { world, backend, engine, keeper, codes } = await setUpRunning();
    engine.answers = [53, 0];
    await expectAfter(world, keeper.refreshNow());
    expect(keeper.token).toBe(backend.minted[1]!.text);
    expect(codes()).toContain('token.engine-replaced');
    expect(keeper.status).toMatchObject({ state: 'valid', lastError: null });
  });

  test.each([7, new LimpidError('aic.closed')])(
    'that fails (%s) leaves a good token and its reason',
    async (answer) => {
      const { world, backend, engine, keeper, codes } = await setUpRunning();
      engine.answers = [answer];
      await expectAfter(world, keeper.refreshNow());
      expect(keeper.token).toBe(backend.minted[1]!.text);
      expect(codes()).toContain('token.engine-failed');
      expect(keeper.status.lastError?.code).toMatch(/^aic\./);
      await world.advance(minutes(10));
      expect(backend.requests).toHaveLength(2);
    },
  );

  test('that calls the token out of date (52) gets a new one at once', async () => {
    const { world, backend, keeper, codes } = await setUpRunning();
    await world.advance(minutes(1));
    keeper.engineAnswered(0);
    keeper.engineAnswered(52);
    keeper.engineAnswered(52);
    expect(keeper.status.state).toBe('refreshing');
    await world.advance(200);
    keeper.engineAnswered(52);
    expect(backend.requests).toHaveLength(2);
    keeper.engineAnswered(0);
    await world.advance(minutes(5));
    expect(backend.requests).toHaveLength(2);
    expect(keeper.status.state).toBe('valid');
    expect(codes()).toContain('token.engine-expired');
  });

  test.each(['again and again', 'once'])(
    'that calls fresh tokens out of date and says so %s: a clock is wrong',
    async (way) => {
      const { world, backend, engine, keeper, codes } = setUp(0.999);
      backend.mode = { kind: 'ok', skewMs: -minutes(12) };
      keeper.start();
      await world.advance(seconds(60));
      keeper.engineAnswered(52);
      const before = backend.requests.length;
      for (let tick = 0; tick < 600; tick++) {
        await world.advance(100);
        if (way === 'again and again') keeper.engineAnswered(52);
        if (tick === 20) expect(keeper.status.state).toBe('clock-wrong');
      }
      expect(keeper.status.lastError).toMatchObject({ code: 'token.clock-wrong-behind' });
      expect(keeper.status.lastError?.message).toContain('12\u00a0min behind');
      expect(codes()).toContain('token.clock-wrong-behind');
      expect(backend.requests.length - before).toBeLessThanOrEqual(8);
      expect(engine.applied.length).toBe(backend.requests.length);
      await world.advance(minutes(20));
      expect(backend.requests.length - before).toBeLessThanOrEqual(30);

      keeper.engineAnswered(0);
      expect(keeper.status).toMatchObject({ state: 'valid', lastError: null });
      expect(codes().at(-1)).toBe('token.engine-works');
    },
  );

  test('that calls each token out of date after 11 s does not make a loop', async () => {
    const { world, backend, engine, keeper } = await setUpRunning();
    for (let tick = 0; tick < 6000; tick++) {
      await world.advance(100);
      keeper.engineAnswered(world.trueMs - engine.applied.at(-1)!.trueMs > seconds(11) ? 52 : 0);
    }
    expect(backend.requests.length).toBeLessThan(35);
  });

  test('that calls a token out of date which the backend sends again: a clock is wrong', async () => {
    const { world, backend, engine, keeper } = await setUpRunning();
    await world.advance(minutes(1));
    backend.mode = { kind: 'ok', repeats: true };
    keeper.engineAnswered(52);
    await world.advance(200);
    expect(keeper.status).toMatchObject({ state: 'clock-wrong', lastError: { code: 'token.clock-unclear' } });
    expect(engine.applied).toHaveLength(1);
    await world.advance(minutes(20));
    expect(backend.requests.length).toBeLessThan(50);
  });

  test('that finds a fresh token out of date when it is swapped in keeps the old one', async () => {
    const { world, backend, engine, keeper } = await setUpRunning();
    engine.answers = [52];
    await expect(expectAfter(world, keeper.refreshNow())).rejects.toMatchObject({ code: 'aic.expired' });
    expect(keeper.status.state).toBe('clock-wrong');
    expect(keeper.token).toBe(backend.minted[0]!.text);
    engine.answers = [0];
    await world.advance(minutes(1));
    expect(keeper.status.state).toBe('valid');
  });

  test('whose last word came when nobody speaks is not held to it', async () => {
    const { world, backend, voice, keeper } = await setUpRunning();
    await world.advance(seconds(30));
    keeper.engineAnswered(52);
    voice.isLive = false;
    await world.advance(minutes(10));
    expect(backend.requests).toHaveLength(2);
    expect(keeper.status.state).toBe('valid');
  });

  test('that is not allowed (6) gets new tokens after 5, 15 and 60 s, then every 5 min', async () => {
    const { world, backend, engine, keeper, codes } = await setUpRunning();
    await world.advance(minutes(1));
    const fromMs = world.trueMs;
    for (let tick = 0; tick < 700; tick++) {
      keeper.engineAnswered(6);
      await world.advance(seconds(1));
    }
    const times = backend.requests.slice(1).map(({ trueMs }) => Math.round((trueMs - fromMs) / 1000));
    expect(times).toEqual([5, 15, 60, 360, 660]);
    expect(engine.applied).toHaveLength(6);
    expect(keeper.status).toMatchObject({ state: 'not-allowed', lastError: { code: 'aic.not-allowed' } });

    keeper.engineAnswered(0);
    expect(keeper.status).toMatchObject({ state: 'valid', lastError: null });
    expect(codes().slice(-1)).toEqual(['token.engine-works']);
    await world.advance(minutes(20));
    expect(backend.requests).toHaveLength(6);
  });

  test('that flaps between 0 and 6 makes no loop and no flood of history', async () => {
    const { world, backend, keeper, codes } = await setUpRunning();
    await world.advance(minutes(1));
    for (let tick = 0; tick < 1200; tick++) {
      keeper.engineAnswered(tick % 2 ? 0 : 6);
      await world.advance(500);
    }
    expect(backend.requests.length).toBeLessThanOrEqual(7);
    expect(codes().filter((code) => code === 'token.engine-blocked').length).toBeLessThan(5);
  });

  test('that is allowed for a moment between refusals does not get new tokens any faster', async () => {
    const { world, backend, keeper } = await setUpRunning();
    await world.advance(minutes(1));
    for (let round = 0; round < 85; round++) {
      keeper.engineAnswered(6);
      await world.advance(seconds(6));
      keeper.engineAnswered(0);
      await world.advance(seconds(1));
    }
    expect(backend.requests.length).toBeLessThanOrEqual(1 + 5);
  });

  test('that is not allowed while the backend refuses the credential is left alone', async () => {
    const { world, backend, keeper } = await setUpRunning();
    await world.advance(minutes(1));
    backend.mode = error('backend.forbidden');
    keeper.engineAnswered(6);
    await world.advance(minutes(11));
    expect(backend.requests).toHaveLength(1 + 3);
    expect(keeper.status.state).toBe('not-allowed');
  });

  test.each([1, 5, 7, 100, 104, 999])('with a problem of its own (%i) changes nothing', async (code) => {
    const { world, backend, keeper } = await setUpRunning();
    keeper.engineAnswered(code);
    await world.advance(minutes(10));
    expect(keeper.status.state).toBe('valid');
    expect(backend.requests).toHaveLength(1);
  });

  test('that is slow is never given two tokens at once', async () => {
    const { world, backend, engine, keeper } = setUp();
    backend.lifetimeMs = seconds(5);
    engine.delayMs = seconds(4);
    keeper.start();
    await world.advance(minutes(2));
    expect(engine.mostBusy).toBe(1);
    expect(engine.applied.length).toBeGreaterThan(20);
  });

  test('that hangs does not stop the schedule, and gets the newest token when it is back', async () => {
    const { world, backend, engine, keeper, codes } = await setUpRunning(seconds(60));
    engine.answers = ['hang', 0];
    await world.advance(minutes(10));
    expect(engine.mostBusy).toBe(1);
    expect(engine.applied).toHaveLength(2);
    expect(backend.requests.length).toBeGreaterThan(9);
    expect(codes()).toContain('token.engine-slow');
    expect(keeper.status).toMatchObject({ state: 'valid', lastError: { code: 'token.engine-slow' } });
    expect(keeper.token).toBe(backend.minted.at(-1)!.text);

    engine.release(0);
    await world.advance(10);
    expect(engine.applied.map(({ token }) => token).slice(2)).toEqual([backend.minted.at(-1)!.text]);
    expect(keeper.status).toMatchObject({ state: 'valid', lastError: null });
  });

  test('whose late answer is a refusal gets another token', async () => {
    const { world, backend, engine, keeper } = await setUpRunning(minutes(10));
    engine.answers = ['hang', 0];
    const asked = keeper.refreshNow();
    await world.advance(seconds(31));
    await asked;
    engine.release(50);
    await world.advance(seconds(10));
    expect(engine.applied).toHaveLength(3);
    expect(keeper.token).toBe(backend.minted.at(-1)!.text);
    expect(keeper.status).toMatchObject({ state: 'valid', lastError: null });
  });
});

describe('the status', () => {
  test('tells each change once, and a listener that throws harms nobody', async () => {
    const { world, keeper } = setUp();
    const seen: TokenStatus[] = [];
    const stop = keeper.onStatus((status) => seen.push(status));
    keeper.start();
    await world.advance(hours(1));
    expect(seen.map(({ state }) => state)).toEqual(expect.arrayContaining(['fetching', 'valid', 'refreshing']));
    const texts = seen.map((status) => JSON.stringify(status));
    expect(texts.every((text, index) => text !== texts[index - 1])).toBe(true);
    stop();
    const { length } = seen;
    await expectAfter(world, keeper.refreshNow());
    expect(seen).toHaveLength(length);
  });

  test('and everything else that can be printed holds nothing of the token', async () => {
    const { world, backend, engine, keeper } = setUp();
    const seen: TokenStatus[] = [];
    keeper.onStatus((status) => seen.push(status));
    keeper.start();
    const leaky = new Error(`${secretText} in a message`, { cause: `${secretText} in a cause` });
    const steps = [
      () => (engine.answers = [50, 51, 52, 7, leaky, 'hang', 0]),
      () => (backend.mode = error('backend.unauthorised')),
      () => (backend.mode = { kind: 'ok', repeats: true }),
      () => keeper.engineAnswered(52),
      () => keeper.engineAnswered(6),
      () => (backend.mode = { kind: 'ok', ageMs: hours(3) }),
      () => keeper.configurationChanged(),
      () => (backend.mode = { kind: 'ok' }),
    ];
    const errors: unknown[] = [];
    for (const step of steps) {
      step();
      for (let count = 0; count < 8; count++) {
        const asked = keeper.refreshNow().catch((problem: unknown) => {
          if (problem !== leaky) errors.push(problem);
        });
        await world.advance(seconds(40));
        await asked;
        const { history, lastError } = keeper.status;
        const sentences = [...history.map(({ notice }) => inWords(notice)), lastError];
        const printed = [
          JSON.stringify([keeper, keeper.status, sentences]),
          inspect(keeper, { depth: 20, showHidden: true, getters: true }),
          inspect({ keeper }),
          `${String(keeper)} ${Object.keys(keeper).join()}`,
        ].join();
        expect(printed).not.toContain(secretText);
        expect(printed).not.toMatch(/\{\w+\}/);
        expect(tokenStatus.safeParse(keeper.status).success).toBe(true);
      }
    }
    expect(engine.applied.every(({ token }) => token.includes(secretText))).toBe(true);
    expect(errors.length).toBeGreaterThan(5);
    expect(inspect(errors, { depth: 20, showHidden: true })).not.toContain(secretText);
    expect(JSON.stringify(seen)).not.toContain(secretText);
    expect(Math.max(...seen.map(({ history }) => history.length))).toBe(50);
  });
});

describe('an idle day', () => {
  test.each([
    ['5 minutes', minutes(5)],
    ['10 minutes', minutes(10)],
    ['an hour', hours(1)],
    ['12 hours', hours(12)],
  ])('with tokens of %s costs no more than was promised', async (_name, lifetimeMs) => {
    for (const random of [0, 0.35, 0.7, 0.999]) {
      const { world, backend, keeper } = setUp(random);
      backend.lifetimeMs = lifetimeMs;
      keeper.start();
      await world.advance(hours(24));
      const marginMs = Math.max(minutes(1), lifetimeMs / 10);
      expect(world.wakeUps).toBeLessThanOrEqual(1441);
      expect(backend.requests.length).toBeLessThanOrEqual(hours(24) / (lifetimeMs - marginMs) + 1);
      expect(keeper.status.failures).toBe(0);
    }
  });
});

/** Lets time pass until `work` has ended. */
async function expectAfter<Value>(world: SimulatedWorld, work: Promise<Value>): Promise<Value> {
  const ended = { yet: false };
  const end = (): void => void (ended.yet = true);
  work.then(end, end);
  for (let step = 0; step < 1000 && !ended.yet; step++) await world.advance(50);
  return work;
}
