import type { AccessEntry, AccessLog } from '../adapters/access-log/contract.ts';
import type { Host } from '../adapters/host/contract.ts';
import type { TrafficConfig } from '../adapters/traffic/schema.ts';
import type { Clock } from '../core/clock.ts';
import { applicationPort } from './application-port.ts';
import { userAgent } from './ask.ts';
import type { Probe } from './contract.ts';
import { type CountedRequest, RequestCounter } from './count-requests.ts';
import { routeName } from './route-name.ts';
import type { ProbesConfig, TargetConfig } from './schema.ts';

export interface RequestsDependencies {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  readonly traffic: Pick<TrafficConfig, 'maintenanceStatus'>;
  readonly slotMs: number;
  readonly log: AccessLog;
  readonly host: Pick<Host, 'portUse'>;
  readonly clock: Clock;
}

/** Real requests, as the balancer has written them down. */
export function requestsProbe(dependencies: RequestsDependencies): Probe {
  const { probes, slotMs, log, clock, target, host } = dependencies;
  const counter = new RequestCounter(slotMs);
  return {
    name: 'requests',
    everyMs: probes.requestsEvery,
    async look() {
      const at = clock.now();
      const started = clock.monotonic();
      await log.readOn((entry) => {
        if (isReal(entry, dependencies)) counter.count(counted(entry, probes));
      });
      const openUpstream = await host.portUse(applicationPort({ target })).then(
        ({ established }) => established,
        () => undefined,
      );
      const values = { slots: counter.take(), ...(openUpstream !== undefined && { openUpstream }) };
      return [{ probe: 'requests', status: 'observed', at, tookMs: clock.monotonic() - started, values }];
    },
  };
}

/** rollbackd's own requests and the balancer's own maintenance answer say nothing about the application. */
function isReal({ agent, upstream, status }: AccessEntry, { traffic }: RequestsDependencies): boolean {
  return !agent.startsWith(userAgent) && (upstream || status !== traffic.maintenanceStatus);
}

/** The route of a request that was answered well; undefined for any other. What is to be a baseline is made of these. */
export const routeOfGood = ({ agent, status, method, path }: AccessEntry): string | undefined =>
  agent.startsWith(userAgent) || status >= 400 ? undefined : routeName(method, path);

/** The client has given up: nginx's own status for it. */
const givenUp = 499;

export const counted = (entry: AccessEntry, { timeout }: Pick<ProbesConfig, 'timeout'>): CountedRequest => ({
  at: entry.at,
  route: routeName(entry.method, entry.path),
  tenant: entry.tenant,
  failed: entry.status >= 500 || (entry.status === givenUp && entry.durationMs >= timeout),
  durationMs: entry.durationMs,
});
