import { describe, expect, test } from 'vitest';
import { followErrorReports } from '../../../src/main/settings/errorReports.js';

describe('error reports of the licensed engine', () => {
  test('are forbidden to its library unless they were allowed, and follow the choice', () => {
    const environment: NodeJS.ProcessEnv = {};
    followErrorReports(false, environment);
    expect(environment['DO_NOT_TRACK']).toBe('1');
    followErrorReports(true, environment);
    expect('DO_NOT_TRACK' in environment).toBe(false);
    followErrorReports(false, environment);
    expect(environment['DO_NOT_TRACK']).toBe('1');
  });

  test.each([
    [true, '1'],
    [false, '0'],
  ])('leave alone what was set where Limpid was started (allowed: %s, set: %s)', (areAllowed, set) => {
    const environment: NodeJS.ProcessEnv = { DO_NOT_TRACK: set };
    followErrorReports(areAllowed, environment);
    expect(environment['DO_NOT_TRACK']).toBe(set);
  });
});
