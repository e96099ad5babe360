import { loadForAmount, type LoadResult } from './load.js';
import { makeClients, startLimpid, type Limits, type Programs, type Server, type Vendor } from './servers.js';

/** A crowd of requests at two replicas with one store, most of which must be refused. */
export interface LimitScene {
  name: string;
  clients: number;
  limits: Limits;
  /** What limits the mints of one window. */
  perWindow: number;
}

export interface LimitResult extends LimitScene {
  requests: number;
  /** From the first request to the last answer. */
  seconds: number;
  /** At most, in that time: a window begins with the first request that finds none. */
  windows: number;
  /** Counted by the vendor. */
  mints: number;
  statuses: Record<string, number>;
}

const longSeconds = 3600;
const plenty = 1_000_000;

export const limitScenes: LimitScene[] = [
  {
    name: 'one client',
    clients: 1,
    limits: { windowSeconds: longSeconds, perClient: 1000, perProvider: plenty },
    perWindow: 1000,
  },
  {
    name: 'one provider, 20 clients',
    clients: 20,
    limits: { windowSeconds: longSeconds, perClient: 400, perProvider: 1500 },
    perWindow: 1500,
  },
  {
    name: 'one client, windows of 1 s',
    clients: 1,
    limits: { windowSeconds: 1, perClient: 300, perProvider: plenty },
    perWindow: 300,
  },
];

const replicaCount = 2;

/** `clearStore`: makes the store forget what it counted before. */
export async function runLimits(
  programs: Programs,
  setting: { folder: string; vendor: Vendor; redisUrl: string; clearStore(): Promise<unknown> },
  scene: LimitScene,
  { requests, connections }: { requests: number; connections: number },
): Promise<LimitResult> {
  const { folder, vendor, redisUrl, clearStore } = setting;
  const clients = makeClients(scene.clients);
  const replicas: Server[] = [];
  try {
    await clearStore();
    for (let index = 0; index < replicaCount; index++) {
      const options = { name: `replica-${index}`, folder, vendor, clients, limits: scene.limits, redisUrl };
      replicas.push(await startLimpid(programs, options));
    }
    const before = await vendor.countMints();
    const results = await Promise.all(
      replicas.map(({ url }) =>
        loadForAmount(
          {
            url: `${url}/v1/tokens/ai-coustics`,
            keys: clients.map(({ key }) => key),
            connections: connections / replicaCount,
          },
          requests / replicaCount,
        ),
      ),
    );
    const mints = (await vendor.countMints()) - before;
    const endMs = Math.max(...results.map(({ toMs }) => toMs));
    const seconds = (endMs - Math.min(...results.map(({ fromMs }) => fromMs))) / 1000;
    const windows = Math.floor(seconds / scene.limits.windowSeconds) + 1;
    return { ...scene, requests, seconds, windows, mints, statuses: addUp(results) };
  } finally {
    await Promise.all(replicas.map((replica) => replica.close()));
  }
}

function addUp(results: LoadResult[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { statuses } of results) {
    for (const [status, count] of Object.entries(statuses)) all[status] = (all[status] ?? 0) + count;
  }
  return all;
}
