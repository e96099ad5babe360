import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';

/** Chromium's own kinds of process: `browser`, `renderer`, `GPU`, `utility` … */
export type CpuByType = Record<string, number>;

interface ProcessInfo {
  type: string;
  id: number;
}

/** Seconds of processor time that each kind of Chromium's processes has used so far. */
export async function cpuByType(browser: Browser): Promise<CpuByType> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = (await session.send('SystemInfo.getProcessInfo')) as { processInfo: ProcessInfo[] };
  await session.detach();
  const seconds: CpuByType = {};
  for (const { type, id } of processInfo) seconds[type] = (seconds[type] ?? 0) + cpuSecondsOf(id);
  return seconds;
}

/** User and system time of all threads of a process (proc(5): fields 14 and 15 of `stat`, in ticks of 10 ms); 0 when it is gone. */
function cpuSecondsOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/** Per cent of a core that each kind used between two moments. */
export function cpuPercentByType(before: CpuByType, after: CpuByType, seconds: number): CpuByType {
  const types = Object.keys(after).toSorted();
  return Object.fromEntries(types.map((type) => [type, (100 * ((after[type] ?? 0) - (before[type] ?? 0))) / seconds]));
}
