import type { AccessEntry, AccessLog } from '../adapters/access-log/contract.ts';
import { explain } from '../core/errors.ts';
import { ascending, bucketOf, quantile } from '../core/latency-buckets.ts';
import { readLatencyFile } from './latency-file.ts';
import { better, keepLearnt, type Learnt, readLearnt } from './learnt-file.ts';
import type { LatencyBaselineConfig } from './schema.ts';

/** p95 in ms, with where the number comes from; `hours`: by hour of the day (UTC), where the log covers it. */
interface KnownLatency {
  readonly p95: number;
  readonly source: string;
  readonly hours?: ReadonlyMap<number, number>;
}

/** By route. */
export type KnownLatencies = ReadonlyMap<string, KnownLatency>;

export interface LatencySources {
  readonly config: LatencyBaselineConfig;
  readonly accessLog: Pick<AccessLog, 'readBefore'> | undefined;
  /** Where what the log has told once is kept. */
  readonly learntFile: string;
  readonly cutoverAt: number;
  /** How a request of the log is called as a route, and whether it counts. */
  readonly routeOf: (entry: AccessEntry) => string | undefined;
}

/** Fewer answers than these tell no p95. */
const leastAnswers = 20;
/** An hour is compared with itself only where its p95 is no accident; else the whole day counts. */
const leastOfAnHour = 100;
/** Some 50,000 lines, read within a second or so: a daemon that starts in the middle of trouble must not wait for more. */
const mostBytes = 16 * 1024 * 1024;
const mostRoutes = 500;

/**
 * How fast the legacy system was. The first source that knows a route counts: a given number, what was captured, the log
 * from before the cut-over, as it told most. A source that cannot be read is named in `faults`; the others count all the same.
 */
export async function knownLatencies(
  sources: LatencySources,
): Promise<{ latencies: KnownLatencies; faults: string[] }> {
  const faults: string[] = [];
  const tryTo = <T>(attempt: Promise<T>, otherwise: T): Promise<T> =>
    attempt.catch((error: unknown) => {
      faults.push(explain(error));
      return otherwise;
    });
  const { given, file, fromAccessLog } = sources.config;
  const captured = file === undefined ? nothing : await tryTo(fromFile(file, sources), nothing);
  const learnt: Learnt = fromAccessLog ? await learn(sources, tryTo) : new Map();
  const written = Object.entries(given).map(([route, p95]) => [route, { p95, source: 'given' }] as const);
  const logged = [...learnt].map(([route, { p95, requests, hours = {} }]) => {
    const byHour = new Map(Object.entries(hours).map(([hour, ms]) => [Number(hour), ms]));
    return [route, { p95, source: `${requests} requests before the cut-over`, hours: byHour }] as const;
  });
  return { latencies: new Map<string, KnownLatency>([...logged, ...captured, ...written]), faults };
}

const nothing: KnownLatencies = new Map();

/** What the log tells, and what it has told before: rotation takes away the lines, but not what was learnt from them. */
async function learn(sources: LatencySources, tryTo: <T>(attempt: Promise<T>, otherwise: T) => Promise<T>) {
  const { accessLog, learntFile, cutoverAt } = sources;
  const none: Learnt = new Map();
  const read = accessLog ? await tryTo(fromLog(accessLog, sources), none) : none;
  const kept = await tryTo(readLearnt(learntFile, cutoverAt), none);
  const learnt = better(kept, read);
  const isNews = [...learnt].some(([route, known]) => kept.get(route) !== known);
  if (isNews) await tryTo(keepLearnt(learntFile, cutoverAt, learnt), undefined);
  return learnt;
}

async function fromFile(file: string, { cutoverAt }: LatencySources): Promise<KnownLatencies> {
  const { capturedAt, forcedBy, routes } = await readLatencyFile(file, cutoverAt);
  const source = `captured at ${capturedAt}${forcedBy === undefined ? '' : `, by the word of ${forcedBy}`}`;
  return new Map(Object.entries(routes).map(([route, { p95 }]) => [route, { p95, source }]));
}

async function fromLog(
  accessLog: Pick<AccessLog, 'readBefore'>,
  { cutoverAt, routeOf }: LatencySources,
): Promise<Learnt> {
  const byRoute = new Map<string, Map<number, Buckets>>();
  await accessLog.readBefore(cutoverAt, mostBytes, (entry) => {
    const route = routeOf(entry);
    if (route === undefined || (!byRoute.has(route) && byRoute.size >= mostRoutes)) return;
    const hours = byRoute.get(route) ?? new Map<number, Buckets>();
    byRoute.set(route, hours);
    const hour = new Date(entry.at).getUTCHours();
    const buckets = hours.get(hour) ?? new Map<number, number>();
    hours.set(hour, buckets);
    const bucket = bucketOf(entry.durationMs);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  });
  return new Map(
    [...byRoute].flatMap(([route, hours]) => {
      const ofDay = p95Of([...hours.values()], leastAnswers);
      return ofDay ? [[route, { ...ofDay, hours: profileOf(hours) }] as const] : [];
    }),
  );
}

/** How many answers fell into each bucket. */
type Buckets = Map<number, number>;

function p95Of(counted: readonly Buckets[], least: number): { p95: number; requests: number } | undefined {
  const buckets: Buckets = new Map();
  for (const [bucket, count] of counted.flatMap((each) => [...each]))
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + count);
  const requests = [...buckets.values()].reduce((sum, count) => sum + count, 0);
  const p95 = requests < least ? undefined : quantile(ascending(buckets), 0.95);
  return p95 === undefined ? undefined : { p95, requests };
}

const profileOf = (hours: ReadonlyMap<number, Buckets>): Record<string, number> =>
  Object.fromEntries(
    [...hours].flatMap(([hour, buckets]) => {
      const known = p95Of([buckets], leastOfAnHour);
      return known ? [[hour, known.p95]] : [];
    }),
  );
