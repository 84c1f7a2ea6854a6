import type { AccessEntry, AccessLog } from '../adapters/access-log/contract.ts';
import type { Host } from '../adapters/host/contract.ts';
import type { TrafficAdapter } from '../adapters/traffic/contract.ts';
import type { TrafficConfig } from '../adapters/traffic/schema.ts';
import type { Clock } from '../core/clock.ts';
import { clockSlack } from '../rules/samples/clock.ts';
import { applicationPort } from './application-port.ts';
import { userAgent } from './ask.ts';
import type { Outcome } from './bounded-names.ts';
import type { Probe } from './contract.ts';
import { type CountedRequest, RequestCounter } from './count-requests.ts';
import { routeName } from './route-name.ts';
import type { ProbesConfig, TargetConfig } from './schema.ts';

export interface RequestsDependencies {
  readonly target: TargetConfig;
  readonly probes: ProbesConfig;
  readonly traffic: Pick<TrafficConfig, 'maintenanceStatus'>;
  readonly balancer: Pick<TrafficAdapter, 'state'>;
  readonly slotMs: number;
  readonly log: AccessLog;
  readonly host: Pick<Host, 'establishedTo'>;
  readonly clock: Clock;
}

/** What was over longer ago says nothing about now, and what is yet to come was written by another clock. */
const oldest = 3_600_000;

/** Real requests, as the balancer has written them down. */
export function requestsProbe(dependencies: RequestsDependencies): Probe {
  const { probes, traffic, balancer, slotMs, log, clock, target, host } = dependencies;
  let maintainedBefore = false;
  return {
    name: 'requests',
    everyMs: probes.requestsEvery,
    async look() {
      const at = clock.now();
      const started = clock.monotonic();
      const maintained = await showsMaintenance(balancer);
      // Until the look before it may have been shown to some of those who are written down since.
      const apart = { ...traffic, maintained: maintained || maintainedBefore };
      // One for each look: a log that cannot be read to its end is read again from where this look began.
      const counter = new RequestCounter(slotMs);
      const doubts = await log.readOn((entry) => {
        const lately = entry.at > at - oldest && entry.at < at + clockSlack;
        if (lately && isReal(entry, apart)) counter.count(counted(entry, probes));
      });
      maintainedBefore = maintained;
      const openUpstream = await host.establishedTo(applicationPort({ target })).catch(() => undefined);
      const values = {
        slots: counter.slots(),
        ...(openUpstream !== undefined && { openUpstream }),
        ...(doubts.length > 0 && { doubts: [...doubts] }),
      };
      return [{ probe: 'requests', status: 'observed', at, tookMs: clock.monotonic() - started, values }];
    },
  };
}

/** Where that cannot be told: so it may be, and proves nothing. */
const showsMaintenance = (balancer: RequestsDependencies['balancer']): Promise<boolean> =>
  balancer.state().then(
    ({ shows }) => shows === 'maintenance',
    () => true,
  );

interface Apart extends Pick<TrafficConfig, 'maintenanceStatus'> {
  /** The balancer shows maintenance, or did just now. */
  readonly maintained: boolean;
}

/**
 * Whether it says something about the application. What does not: rollbackd's own requests, what the balancer answers
 * by itself (files, and its maintenance answer), what browsers ask before they ask, and connections that were upgraded.
 */
function isReal({ agent, upstream, status, method }: AccessEntry, { maintenanceStatus, maintained }: Apart): boolean {
  if (agent.startsWith(userAgent) || method === 'OPTIONS' || status < 200) return false;
  if (upstream === 'unknown') return !(maintained && status === maintenanceStatus);
  return upstream || (status >= 500 && status !== maintenanceStatus);
}

/** The route of a request that was answered well; undefined for any other. What is to be a baseline is made of these. */
export const routeOfGood = ({ agent, status, method, path, upstream }: AccessEntry): string | undefined => {
  const isGood =
    upstream !== false && status >= 200 && status < 400 && method !== 'OPTIONS' && !agent.startsWith(userAgent);
  return isGood ? routeName(method, path) : undefined;
};

/** The client has given up: nginx's own status for it. */
const givenUp = 499;

const counted = (entry: AccessEntry, probes: Pick<ProbesConfig, 'givenUpAfter'>): CountedRequest => ({
  at: entry.at,
  route: routeName(entry.method, entry.path),
  tenant: entry.tenant,
  outcome: outcomeOf(entry, probes),
  durationMs: entry.durationMs,
});

/** Whoever gave up at once changed their mind; what was refused may have been a mistake of whoever asked. */
function outcomeOf({ status, durationMs }: AccessEntry, { givenUpAfter }: Pick<ProbesConfig, 'givenUpAfter'>): Outcome {
  if (status === givenUp) return durationMs >= givenUpAfter ? 'failed' : 'cancelled';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'well';
}
