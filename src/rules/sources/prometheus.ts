import type { PrometheusValues } from '../../model/observation.ts';
import { type HowLong, lasting, type Sighting, type Track } from '../samples/lasting.ts';
import type { Samples } from '../samples/samples.ts';
import type { FailingFeature } from './failing-features.ts';

type Series = PrometheusValues['series'][number];

/** Answers further apart are no neighbours. */
const near = 120_000;

/** What Prometheus says of one measure: whether it has been too high for long enough, and its newest value. */
export interface Measured extends Track {
  readonly numbers: {
    readonly value: number;
    readonly threshold: number;
    readonly unit: 'share' | 'ms';
    readonly samples: number;
  };
}

interface Asked {
  readonly measure: Series['measure'];
  readonly above: number;
  readonly rule: HowLong;
  readonly from: number;
}

/** How one measure of the whole application stands; the worst query of a look counts. */
export const measuredByPrometheus = (samples: Samples, asked: Asked): Measured =>
  measuredOf(samples, asked, ({ tenant, route }) => tenant === undefined && route === undefined);

function measuredOf(
  { prometheus }: Samples,
  { measure, above, rule, from }: Asked,
  isMeant: (series: Series) => boolean,
): Measured {
  const worst = prometheus.flatMap(({ at, series }) => {
    const meant = series.filter((each) => each.measure === measure && isMeant(each));
    const [highest] = meant.sort((a, b) => b.value - a.value);
    return highest && at >= from ? [{ at, ...highest }] : [];
  });
  const sightings = worst.map(
    ({ at, query, value }): Sighting => ({
      at,
      end: at,
      found: value > above ? 'bad' : 'good',
      said: `${query}: ${value}`,
    }),
  );
  return {
    ...lasting(sightings, near, rule),
    numbers: {
      value: worst.at(-1)?.value ?? 0,
      threshold: above,
      unit: measure === 'latency' ? 'ms' : 'share',
      samples: worst.length,
    },
  };
}

/** Tenants and routes that fail; each has a series, and each series a past of its own. */
export function failingByPrometheus(samples: Samples, asked: Omit<Asked, 'measure'>): FailingFeature[] {
  const failing = samples.prometheus.flatMap(({ series }) => series).filter((each) => isFailing(each, asked.above));
  return [...new Map(failing.map((each) => [featureOf(each).name, each])).values()].flatMap((one): FailingFeature[] => {
    const feature = featureOf(one);
    const isThis = (series: Series) => featureOf(series).name === feature.name;
    const { trouble, numbers } = measuredOf(samples, { ...asked, measure: 'error-rate' }, isThis);
    if (!trouble?.firing) return [];
    const said = `Prometheus says of ${feature.name}: ${trouble.said}`;
    return [{ ...feature, share: numbers.value, all: 0, since: trouble.since, said }];
  });
}

const isFailing = ({ measure, tenant, route, value }: Series, above: number): boolean =>
  measure === 'error-rate' && (tenant !== undefined || route !== undefined) && value > above;

/** A route of one tenant counts as a route. */
function featureOf({ tenant, route }: Series): Pick<FailingFeature, 'kind' | 'name' | 'tenants'> {
  const tenants = tenant === undefined ? [] : [tenant];
  if (route === undefined) return { kind: 'tenant', name: tenants.join(), tenants };
  return { kind: 'route', name: [route, ...tenants].join(' for '), tenants };
}
