import { setTimeout as sleep } from 'node:timers/promises';
import { median } from '../../src/main/demo/metrics.js';
import { loadForAmount, requireStatus } from './load.js';
import { startLimpid, type Client, type Programs, type Server, type Vendor } from './servers.js';

export interface MemoryPoint {
  /** Requests so far, without the warm-up. */
  requests: number;
  residentMb: number;
  heapMb: number;
}

/** Of the whole run: the first point is that after the warm-up. */
export interface MemoryResult {
  points: MemoryPoint[];
}

const limits = { windowSeconds: 3600, perClient: 1_000_000, perProvider: 1_000_000 };
/** Until the code is compiled and the heap has found its size. */
const warmUpRequests = 20_000;
const blocks = 20;
const samples = 5;
const sampleEveryMs = 200;

/** Loads one server with so many requests in twenty blocks, after one that warms it up, and reads its memory after each. */
export async function runMemory(
  programs: Programs,
  { folder, vendor, clients }: { folder: string; vendor: Vendor; clients: Client[] },
  { requests, connections }: { requests: number; connections: number },
  report: (point: MemoryPoint) => void,
): Promise<MemoryResult> {
  const server = await startLimpid(programs, { name: 'memory', folder, vendor, clients, limits });
  const load = { url: `${server.url}/v1/tokens/ai-coustics`, keys: clients.map(({ key }) => key), connections };
  const blockRequests = Math.ceil(requests / blocks);
  const points: MemoryPoint[] = [];
  try {
    for (let block = 0; block <= blocks; block++) {
      requireStatus(await loadForAmount(load, block === 0 ? warmUpRequests : blockRequests), 200);
      const point = { requests: block * blockRequests, ...(await readMemory(server)) };
      points.push(point);
      report(point);
    }
  } finally {
    await server.close();
  }
  return { points };
}

/** Medians over a second, by what the server says of itself. */
async function readMemory({ url }: Server): Promise<{ residentMb: number; heapMb: number }> {
  const resident: number[] = [];
  const heap: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    await sleep(sampleEveryMs);
    const text = await (await fetch(`${url}/metrics`)).text();
    resident.push(readGauge(text, 'process_resident_memory_bytes'));
    heap.push(readGauge(text, 'nodejs_heap_size_used_bytes'));
  }
  return { residentMb: median(resident) / 1e6, heapMb: median(heap) / 1e6 };
}

function readGauge(metrics: string, name: string): number {
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics) ?? [];
  if (value === undefined) throw new Error(`the metrics have no ${name}`);
  return Number(value);
}
