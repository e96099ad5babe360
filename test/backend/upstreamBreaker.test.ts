import { beforeEach, describe, expect, test, vi, afterEach } from 'vitest';
import { Breaker, type Verdict } from '../../src/backend/upstream/breaker.js';

let breaker: Breaker;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
  breaker = new Breaker();
});
afterEach(() => {
  vi.useRealTimers();
});

/** One piece of work after the other; how each was let through. */
const work = (...verdicts: Verdict[]) =>
  verdicts.map((verdict) => {
    const pass = breaker.enter();
    if (pass) breaker.leave(pass, verdict);
    return pass;
  });

const failures = (count: number) => Array<Verdict>(count).fill('failed');

const open = (): void => {
  work(...failures(5));
};

describe('closed', () => {
  test('opens with the fifth failure in a row', () => {
    expect(work(...failures(4))).toEqual(['usual', 'usual', 'usual', 'usual']);
    expect(breaker.state).toBe('closed');
    expect(work('failed', 'alive')).toEqual(['usual', null]);
    expect(breaker.state).toBe('open');
  });

  test('forgets failures at a sign of life, and only then', () => {
    work(...failures(4), 'alive', ...failures(4), 'undecided');
    expect(breaker.state).toBe('closed');
    work('failed');
    expect(breaker.state).toBe('open');
  });
});

describe('open', () => {
  test('lets nobody through for 10 s, whatever the clock on the wall does', () => {
    open();
    vi.setSystemTime(Date.now() - 3_600_000);
    expect(breaker.waitMs).toBe(10_000);
    vi.advanceTimersByTime(9_999);
    expect([breaker.state, breaker.enter(), breaker.waitMs]).toEqual(['open', null, 1]);
    vi.advanceTimersByTime(1);
    expect([breaker.state, breaker.waitMs, breaker.enter()]).toEqual(['half-open', 0, 'trial']);
  });

  test('is not opened by a clock that jumps ahead', () => {
    open();
    vi.setSystemTime(Date.now() + 3_600_000);
    expect(breaker.enter()).toBeNull();
  });

  test.each<Verdict>(['alive', 'failed'])('overlooks what began before it opened and ends %s', (verdict) => {
    const early = breaker.enter()!;
    open();
    vi.advanceTimersByTime(10_000);
    breaker.leave(early, verdict);
    expect(breaker.state).toBe('half-open');
  });
});

describe('half-open', () => {
  beforeEach(() => {
    open();
    vi.advanceTimersByTime(10_000);
  });

  test('lets one try at a time', () => {
    expect([breaker.enter(), breaker.enter()]).toEqual(['trial', null]);
    expect(breaker.state).toBe('half-open');
  });

  test('closes at a sign of life, with all failures forgotten', () => {
    expect(work('alive', ...failures(4), 'undecided')).toEqual(['trial', ...Array<string>(5).fill('usual')]);
    expect(breaker.state).toBe('closed');
  });

  test('opens for another 10 s at a failure', () => {
    expect(work('failed', 'alive')).toEqual(['trial', null]);
    expect(breaker.waitMs).toBe(10_000);
    vi.advanceTimersByTime(10_000);
    expect(work('alive')).toEqual(['trial']);
  });

  test('stays as it is when the trial was not decided: the next one tries', () => {
    expect(work('undecided')).toEqual(['trial']);
    expect(breaker.state).toBe('half-open');
    expect(work('failed', 'failed')).toEqual(['trial', null]);
  });
});
