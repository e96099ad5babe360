import { beforeEach, expect, test } from 'vitest';
import { startAtLaunch } from '../../src/main/startAtLaunch.js';
import { createContractServices, type ContractServices } from '../fakes/services.js';

let services: ContractServices;
let starts: number;
beforeEach(() => {
  services = createContractServices();
  starts = 0;
  services.startPatiently = async () => void (starts += 1);
});

test('the sound stays off at the start, unless that was chosen', async () => {
  await startAtLaunch(services);
  expect(starts).toBe(0);
  services.state = { ...services.state, preferences: { ...services.state.preferences, startsAtLaunch: true } };
  await startAtLaunch(services);
  expect(starts).toBe(1);
});

test('a sound that cannot start does not keep Limpid from starting', async () => {
  services.state = { ...services.state, preferences: { ...services.state.preferences, startsAtLaunch: true } };
  services.startPatiently = async () => {
    starts += 1;
    throw new Error('busy');
  };
  await expect(startAtLaunch(services)).resolves.toBeUndefined();
  expect(starts).toBe(1);
});
