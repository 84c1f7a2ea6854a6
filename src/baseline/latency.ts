import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { AccessEntry, AccessLog } from '../adapters/access-log/contract.ts';
import { bucketOf, quantile } from '../core/latency-buckets.ts';
import type { LatencyBaselineConfig } from './schema.ts';

/** p95 by route in ms, with where the number comes from. */
export type KnownLatencies = Map<string, { readonly p95: number; readonly source: string }>;

/** What `rollbackd baseline` writes. */
export const latencyFile = z.strictObject({
  capturedAt: z.iso.datetime(),
  routes: z.record(z.string(), z.strictObject({ p95: z.number().positive(), requests: z.int().positive() })),
});

export interface LatencySources {
  readonly config: LatencyBaselineConfig;
  readonly accessLog: AccessLog | undefined;
  readonly cutoverAt: number;
  /** How a request of the log is called as a route, and whether it counts. */
  readonly routeOf: (entry: AccessEntry) => string | undefined;
}

/** Fewer answers than these tell no p95. */
const leastAnswers = 20;

/**
 * How fast the legacy system was. The first source that knows a route counts: a given number, what was captured, the log
 * from before the cut-over. A source that cannot be read is named in `faults`; the others count all the same.
 */
export async function knownLatencies(
  sources: LatencySources,
): Promise<{ latencies: KnownLatencies; faults: string[] }> {
  const faults: string[] = [];
  const tryTo = async (read: () => Promise<KnownLatencies>): Promise<KnownLatencies> =>
    read().catch((error: unknown) => {
      faults.push(error instanceof Error ? error.message : String(error));
      return new Map();
    });
  const { config, accessLog } = sources;
  const { given, file, fromAccessLog } = config;
  const captured = file === undefined ? new Map() : await tryTo(() => fromFile(file));
  const logged = accessLog && fromAccessLog ? await tryTo(() => fromLog(accessLog, sources)) : new Map();
  const written = Object.entries(given).map(([route, p95]) => [route, { p95, source: 'given' }] as const);
  return { latencies: new Map([...logged, ...captured, ...written]), faults };
}

async function fromFile(file: string): Promise<KnownLatencies> {
  const { capturedAt, routes } = latencyFile.parse(JSON.parse(await readFile(file, 'utf8')));
  const source = `captured at ${capturedAt}`;
  return new Map(Object.entries(routes).map(([route, { p95 }]) => [route, { p95, source }]));
}

async function fromLog(accessLog: AccessLog, { cutoverAt, routeOf }: LatencySources): Promise<KnownLatencies> {
  const byRoute = new Map<string, Map<number, number>>();
  await accessLog.readBefore(cutoverAt, (entry) => {
    const route = routeOf(entry);
    if (route === undefined) return;
    const buckets = byRoute.get(route) ?? new Map<number, number>();
    byRoute.set(route, buckets);
    const bucket = bucketOf(entry.durationMs);
    buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
  });
  const found: KnownLatencies = new Map();
  for (const [route, buckets] of byRoute) {
    const answers = [...buckets.values()].reduce((sum, count) => sum + count, 0);
    const p95 = quantile([...buckets], 0.95);
    if (p95 !== undefined && answers >= leastAnswers) {
      found.set(route, { p95, source: `${answers} requests before the cut-over` });
    }
  }
  return found;
}
