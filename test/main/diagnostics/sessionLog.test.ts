import { describe, expect, test, vi } from 'vitest';
import { SessionLog, type SessionNumbers } from '../../../src/main/diagnostics/sessionLog.js';
import { maxSessionChanges, maxSessionPoints, sessionHistory } from '../../../src/shared/diagnostics.js';
import { inLanguage } from '../../../src/shared/language.js';
import { describe as describeNotice } from '../../../src/shared/messages/index.js';
import { idleState } from '../../fakes/appState.js';
import { idleNumbers } from '../../fakes/loop.js';

const startedAtMs = 1_800_000_000_000;
const numbers = (part: Partial<SessionNumbers> = {}): SessionNumbers => ({
  ...idleNumbers,
  inputRmsDb: -20,
  outputRmsDb: -30,
  noiseReductionDb: 12,
  underruns: 0,
  ...part,
});

/** A log whose clock a test moves; `tick` is what the timer does once a second. */
function setUp() {
  let nowMs = startedAtMs;
  const log = new SessionLog(() => nowMs);
  return {
    log,
    wait: (ms: number) => void (nowMs += ms),
    tick: (sample: SessionNumbers | null, seconds = 1) => {
      for (let second = 0; second < seconds; second += 1) {
        nowMs += 1000;
        log.sample(sample);
      }
    },
  };
}

describe('the figures of a session', () => {
  test('are one point a second, with gaps where there was no sound', () => {
    const { log, tick } = setUp();
    tick(numbers());
    tick(null, 2);
    tick(numbers({ inputRmsDb: -10 }));
    expect(log.history).toMatchObject({ startedAtMs, stepSeconds: 1, inputDb: [-20, null, null, -10] });
  });

  test.each([1, 599, 600, 601, 1199, 1200, 5000, 14_400])('stay few after %d s, and tell of all of them', (seconds) => {
    const { log, tick } = setUp();
    tick(numbers(), seconds);
    const { history } = log;
    expect(sessionHistory.parse(history)).toEqual(history);
    expect(history.inputDb.length).toBeLessThanOrEqual(maxSessionPoints);
    expect(history.inputDb.length).toBe(Math.ceil(seconds / history.stepSeconds));
    if (seconds > maxSessionPoints) expect(history.inputDb.length).toBeGreaterThanOrEqual(maxSessionPoints / 2);
  });

  test('merge as each of them is heard: power of levels, the worst of delay and load, the sum of under-runs', () => {
    const { log, tick } = setUp();
    const delay = { ...idleNumbers.delay, totalMs: 40 };
    const load = { ...idleNumbers.load, p99: 0.9, recentP99: 0.2 };
    tick(numbers({ inputRmsDb: 0, noiseReductionDb: 10, underruns: 3, delay, load }));
    tick(numbers({ inputRmsDb: -100, noiseReductionDb: 20, underruns: 4, delay: { ...delay, totalMs: 30 }, load }));
    tick(null, maxSessionPoints - 2);
    const { history } = log;
    expect(history.stepSeconds).toBe(2);
    expect(history.inputDb[0]).toBeCloseTo(-3.01, 2);
    expect(history).toMatchObject({ noiseReductionDb: expect.objectContaining({ 0: 15 }) });
    expect([history.delayMs[0], history.loadP99[0], history.underruns[0]]).toEqual([40, 0.2, 4]);
    expect(history.inputDb[1]).toBeNull();
  });

  test('keep a sound that is beside silence', () => {
    const { log, tick } = setUp();
    tick(numbers({ inputRmsDb: -42 }));
    tick(null, maxSessionPoints - 1);
    expect(log.history.inputDb[0]).toBe(-42);
  });

  test('count the under-runs of each second, also of a loop that begins anew', () => {
    const { log, tick } = setUp();
    for (const underruns of [2, 5, 5, 1, 1]) tick(numbers({ underruns }));
    expect(log.history.underruns).toEqual([2, 3, 0, 1, 0]);
  });

  test('count the under-runs of a loop that was opened meanwhile, also when it has more', () => {
    const { log, tick } = setUp();
    tick(numbers({ underruns: 2, secondsRunning: 60 }));
    tick(null);
    tick(numbers({ underruns: 5, secondsRunning: 90 }));
    tick(numbers({ underruns: 6, secondsRunning: 1 }));
    tick(numbers({ underruns: 8, secondsRunning: 2, inputRate: 16_000 }));
    expect(log.history.underruns).toEqual([2, null, 5, 6, 8]);
  });

  test('are silent for the time that the computer slept', () => {
    const { log, tick, wait } = setUp();
    tick(numbers({ underruns: 1 }));
    wait(4000);
    tick(numbers({ underruns: 3 }));
    expect(log.history.inputDb).toEqual([-20, null, null, null, null, -20]);
    expect(log.history.underruns.at(-1)).toBe(2);
  });

  test('have no silence where only the timer was late', () => {
    const { log, tick, wait } = setUp();
    tick(numbers());
    wait(2400);
    tick(numbers({ inputRmsDb: -10, underruns: 2 }));
    expect(log.history.inputDb).toEqual([-20, -10, -10, -10]);
    expect(log.history.underruns).toEqual([0, 0, 0, 2]);
    wait(1000);
    tick(null);
    expect(log.history.inputDb.slice(4)).toEqual([null, null]);
  });

  test('say the same of the whole session, whatever its length', () => {
    const facts = [500, 5000].map((seconds) => {
      const { log, tick } = setUp();
      for (let second = 0; second < seconds; second += 10) {
        tick(numbers({ inputRmsDb: -80, load: { ...idleNumbers.load, recentP99: 0.1 } }), 9);
        tick(numbers({ inputRmsDb: -20, load: { ...idleNumbers.load, recentP99: 0.9 } }));
      }
      return log.history.facts;
    });
    const [short, long] = facts;
    expect(short?.inputDb).toMatchObject({ seconds: 500, lowest: -80, mean: expect.closeTo(-30, 2), highest: -20 });
    expect(short?.loadP99).toMatchObject({ lowest: 0.1, mean: expect.closeTo(0.18, 6), highest: 0.9 });
    for (const name of ['inputDb', 'delayMs', 'loadP99'] as const) {
      const { seconds, mean, ...ends } = short![name]!;
      expect(long?.[name]).toEqual({ seconds: 10 * seconds, mean: expect.closeTo(mean, 6), ...ends });
    }
  });

  test('take few steps to write down a sleep of days', () => {
    const { log, tick, wait } = setUp();
    tick(numbers(), 2);
    wait(6 * 24 * 3_600_000);
    // Each step that is made or merged takes one.
    const steps = vi.spyOn(Object, 'fromEntries');
    tick(numbers());
    expect(steps.mock.calls.length).toBeLessThan(20_000);
    steps.mockRestore();
    const { inputDb, stepSeconds } = log.history;
    expect(inputDb.length * stepSeconds).toBeGreaterThan(6 * 24 * 3600);
    expect(inputDb.filter((value) => value !== null)).toEqual([-20, -20]);
  });

  test.each([-3_600_000, 400 * 24 * 3_600_000])('go on when the clock is set by %d ms', (ms) => {
    const { log, tick, wait } = setUp();
    tick(numbers(), 2);
    wait(ms);
    tick(numbers(), 2);
    expect(log.history.inputDb).toEqual([-20, -20, -20, -20]);
  });
});

describe('the changes of a session', () => {
  const codes = (log: SessionLog) => log.history.changes.map(({ notice }) => notice.code);
  const micro = { ...idleState.input, chosenName: 'Desk', present: true };

  test('are devices, engine, status and problem, each once', () => {
    const { log } = setUp();
    log.follow({ ...idleState, input: micro });
    log.follow({ ...idleState, input: micro });
    expect(codes(log)).toEqual(['session.input', 'session.output', 'status.off']);
    const problem = { code: 'device.lost', params: { name: 'Desk' } };
    log.follow({ ...idleState, input: { ...micro, present: false }, problem, heardEngine: 'bypass' });
    log.follow({ ...idleState, input: micro, heardEngine: 'bypass' });
    expect(codes(log).slice(3)).toEqual([
      'session.input-away',
      'session.engine',
      'device.lost',
      'session.input',
      'session.problem-over',
    ]);
    const engine = log.history.changes.find(({ notice }) => notice.code === 'session.engine')!.notice;
    expect(describeNotice(engine).message).toBe('Heard now: unchanged voice.');
    expect(inLanguage('de', () => describeNotice(engine).message)).toBe('Zu hören ist jetzt: unveränderte Stimme.');
  });

  test('are the newest ones when there are too many', () => {
    const { log } = setUp();
    for (let count = 0; count < maxSessionChanges + 50; count += 1) log.note({ code: 'x', params: { count } });
    const { changes } = log.history;
    expect(changes).toHaveLength(maxSessionChanges);
    expect(changes.at(-1)?.notice.params).toEqual({ count: maxSessionChanges + 49 });
  });
});
