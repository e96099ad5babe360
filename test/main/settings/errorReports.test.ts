import { describe, expect, test } from 'vitest';
import { followErrorReports } from '../../../src/main/settings/errorReports.js';

describe('error reports of the licensed engine', () => {
  test('are forbidden to its library unless they were allowed, and follow the choice', () => {
    const environment: NodeJS.ProcessEnv = {};
    followErrorReports({ areAllowed: false }, environment);
    expect(environment['DO_NOT_TRACK']).toBe('1');
    followErrorReports({ areAllowed: true }, environment);
    expect('DO_NOT_TRACK' in environment).toBe(false);
    followErrorReports({ areAllowed: false }, environment);
    expect(environment['DO_NOT_TRACK']).toBe('1');
  });

  test.each([
    [true, '1'],
    [false, '0'],
  ])('leave alone what was set where Limpid was started (allowed: %s, set: %s)', (areAllowed, set) => {
    const environment: NodeJS.ProcessEnv = { DO_NOT_TRACK: set };
    followErrorReports({ areAllowed }, environment);
    expect(environment['DO_NOT_TRACK']).toBe(set);
  });

  test('an administrator who forbids them wins over what was set, which is there again when his word is gone', () => {
    const environment: NodeJS.ProcessEnv = { DO_NOT_TRACK: '0' };
    followErrorReports({ areAllowed: false, isFixed: true }, environment);
    expect(environment['DO_NOT_TRACK']).toBe('1');
    followErrorReports({ areAllowed: true }, environment);
    expect(environment['DO_NOT_TRACK']).toBe('0');
  });

  test.each([
    [true, '1'],
    [false, undefined],
  ])('one who allows them leaves what was set, unless variables do not count (they count: %s)', (follows, expected) => {
    const environment: NodeJS.ProcessEnv = { DO_NOT_TRACK: '1' };
    followErrorReports({ areAllowed: true, isFixed: true, followsVariable: follows }, environment);
    expect(environment['DO_NOT_TRACK']).toBe(expected);
    followErrorReports({ areAllowed: true, isFixed: false, followsVariable: follows }, environment);
    expect(environment['DO_NOT_TRACK']).toBe('1');
  });
});
