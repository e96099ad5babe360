import { loadForSeconds, requireStatus, type LoadResult } from './load.js';
import { cpuSeconds, startBare, startLimpid, type Client, type Programs, type Server, type Vendor } from './servers.js';

export const contenders = ['bare', 'limpid', 'limpid-redis', 'empty'] as const;
export type Contender = (typeof contenders)[number];

export interface RateTrial extends LoadResult {
  contender: Contender;
  round: number;
  /** Processor time of the server for one request; null where the system does not tell. */
  cpuMicroseconds: number | null;
}

export interface RateOptions {
  rounds: number;
  seconds: number;
  connections: number;
}

const warmUpSeconds = 1;
const mintPath = '/v1/tokens/ai-coustics';
/** Nobody is refused. */
const limits = { windowSeconds: 60, perClient: 1_000_000, perProvider: 1_000_000 };

/** Each round visits every contender once, every second one backwards. All run all the time, and one has something to do. */
export async function runRates(
  programs: Programs,
  setting: { folder: string; vendor: Vendor; clients: Client[]; redisUrl: string | null },
  { rounds, seconds, connections }: RateOptions,
  report: (trial: RateTrial) => void,
): Promise<RateTrial[]> {
  const { folder, vendor, clients, redisUrl } = setting;
  const servers: Server[] = [];
  const keep = (server: Server): Server => {
    servers.push(server);
    return server;
  };
  const trials: RateTrial[] = [];
  try {
    const bare = keep(await startBare(programs, folder, vendor, clients));
    const limpid = keep(await startLimpid(programs, { name: 'limpid', folder, vendor, clients, limits }));
    const options = { name: 'limpid-redis', folder, vendor, clients, limits };
    const limpidRedis = redisUrl === null ? null : keep(await startLimpid(programs, { ...options, redisUrl }));
    const present: [Contender, Server, string][] = [
      ['bare', bare, mintPath],
      ['limpid', limpid, mintPath],
      ...(limpidRedis ? [['limpid-redis', limpidRedis, mintPath] as [Contender, Server, string]] : []),
      ['empty', bare, '/empty'],
    ];
    for (let round = 1; round <= rounds; round++) {
      for (const [contender, server, path] of round % 2 === 1 ? present : present.toReversed()) {
        const load = { url: server.url + path, keys: clients.map(({ key }) => key), connections };
        const trial = { contender, round, ...(await measure(server, load, seconds)) };
        trials.push(trial);
        report(trial);
      }
    }
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
  return trials;
}

async function measure(
  server: Server,
  load: { url: string; keys: string[]; connections: number },
  seconds: number,
): Promise<LoadResult & { cpuMicroseconds: number | null }> {
  const before = await cpuSeconds(server);
  const result = await loadForSeconds(load, seconds, warmUpSeconds);
  const after = await cpuSeconds(server);
  requireStatus(result, 200);
  // The warm-up is in the processor time too.
  const requests = result.requestsPerSecond * ((result.toMs - result.fromMs) / 1000 + warmUpSeconds);
  return { ...result, cpuMicroseconds: before === null || after === null ? null : ((after - before) / requests) * 1e6 };
}
