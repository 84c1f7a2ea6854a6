import type { PrometheusValues } from '../../model/observation.ts';
import { type HowLong, lasting, type Sighting, type Track } from '../samples/lasting.ts';
import type { Samples } from '../samples/samples.ts';

type Series = PrometheusValues['series'][number];

/** Answers further apart are no neighbours. */
const near = 120_000;

/** How one measure of the whole application stands by what Prometheus answered; the worst query of a look counts. */
export function measuredByPrometheus(
  { prometheus }: Samples,
  measure: Series['measure'],
  { above, rule, from }: { readonly above: number; readonly rule: HowLong; readonly from: number },
): Track {
  const sightings = prometheus.flatMap(({ at, series }): Sighting[] => {
    const whole = series.filter((each) => each.measure === measure && !each.tenant && !each.route);
    const [worst] = whole.sort((a, b) => b.value - a.value);
    if (!worst || at < from) return [];
    return [{ at, end: at, found: worst.value > above ? 'bad' : 'good', said: `${worst.query}: ${worst.value}` }];
  });
  return lasting(sightings, near, rule);
}
