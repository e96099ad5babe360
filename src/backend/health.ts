import { z } from 'zod';
import type { Limits } from './limits.js';
import { providerIds, type ProviderId } from './providers/provider.js';
import type { Upstream } from './upstream/upstream.js';
import type { Vendors } from './vendors.js';

const circuitState = z.enum(['closed', 'half-open', 'open']);

/** The answer to `GET /healthz`: the process answers. */
export const health = z.strictObject({ ok: z.literal(true) });

/** The answer to `GET /readyz`. A vendor's outage does not make a replica unready: it would be every replica's. */
export const readiness = z.strictObject({
  ready: z.boolean().meta({ description: 'Whether to send requests here.' }),
  draining: z.boolean().meta({ description: 'Whether the server is about to end.' }),
  log: z.strictObject({
    writable: z.boolean(),
    problem: z.string().nullable().meta({ description: 'Why not, such as ENOSPC, EPIPE or slow_reader.' }),
  }),
  store: z.strictObject({
    kind: z.enum(['memory', 'redis']).meta({ description: 'Where requests are counted.' }),
    reachable: z.boolean(),
  }),
  providers: z.record(
    z.enum(providerIds),
    z.strictObject({
      configured: z.boolean(),
      reachable: z.boolean().nullable().meta({ description: 'null: not known (yet).' }),
      circuit: circuitState.nullable(),
    }),
  ),
});
export type Readiness = z.infer<typeof readiness>;

/** Load balancers give up soon, so what takes longer is reported as it was known before. */
const patienceMs = 500;

const lastSeen = new WeakMap<Upstream, boolean>();

export interface ReadinessSources {
  vendors: Vendors;
  limits: Limits;
  storeKind: Readiness['store']['kind'];
  isDraining: boolean;
  /** Why the log cannot be written; null: it can. */
  logProblem: string | null;
}

export async function readReadiness(sources: ReadinessSources): Promise<Readiness> {
  const { vendors, limits, storeKind, isDraining, logProblem } = sources;
  const [isStoreReachable, ...providers] = await Promise.all([
    within(limits.isReachable(), false),
    ...providerIds.map((provider) => readProvider(vendors.upstream(provider))),
  ]);
  return {
    ready: isStoreReachable && !isDraining && logProblem === null,
    draining: isDraining,
    log: { writable: logProblem === null, problem: logProblem },
    store: { kind: storeKind, reachable: isStoreReachable },
    providers: Object.fromEntries(providerIds.map((provider, index) => [provider, providers[index]])) as Record<
      ProviderId,
      Readiness['providers'][ProviderId]
    >,
  };
}

async function readProvider(upstream: Upstream | null): Promise<Readiness['providers'][ProviderId]> {
  if (!upstream) return { configured: false, reachable: null, circuit: null };
  const probe = upstream.probe().then((isReachable) => {
    lastSeen.set(upstream, isReachable);
    return isReachable;
  });
  const reachable = await within<boolean | null>(probe, lastSeen.get(upstream) ?? null);
  return { configured: true, reachable, circuit: upstream.circuit };
}

/** `fallback` when the answer does not come in time, or not at all. */
async function within<Value>(answer: Promise<Value>, fallback: Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Value>((resolve) => {
    timer = setTimeout(() => resolve(fallback), patienceMs);
  });
  try {
    return await Promise.race([answer, late]);
  } catch {
    return fallback;
  } finally {
    clearTimeout(timer);
  }
}
