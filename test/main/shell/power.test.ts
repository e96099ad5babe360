import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followPower } from '../../../src/main/shell/power.js';
import { FakeNet, FakePowerMonitor } from '../../fakes/electron.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function setUp(online = true) {
  const powerMonitor = new FakePowerMonitor();
  const net = new FakeNet();
  net.online = online;
  const woken: string[] = [];
  const wake = async (reason: string) => void woken.push(reason);
  const stop = followPower({ powerMonitor: powerMonitor as unknown as Electron.PowerMonitor, net }, { wake });
  return { powerMonitor, net, woken, stop };
}

test('the services are woken after each sleep', () => {
  const { powerMonitor, woken } = setUp();
  powerMonitor.emit('suspend');
  expect(woken).toEqual([]);
  powerMonitor.emit('resume');
  powerMonitor.emit('resume');
  expect(woken).toEqual(['resume', 'resume']);
});

test('the services are woken when the network is back, not while it stays or goes', () => {
  const { net, woken } = setUp();
  vi.advanceTimersByTime(60_000);
  net.online = false;
  vi.advanceTimersByTime(60_000);
  expect(woken).toEqual([]);
  net.online = true;
  vi.advanceTimersByTime(60_000);
  expect(woken).toEqual(['network']);
});

test('a network that comes after the start counts', () => {
  const { net, woken } = setUp(false);
  net.online = true;
  vi.advanceTimersByTime(5000);
  expect(woken).toEqual(['network']);
});

test('nothing is looked at after the end', () => {
  const { powerMonitor, net, woken, stop } = setUp(false);
  stop();
  net.online = true;
  powerMonitor.emit('resume');
  vi.advanceTimersByTime(60_000);
  expect([woken, vi.getTimerCount()]).toEqual([[], 0]);
});
