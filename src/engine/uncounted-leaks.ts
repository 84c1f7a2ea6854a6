import type { Logger } from 'pino';
import type { Clock } from '../core/clock.ts';
import type { Metrics, UncountedLeak } from '../metrics/metrics.ts';
import type { Observation } from '../model/observation.ts';
import { whyUncounted } from '../probes/isolation/inquiry.ts';
import type { ProbeSet } from '../probes/schema.ts';

export interface UncountedDependencies {
  /** Of the version that is expected to run now. */
  readonly probeSet: () => Pick<ProbeSet, 'routes'>;
  readonly metrics: Pick<Metrics, 'uncountedLeaks'>;
  readonly log: Pick<Logger, 'warn'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}

const loggedEvery = 3_600_000;

/** What is seen and never decides is shown all the same: leaks on routes that are not trusted, or leaked before. */
export function showUncountedLeaks({ probeSet, metrics, log, clock }: UncountedDependencies) {
  let known = new Map<string, UncountedLeak>();
  const loggedAt = new Map<string, number>();
  const logNow = ({ route, why, documents }: UncountedLeak) => {
    const now = clock.monotonic();
    if (documents === 0 || now - (loggedAt.get(route) ?? Number.NEGATIVE_INFINITY) < loggedEvery) return;
    loggedAt.set(route, now);
    log.warn({ route, why, documents }, 'documents of other tenants come back on a route that decides nothing');
  };
  return (observations: readonly Observation[]): void => {
    if (!observations.some(({ probe }) => probe === 'isolation')) return;
    const { routes } = probeSet();
    const seen = routes.flatMap((route): UncountedLeak[] => {
      const why = whyUncounted(route);
      const documents = foreignOn(route.name, observations);
      // A look that was blind there refutes nothing.
      const before = known.get(route.name);
      if (why === undefined || (documents === undefined && !before)) return [];
      return [{ route: route.name, why, documents: documents ?? before?.documents ?? 0 }];
    });
    known = new Map(seen.map((leak) => [leak.route, leak]));
    metrics.uncountedLeaks(seen);
    for (const leak of seen) logNow(leak);
  };
}

/** Undefined where nothing was observed. */
function foreignOn(name: string, observations: readonly Observation[]): number | undefined {
  const counts = observations.flatMap((seen) =>
    seen.probe === 'isolation' && seen.status === 'observed' && seen.values.route === name
      ? [seen.values.foreign.length]
      : [],
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
