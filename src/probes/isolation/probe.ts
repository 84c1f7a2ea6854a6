import type { DocumentOwnership } from '../../adapters/mongo/ownership.ts';
import type { Observation } from '../../model/observation.ts';
import { atMostAtOnce } from '../at-most-at-once.ts';
import type { Probe } from '../contract.ts';
import type { ProbeSet } from '../schema.ts';
import type { Asking } from './inquire.ts';
import { type Inquiry, inquiriesOf, throughBalancer } from './inquiry.ts';
import { type Bursting, inquireUntilProven } from './until-proven.ts';

export interface IsolationVersion {
  readonly probeSet: ProbeSet;
  readonly ownership: DocumentOwnership;
  /** Tenants that this version serves, besides those of the configuration. */
  readonly knownTenants: (signal: AbortSignal) => Promise<readonly string[]>;
}

export interface IsolationDependencies extends Omit<Asking, 'ownership' | 'signal'> {
  /** The version that is expected to run now, and who owns what in its database. */
  readonly version: () => IsolationVersion;
}

/** Asks as each tenant and looks up whose documents came back: on the application's own port, and now and then as users do. */
export function isolationProbe(dependencies: IsolationDependencies): Probe {
  const { probes, target, clock } = dependencies;
  const isBalancersTurn = dueEvery(probes.isolationThroughBalancerEvery, clock);
  return {
    name: 'isolation',
    everyMs: probes.isolationEvery,
    async look(signal, tell = () => {}) {
      // Once a look: answers of one version mean nothing to the database of the other.
      const { probeSet, ownership, knownTenants } = dependencies.version();
      const configured = target.tenants.map(({ slug }) => slug);
      const tenants = [...new Set([...configured, ...(await knownTenants(signal))])];
      const bursting: Bursting = { ...dependencies, ownership, signal, tell, burstsEnd: endOfBursts(dependencies) };
      const askAll = (groups: Inquiry[][]) => askGroups(bursting, groups);
      const direct = await askAll(
        probeSet.routes.flatMap((route) => inquiriesOf(route, tenants)).map((each) => [each]),
      );
      if (!isBalancersTurn()) return direct;
      // First, so that what comes through the balancer is compared with what the application itself says now.
      tell(direct);
      return [...direct, ...(await askAll(throughBalancer(probeSet.routes, tenants)))];
    },
  };
}

/** Several groups at once, the inquiries of a group one right after the other. */
async function askGroups(bursting: Bursting, groups: readonly (readonly Inquiry[])[]): Promise<Observation[]> {
  const seen = await atMostAtOnce(groups, bursting.probes.concurrency, async (group) => {
    const answers: Observation[] = [];
    for (const inquiry of group) answers.push(...(await inquireUntilProven(bursting, inquiry)));
    return answers;
  });
  return seen.flat();
}

/** All bursts of one look together take no longer than it is until the next one. */
function endOfBursts({ probes, clock }: Pick<Asking, 'probes' | 'clock'>): () => number {
  let end: number | undefined;
  return () => {
    end ??= clock.monotonic() + probes.isolationEvery;
    return end;
  };
}

/** The number of a turn that is due, the first one at once; never where `every` is zero. */
function dueEvery(every: number, { monotonic }: Pick<Asking['clock'], 'monotonic'>): () => boolean {
  let next = monotonic();
  return () => {
    if (every === 0 || monotonic() < next) return false;
    next = monotonic() + every;
    return true;
  };
}
