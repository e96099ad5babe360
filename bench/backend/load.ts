import autocannon from 'autocannon';

export interface Load {
  /** A route, asked with POST and no body. */
  url: string;
  /** Client keys, spread over the connections. */
  keys: string[];
  /** Each asks again as soon as it has its answer. */
  connections: number;
}

/** Answers by status. Times from the request to the end of its answer. */
export interface LoadResult {
  statuses: Record<string, number>;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** First request and last answer, by `performance.now()`. */
  fromMs: number;
  toMs: number;
}

/** Asks for `seconds`; what comes within `warmUpSeconds` before that is not counted. */
export function loadForSeconds(load: Load, seconds: number, warmUpSeconds: number): Promise<LoadResult> {
  return run(load, { duration: seconds + warmUpSeconds }, warmUpSeconds);
}

/** Asks so many times. */
export const loadForAmount = (load: Load, amount: number): Promise<LoadResult> => run(load, { amount }, 0);

async function run(
  { url, keys, connections }: Load,
  end: { duration: number } | { amount: number },
  warmUpSeconds: number,
): Promise<LoadResult> {
  const statuses: Record<string, number> = {};
  const timesMs: number[] = [];
  let next = 0;
  const fromMs = performance.now() + warmUpSeconds * 1000;
  let toMs = fromMs;
  const instance = autocannon({
    ...end,
    url,
    method: 'POST',
    connections,
    sampleInt: 100,
    setupClient: (client) => client.setHeaders({ authorization: `Bearer ${keys[next++ % keys.length]}` }),
  });
  instance.on('response', (_client: unknown, status: number, _bytes: number, ms: number) => {
    const nowMs = performance.now();
    if (nowMs < fromMs) return;
    toMs = nowMs;
    statuses[status] = (statuses[status] ?? 0) + 1;
    timesMs.push(ms);
  });
  const { errors, timeouts } = await instance;
  if (errors + timeouts > 0) throw new Error(`${errors} errors and ${timeouts} timeouts at ${url}`);
  const sorted = Float64Array.from(timesMs).toSorted();
  return {
    statuses,
    requestsPerSecond: (sorted.length / (toMs - fromMs)) * 1000,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    fromMs,
    toMs,
  };
}

const percentile = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** Throws unless every answer had this status. */
export function requireStatus({ statuses }: LoadResult, status: number): void {
  const others = Object.keys(statuses).filter((each) => each !== String(status));
  if (others.length > 0) throw new Error(`not all answers were ${status}: ${JSON.stringify(statuses)}`);
}
