import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';
import type { Desk } from './desk.js';
import { cpuByType, cpuPercentByType, type CpuByType } from './processes.js';

/** What the live screen cost while its spectrogram moved. */
export interface ScreenCost {
  seconds: number;
  /** Chromium's `TaskDuration`: all tasks of the page's main thread, in % of a core. */
  taskPercent: number;
  /** All threads of each kind of process, in % of a core. Headless Chromium draws by software in `GPU`. */
  cpuPercent: CpuByType;
  picturesPerSecond: number;
  /** Tasks over 50 ms, in ms. */
  longTasksMs: number[];
  /** MB in use after a forced collection. */
  heapStartMb: number;
  heapEndMb: number;
}

/** Rings of levels and pictures are full by then. */
const fullMs = 60_000;

/** Keeps the live screen open with the sound on for so long, and measures the page and its processes. */
export async function measureScreen(desk: Desk, seconds: number): Promise<ScreenCost> {
  const screen = await desk.openScreen();
  try {
    await desk.switchOn();
    const session = await screen.page.context().newCDPSession(screen.page);
    await session.send('Performance.enable');
    await sleep(fullMs);
    const heapStartMb = await heapMb(session);
    await screen.page.evaluate(watchLongTasks);
    const [cpuBefore, taskBefore, picturesBefore] = [
      await cpuByType(screen.browser),
      await metric(session, 'TaskDuration'),
      desk.pictures,
    ];
    const startMs = performance.now();
    await sleep(seconds * 1000);
    const measuredSeconds = (performance.now() - startMs) / 1000;
    const taskSeconds = (await metric(session, 'TaskDuration')) - taskBefore;
    const pictures = desk.pictures - picturesBefore;
    const cpuAfter = await cpuByType(screen.browser);
    const longTasksMs = await screen.page.evaluate<number[]>('window.longTasksMs');
    const heapEndMb = await heapMb(session);
    await desk.switchOff();
    return {
      seconds: measuredSeconds,
      taskPercent: (100 * taskSeconds) / measuredSeconds,
      cpuPercent: cpuPercentByType(cpuBefore, cpuAfter, measuredSeconds),
      picturesPerSecond: pictures / measuredSeconds,
      longTasksMs,
      heapStartMb,
      heapEndMb,
    };
  } finally {
    await screen.close();
  }
}

/** As text: it runs in the page. The collection of rubbish before it was a task as well, and does not count. */
const watchLongTasks = `{
  window.longTasksMs = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasksMs.push(duration);
  }).observe({ type: 'longtask' });
}`;

async function heapMb(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.disable');
  return (await metric(session, 'JSHeapUsedSize')) / 1e6;
}

async function metric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const found = metrics.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`Chromium gives no ${name}.`);
  return found.value;
}
