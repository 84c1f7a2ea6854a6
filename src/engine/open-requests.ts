import { join } from 'node:path';
import type { Logger } from 'pino';
import type { AccessLog } from '../adapters/access-log/contract.ts';
import { nginxAccessLog } from '../adapters/access-log/nginx-log.ts';
import type { TrafficConfig } from '../adapters/traffic/schema.ts';
import { knownLatencies } from '../baseline/latency.ts';
import type { BaselineConfig } from '../baseline/schema.ts';
import { routeOfGood } from '../probes/requests.ts';
import type { LatencyBaseline } from '../rules/latency-baseline.ts';

interface RequestSettings {
  readonly traffic: Pick<TrafficConfig, 'accessLog'>;
  readonly baseline: Pick<BaselineConfig, 'latency'>;
  readonly migration: { readonly cutoverAt: number };
  readonly state: { readonly folder: string };
}

interface OpenRequests {
  /** Absent: there are only rollbackd's own requests. */
  readonly accessLog: AccessLog | undefined;
  readonly latencyBaseline: LatencyBaseline;
  /** What people must know of the baseline: latency is judged without it, or without a part of it. */
  readonly wanting: string | undefined;
}

/** The balancer's log, and what it and the configuration tell of how fast the legacy system was. */
export async function openRequests(config: RequestSettings, log: Logger): Promise<OpenRequests> {
  const { accessLog: settings } = config.traffic;
  const accessLog = settings && nginxAccessLog(settings);
  const { latencies, faults } = await knownLatencies({
    config: config.baseline.latency,
    // Its own position: what came before is not to be read on from.
    accessLog: settings && nginxAccessLog(settings),
    learntFile: join(config.state.folder, 'latency-learnt.json'),
    cutoverAt: config.migration.cutoverAt,
    routeOf: routeOfGood,
  });
  for (const reason of faults) log.warn({ reason }, 'a source of the latency baseline could not be read');
  const routes = Object.fromEntries(
    [...latencies].map(([route, { p95, source }]) => [route, `${p95.toFixed(1)}ms, ${source}`]),
  );
  log.info({ routes }, 'the latency baseline');
  return { accessLog, latencyBaseline: latencies, wanting: whatIsWanting(config, faults, latencies.size) };
}

/** Where no source is configured nothing is missed: that was somebody's choice, and `check` warns of it. */
function whatIsWanting(
  { baseline: { latency }, traffic }: RequestSettings,
  faults: readonly string[],
  known: number,
): string | undefined {
  const isExpected = latency.file !== undefined || (traffic.accessLog !== undefined && latency.fromAccessLog);
  const nothing = 'Nothing is known of how fast the legacy system was: latency is not judged. Give baseline.latency.';
  const said = [...faults, ...(known === 0 && isExpected ? [nothing] : [])];
  return said.length === 0 ? undefined : said.join('\n');
}
