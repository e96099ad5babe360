import { expect, test } from 'vitest';
import { readSpectra, shareSpectra } from '../../../src/main/audio/spectra.js';
import { calls } from '../../../src/shared/contract.js';
import { LimpidError } from '../../../src/shared/errors.js';

test('spectra are whole decibels, as the contract has them', () => {
  const [input, output] = [new Float32Array(128).fill(-42.4), new Float32Array(128).fill(-149.7)];
  const spectra = readSpectra({ spectra: () => ({ input, output }) });
  expect(calls['live.spectra'].value.parse(spectra)).toEqual(spectra);
  expect(spectra?.inputDb[0]).toBe(-42);
  expect(spectra?.outputDb[127]).toBe(-150);
});

test('there are none while nothing runs, or without a native core', () => {
  expect(readSpectra({ spectra: () => null })).toBeNull();
  expect(readSpectra(new LimpidError('native.missing'))).toBeNull();
});

test('several windows share what is computed within a moment', () => {
  let computed = 0;
  let nowMs = 0;
  const bands = new Float32Array(128);
  const read = shareSpectra({ spectra: () => ((computed += 1), { input: bands, output: bands }) }, () => nowMs);
  expect(read()).toBe(read());
  nowMs = 29;
  read();
  expect(computed).toBe(1);
  nowMs = 34;
  read();
  expect(computed).toBe(2);
});
