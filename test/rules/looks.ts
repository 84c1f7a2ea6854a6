import { bucketOf } from '../../src/core/latency-buckets.ts';
import type {
  Answer,
  HealthValues,
  IsolationValues,
  JourneysValues,
  MongoValues,
  Observation,
  ProbeName,
  PrometheusValues,
} from '../../src/model/observation.ts';
import type { RequestSlot } from '../../src/model/request-slot.ts';
import { sampleLimits } from '../../src/rules/samples/limits.ts';
import { emptySamples, remember, type Samples } from '../../src/rules/samples/samples.ts';
import { rulesSchema } from '../../src/rules/schema.ts';

export const rules = rulesSchema.parse({});
export const intervals = {
  healthEvery: 10_000,
  isolationEvery: 30_000,
  mongoEvery: 15_000,
  controlEvery: 5_000,
  requestsEvery: 5_000,
  syntheticEvery: 5_000,
  tenantsEvery: 60_000,
};
export const limits = sampleLimits(rules, intervals);
export const minute = 60_000;
export const hour = 60 * minute;
const { slotMs } = limits;

export const samplesOf = (observations: readonly Observation[], now: number, known = emptySamples(limits)): Samples =>
  remember(known, observations, now);

export const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

/** One look each so much time, from `from` on and before `to`. */
export const every = <T>(ms: number, from: number, to: number, look: (at: number) => T | T[]): T[] =>
  Array.from({ length: Math.ceil((to - from) / ms) }, (_, index) => look(from + index * ms)).flat() as T[];

export const unseen = (probe: ProbeName, at: number, reason = 'blind'): Observation => ({
  probe,
  at,
  tookMs: 1,
  status: 'unobserved',
  reason,
});

export const controlLook = (at: number, well = true): Observation =>
  well ? { probe: 'control', at, tookMs: 0, status: 'observed', values: { loopDelayMs: 1 } } : unseen('control', at);

/** rollbackd sees well all the time. */
export const eyes = (from: number, to: number): Observation[] =>
  every(intervals.controlEvery, from, to + 1, (at) => controlLook(at));

export const up: Answer = { outcome: 'up', why: 'ok', tookMs: 1 };
export const down: Answer = { outcome: 'down', why: 'timeout', tookMs: 1 };
export const answered = (status: number): Answer => ({ outcome: 'down', why: 'status', status, tookMs: 1 });

/**
 * `down`: no process either; `hanging`: no answer, here and through the balancer, from a process that is there;
 * `barred`: up on its own port alone; `answered for`: the same, and the balancer says 404 by itself; `disputed`: only our own
 * question fails; `offline`: rollbackd's own network is gone, which looks like an outage.
 */
export type HealthSeen = 'up' | 'barred' | 'answered for' | 'down' | 'hanging' | 'disputed' | 'blind' | 'offline';

const there = { processes: { online: 1, expected: 1 }, listening: true };
const gone = { processes: { online: 0, expected: 1 }, listening: false };

const seenAs: Readonly<Record<Exclude<HealthSeen, 'blind'>, HealthValues>> = {
  up: { application: up, balancer: up, vantage: there },
  barred: { application: up, balancer: down, vantage: there },
  'answered for': { application: up, balancer: answered(404), vantage: there },
  down: { application: down, balancer: down, vantage: gone },
  hanging: { application: down, balancer: down, vantage: there },
  disputed: { application: down, balancer: up, vantage: there },
  offline: { application: down, balancer: down, vantage: gone },
};

export const healthLook = (seen: HealthSeen | HealthValues, at: number): Observation => {
  if (seen === 'blind') return unseen('health', at);
  const values = typeof seen === 'string' ? seenAs[seen] : seen;
  return { probe: 'health', at, tookMs: 1, status: 'observed', values };
};

/** One look at the application, with one of rollbackd at itself just before and one after. */
export function healthRound(seen: HealthSeen | HealthValues, at: number): Observation[] {
  const well = seen !== 'offline';
  return [controlLook(at, well), healthLook(seen, at), controlLook(at + intervals.controlEvery, well)];
}

/** The rounds one after another, each of `healthEvery`. */
export const rounds = (seen: readonly (HealthSeen | HealthValues)[], from = 0): Observation[] =>
  seen.flatMap((one, index) => healthRound(one, from + index * intervals.healthEvery));

/** Those rounds, and the moment when the next one is due. */
export function watched(seen: readonly HealthSeen[]): { samples: Samples; now: number } {
  const now = seen.length * intervals.healthEvery;
  return { samples: samplesOf(rounds(seen), now), now };
}

export type LeakSeen = 'leak' | 'clean' | 'empty' | 'blind';

export function isolationLook(seen: LeakSeen, at: number, over: Partial<IsolationValues> = {}): Observation {
  if (seen === 'blind') return unseen('isolation', at);
  const foreign = seen === 'leak' ? [{ id: 'd1', owners: ['warung'] }] : [];
  const checked = seen === 'clean' ? 4 : 0;
  const values = {
    tenant: 'negoes',
    route: 'menu',
    ask: 'own-list',
    trusted: true,
    checked,
    foreign,
    ...over,
  } as const;
  return { probe: 'isolation', at, tookMs: 5, status: 'observed', values };
}

export const mongoLook = (at: number, values: Partial<MongoValues> = {}): Observation => ({
  probe: 'mongo',
  at,
  tookMs: 1,
  status: 'observed',
  values: { unified: 'reachable', legacy: 'reachable', legacyWritable: true, ...values },
});

export const journeyLook = (at: number, outcome: JourneysValues['outcome'], over: Partial<JourneysValues> = {}) =>
  ({
    probe: 'journeys',
    at,
    tookMs: 1,
    status: 'observed',
    values: { journey: 'order', tenant: 'kopi', outcome, ...over },
  }) satisfies Observation;

export const prometheusLook = (at: number, ...series: PrometheusValues['series']): Observation => ({
  probe: 'prometheus',
  at,
  tookMs: 1,
  status: 'observed',
  values: { series, unusable: [] },
});

type RouteCounts = Omit<RequestSlot['routes'][number], 'route' | 'latencies'>;

/** What one slot of time holds: by tenant [requests, errors]; by route counts, and how long all its answers took. */
export interface SlotSaid {
  readonly requests?: number;
  readonly errors?: number;
  readonly refused?: number;
  readonly tenants?: Readonly<Record<string, readonly [requests: number, errors: number]>>;
  readonly routes?: Readonly<Record<string, Partial<RouteCounts> & { readonly ms?: number }>>;
}

export function slotOf(at: number, { tenants = {}, routes = {}, ...counts }: SlotSaid): RequestSlot {
  const byTenant = Object.entries(tenants).map(([tenant, [requests, errors]]) => ({ tenant, requests, errors }));
  const byRoute = Object.entries(routes).map(([route, { ms = 10, requests = 0, errors = 0, ...rest }]) => ({
    route,
    requests,
    errors,
    latencies: (requests > 0 ? [[bucketOf(ms), requests]] : []) as [number, number][],
    ...rest,
  }));
  const sum = (of: 'requests' | 'errors') =>
    (byTenant.length > 0 ? byTenant : byRoute).reduce((total, each) => total + each[of], 0);
  const { requests = sum('requests'), errors = sum('errors'), refused } = counts;
  return { at, requests, errors, ...(refused && { refused }), tenants: byTenant, routes: byRoute };
}

/** The same in every slot of [from, to). */
export const slots = (from: number, to: number, said: SlotSaid): RequestSlot[] =>
  every(slotMs, from, to, (at) => slotOf(at, said));

/** The log was read at `at`, and held these slots. */
export const logLook = (at: number, told: readonly RequestSlot[], openUpstream?: number): Observation => ({
  probe: 'requests',
  at,
  tookMs: 1,
  status: 'observed',
  values: { slots: [...told], ...(openUpstream !== undefined && { openUpstream }) },
});

/** rollbackd's own requests. */
export const ownLook = (at: number, told: readonly RequestSlot[]): Observation => ({
  probe: 'synthetic',
  at,
  tookMs: 1,
  status: 'observed',
  values: { slots: [...told] },
});
