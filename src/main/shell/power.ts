import type { Net, PowerMonitor } from 'electron';
import type { Services } from '../services.js';

/** Electron tells no process but the page when the network comes and goes. */
const lookEveryMs = 5000;

export interface PowerParts {
  powerMonitor: Pick<PowerMonitor, 'on' | 'off'>;
  net: Pick<Net, 'isOnline'>;
}

/** Wakes the services after a sleep of the computer, and when the network is back. Returns how to end that. */
export function followPower({ powerMonitor, net }: PowerParts, services: Pick<Services, 'wake'>): () => void {
  let wasOnline = net.isOnline();
  const resumed = (): void => void services.wake('resume');
  const look = (): void => {
    const isOnline = net.isOnline();
    if (isOnline && !wasOnline) void services.wake('network');
    wasOnline = isOnline;
  };
  powerMonitor.on('resume', resumed);
  const timer = setInterval(look, lookEveryMs);
  timer.unref();
  return () => {
    powerMonitor.off('resume', resumed);
    clearInterval(timer);
  };
}
