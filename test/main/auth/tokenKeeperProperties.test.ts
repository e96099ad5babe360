import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/main/demo/random.js';
import { TokenKeeper } from '../../../src/main/auth/tokenKeeper.js';
import { tokenStatus } from '../../../src/shared/token.js';
import { secretText, SimulatedBackend, SimulatedEngine, SimulatedWorld, type BackendMode } from './simulatedWorld.js';

const sequences = 2000;
const stepsEach = 25;

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

const lifetimesMs = [5 * second, 20 * second, 90 * second, 2 * minute, 10 * minute, hour, 12 * hour, 24 * 3650 * hour];

type Pick = <Item>(items: readonly Item[]) => Item;

/** The least pause before the next request after a failure: what the back-off, Retry-After or a refusal of the credential allow. */
function leastPauseMs(mode: BackendMode, failuresInRow: number): number {
  const backOff = Math.min(8 * second, 500 * 2 ** (failuresInRow - 1)) * 0.1;
  if (mode.kind !== 'error') return backOff;
  if (mode.code === 'backend.unauthorised' || mode.code === 'backend.forbidden') return 5 * minute;
  const asked = mode.params?.['retryAfterMs'];
  return typeof asked === 'number' ? Math.max(backOff, Math.min(asked, 15 * minute)) : backOff;
}

function randomMode(pick: Pick, lifetimeMs: number): BackendMode {
  const agesMs = [0, 0.5, 0.83].map((part) => Math.min(part * lifetimeMs, lifetimeMs - 5 * second));
  return pick<BackendMode>([
    { kind: 'ok' },
    { kind: 'ok' },
    { kind: 'ok', ageMs: Math.max(0, pick(agesMs)) },
    { kind: 'ok', hasNoIssue: true },
    { kind: 'ok', skewMs: pick([-10 * minute, 10 * minute]) },
    { kind: 'ok', repeats: true },
    { kind: 'ok', ageMs: lifetimeMs + minute },
    { kind: 'error', code: 'backend.refused' },
    { kind: 'error', code: 'backend.server-error' },
    { kind: 'error', code: 'backend.unauthorised' },
    { kind: 'error', code: 'backend.forbidden' },
    {
      kind: 'error',
      code: 'backend.rate-limited',
      params: { retryAfterMs: pick([0, 30 * second, 10 * minute, hour]) },
    },
    { kind: 'silent' },
  ]);
}

/** Whether every answer is a token that can be used for a while. */
const isHelpful = (mode: BackendMode, lifetimeMs: number): boolean =>
  mode.kind === 'ok' && !mode.repeats && (mode.ageMs ?? 0) < lifetimeMs;

/** The simulated backend numbers its tokens. */
const indexOf = (token: string): number => Number(token.split('.')[1]);

/** Plays one random sequence and throws at the first broken promise. */
async function play(seed: number): Promise<{ requests: number; checks: number }> {
  const random = seededRandom(seed);
  const pick: Pick = (items) => items[Math.floor(random() * items.length)]!;
  const world = new SimulatedWorld();
  const backend = new SimulatedBackend(world);
  const engine = new SimulatedEngine(world);
  const voice = { isLive: random() < 0.5 };
  const lifetimeMs = pick(lifetimesMs);
  backend.lifetimeMs = lifetimeMs;
  backend.latencyMs = pick([1, 50, Math.min(2 * second, lifetimeMs * 0.08)]);
  engine.delayMs = pick([0, 0, 5, Math.min(250, lifetimeMs * 0.02)]);
  const log: string[] = [];
  let checks = 0;
  const check = (isHeld: boolean, promise: string): void => {
    checks += 1;
    if (!isHeld) throw new Error(`seed ${seed}: ${promise}\n${log.slice(-12).join('\n')}`);
  };

  /** The last answer was a failure: when, what, and how many in a row. Null: it was good, or pauses are off by the user's will. */
  let failed: { atMs: number; mode: BackendMode; row: number; isHastened: boolean } | null = null;
  let row = 0;
  let wasAnswered = false;
  /** Whether the machine did nothing but run since the last answer. */
  let isUndisturbed = false;
  let isAsked = false;
  /** A clock put forward looks like a sleep, and a sleep during a request counts in full: the token then seems older than it is. */
  let isAnswerAged = false;
  let isRequestAged = false;
  let goodSinceMs: number | null = null;
  let environmentCount = 0;
  let newest = -1;

  const noteFailure = (mode: BackendMode): void => {
    row += 1;
    wasAnswered = true;
    isUndisturbed = false;
    failed = { atMs: world.monotonicMs(), mode, row, isHastened: false };
    log.push(`  ${(world.monotonicMs() / 1000).toFixed(2)} failed ${JSON.stringify(mode)}`);
  };
  backend.onFailure = () => noteFailure(backend.mode);
  backend.onRequest = () => {
    const nowMs = world.monotonicMs();
    log.push(`  ${(nowMs / 1000).toFixed(2)} request`);
    check(backend.inFlight === 0, 'at most one request in flight');
    isRequestAged = false;
    if (failed && wasAnswered && !isAsked) {
      const pauseMs = leastPauseMs(failed.mode, failed.row);
      const isPlain = pauseMs < 5 * second;
      const lastMs = backend.requests.at(-1)!.atMs;
      const isAllowed =
        nowMs - failed.atMs >= pauseMs - 1 || (failed.isHastened && isPlain && nowMs - lastMs >= 5 * second - 1);
      check(
        isAllowed,
        `asked again ${nowMs - failed.atMs} ms after failure ${failed.row}, ${pauseMs} ms are the least`,
      );
    }
    const last = backend.minted.at(-1);
    if (last && isUndisturbed && !isAsked) {
      check(world.trueMs < last.expiresMs, 'no refresh after the deadline while the backend answers');
    }
    wasAnswered = false;
  };

  const keeper = new TokenKeeper({
    environment: () => backend.environment,
    fetch: async (signal) => {
      const fetched = await backend.fetch(signal);
      const { mode } = backend;
      if (signal.aborted) return fetched;
      // What arrives out of date is a failure too, and so is the token that the engine refused before.
      if (mode.kind === 'ok' && fetched.expiresAtMs <= (fetched.serverNowMs ?? 0) + 1000) noteFailure(mode);
      else isUndisturbed = mode.kind === 'ok' && !mode.repeats;
      return fetched;
    },
    apply: async (token) => {
      check(engine.busy === 0, 'at most one token at a time goes to the engine');
      const index = indexOf(token);
      check(backend.minted[index]!.environment === backend.environment, 'no token of another environment is used');
      check(index >= newest, 'a late old answer never replaces a newer token');
      newest = index;
      const code = await engine.apply(token);
      if (code !== 0) noteFailure(backend.mode);
      else {
        row = 0;
        isAnswerAged = isRequestAged;
        failed = null;
      }
      return code;
    },
    isVoiceLive: () => voice.isLive,
    clock: world,
    random: () => random(),
  });

  const actions: [weight: number, name: string, run: () => Promise<void> | void][] = [
    [8, 'advance', () => world.advance(random() ** 2 * Math.min(3 * lifetimeMs, random() < 0.05 ? 26 * hour : hour))],
    [5, 'advance a little', () => world.advance(random() * 10 * second)],
    [4, 'mode', () => void (backend.mode = randomMode(pick, lifetimeMs))],
    [3, 'mode ok', () => void (backend.mode = { kind: 'ok' })],
    [1, 'wall clock', () => world.setWallClock((random() - 0.5) * pick([second, minute, 3 * hour]))],
    [
      2,
      'sleep',
      () =>
        world.sleep(
          random() * pick([minute, 10 * hour]),
          pick([
            { monotonic: false, wall: true },
            { monotonic: true, wall: true },
          ]),
        ),
    ],
    [1, 'wake', () => keeper.wake()],
    [1, 'voice', () => void (voice.isLive = !voice.isLive)],
    [2, 'engine says', () => keeper.engineAnswered(pick([0, 0, 6, 7, 52]))],
    [1, 'engine takes', () => void (engine.answers = pick([[0], [0], [50, 0], [50, 50, 50, 0]]))],
    [
      1,
      'user',
      () => {
        isAsked = true;
        keeper.refreshNow().catch(() => undefined);
        isAsked = false;
        failed = null;
      },
    ],
    [
      1,
      'configuration',
      () => {
        isAsked = true;
        failed = null;
        row = 0;
        isUndisturbed = false;
        if (random() < 0.5) backend.environment = `environment ${++environmentCount}`;
        keeper.configurationChanged();
        isAsked = false;
      },
    ],
  ];
  const total = actions.reduce((sum, [weight]) => sum + weight, 0);

  keeper.start();
  for (let step = 0; step < stepsEach; step++) {
    let draw = random() * total;
    const [, name, run] = actions.find(([weight]) => (draw -= weight) < 0)!;
    const beforeMs = world.monotonicMs();
    log.push(`${(beforeMs / 1000).toFixed(2)} ${name} ${name.startsWith('mode') ? '' : JSON.stringify(backend.mode)}`);
    if (name !== 'advance' && name !== 'advance a little') isUndisturbed = false;
    if (['wake', 'sleep', 'wall clock'].includes(name) && failed) (failed as { isHastened: boolean }).isHastened = true;
    if (['wall clock', 'sleep', 'mode', 'engine takes', 'configuration', 'user'].includes(name)) goodSinceMs = null;
    if (name === 'wall clock') isAnswerAged = isRequestAged = true;
    if (name === 'sleep') isRequestAged = true;
    await run();
    await world.advance(0);
    if (goodSinceMs === null && isHelpful(backend.mode, lifetimeMs) && engine.answers.at(0) === 0)
      goodSinceMs = world.monotonicMs();
    if (!isHelpful(backend.mode, lifetimeMs)) goodSinceMs = null;

    const { status } = keeper;
    check(tokenStatus.safeParse(status).success, 'the status is what was agreed on');
    check(!JSON.stringify([keeper, status]).includes(secretText), 'no token in anything that is shown');
    if (keeper.token !== null) {
      const held = backend.minted[indexOf(keeper.token)]!;
      check(held.environment === backend.environment, 'no token of another environment is shown');
      check(world.trueMs < held.expiresMs, 'a token that is over is not handed out');
    }
    // A silent request is given up after 90 s, a plain failure is tried again after a minute at most, a refusal or a pause after 15.
    const isWaitOver = goodSinceMs !== null && world.monotonicMs() - goodSinceMs > 17 * minute;
    if (isWaitOver) {
      const { token } = keeper;
      check(token !== null, 'a backend that answers is used');
      const held = backend.minted[indexOf(token ?? '')]!;
      check(
        /valid|refreshing|not-allowed|clock-wrong/.test(status.state),
        `all is well, but the state is ${status.state}`,
      );
      const trueRemainingMs = held.expiresMs - world.trueMs;
      const shownRemainingMs = status.expiresAtMs! - world.wallMs();
      const isRight =
        shownRemainingMs < trueRemainingMs + 2000 && (isAnswerAged || shownRemainingMs > trueRemainingMs - 4000);
      check(isRight, `${shownRemainingMs} ms are shown of ${trueRemainingMs}`);
    }
  }
  keeper.stop();
  await world.advance(100);
  check(world.timersOfKeeper === 0, 'nothing is left after the end');
  check(backend.inFlight === 0, 'no request is left after the end');
  return { requests: backend.requests.length, checks };
}

test(`the keeper holds its promises in ${sequences} random sequences`, { timeout: 120_000 }, async () => {
  const only = process.env['LIMPID_TEST_SEED'];
  const seeds = only ? [Number(only)] : Array.from({ length: sequences }, (_, index) => index + 1);
  let requests = 0;
  let checks = 0;
  for (const seed of seeds) {
    const played = await play(seed);
    requests += played.requests;
    checks += played.checks;
  }
  if (only) return;
  expect(requests).toBeGreaterThan(sequences * 5);
  expect(checks).toBeGreaterThan(sequences * stepsEach * 3);
});
