import type { JourneyLook, Samples } from '../samples/samples.ts';

/** A journey that fails, with the tenants for whom it does. */
export interface FailingJourney {
  readonly journey: string;
  readonly tenants: readonly string[];
  readonly since: number;
  readonly said: string;
}

interface Rules {
  readonly samples: number;
  readonly tenants: number;
}

/**
 * A tenant's journey fails where its newest conclusive looks, `samples` of them, all failed. Tenants take turns: it fails
 * for those of the newest looks, too, where `tenants` times as many in a row did.
 */
export function failingJourneys(
  { journeys }: Samples,
  { samples, tenants: least }: Rules,
  from: number,
): FailingJourney[] {
  const conclusive = journeys.filter(({ at, outcome }) => at >= from && outcome !== 'inconclusive');
  return [...Map.groupBy(conclusive, ({ journey }) => journey)].flatMap(([journey, looks]): FailingJourney[] => {
    const byTenant = [...Map.groupBy(looks, ({ tenant }) => tenant).values()];
    const turns = looks.slice(-samples * least);
    const inTurn = tenantsIn(turns).length >= least ? [row(turns, samples * least)] : [];
    const failed = [...byTenant.map((each) => row(each, samples)), ...inTurn].flat();
    const last = failed.at(-1);
    if (!last) return [];
    const tenants = tenantsIn(failed);
    const since = Math.min(...failed.map(({ at }) => at));
    const where = last.step === undefined ? '' : ` at ${last.step}`;
    const why = last.reason === undefined ? '' : ` (${last.reason})`;
    return [{ journey, tenants, since, said: `the journey ${journey} fails${where}${why} for ${tenants.join(', ')}` }];
  });
}

/** The newest so many looks, where all of them failed. */
function row(looks: readonly JourneyLook[], count: number): JourneyLook[] {
  const newest = looks.slice(-count);
  return newest.length === count && newest.every(({ outcome }) => outcome === 'failed') ? newest : [];
}

const tenantsIn = (looks: readonly JourneyLook[]): string[] => [...new Set(looks.map(({ tenant }) => tenant))].sort();
