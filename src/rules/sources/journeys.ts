import type { JourneyLook, Samples } from '../samples/samples.ts';

/** A journey that fails, with the tenants for whom it does. */
export interface FailingJourney {
  readonly journey: string;
  readonly tenants: readonly string[];
  readonly since: number;
  readonly said: string;
}

/** A tenant's journey fails where its newest conclusive looks, `samples` of them, all failed. */
export function failingJourneys({ journeys }: Samples, samples: number, from: number): FailingJourney[] {
  const conclusive = journeys.filter(({ at, outcome }) => at >= from && outcome !== 'inconclusive');
  return [...Map.groupBy(conclusive, ({ journey }) => journey)].flatMap(([journey, looks]): FailingJourney[] => {
    const rows = [...Map.groupBy(looks, ({ tenant }) => tenant).values()]
      .map((each) => each.slice(-samples))
      .filter((row) => row.length === samples && row.every(({ outcome }) => outcome === 'failed'));
    const [first] = rows;
    if (!first) return [];
    const last = first.at(-1) as JourneyLook;
    const tenants = rows.map(([look]) => look?.tenant ?? '').sort();
    const since = Math.min(...rows.map(([look]) => look?.at ?? 0));
    const where = last.step === undefined ? '' : ` at ${last.step}`;
    const why = last.reason === undefined ? '' : ` (${last.reason})`;
    return [{ journey, tenants, since, said: `the journey ${journey} fails${where}${why} for ${tenants.join(', ')}` }];
  });
}
