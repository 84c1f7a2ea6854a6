import type { PrometheusValues } from '../../model/observation.ts';
import { formatInstant } from '../instant.ts';
import { type HowLong, lasting, type Sighting, type Track } from '../samples/lasting.ts';
import type { Samples } from '../samples/samples.ts';
import type { FailingFeature } from './failing-features.ts';

type Series = PrometheusValues['series'][number];

/** Looks that are three of their usual steps apart are no neighbours any more; nor are they at once. */
function nearOf(looks: Samples['prometheus']): number {
  const newest = looks.slice(-21).map(({ at }) => at);
  const steps = newest.slice(1).map((at, index) => at - (newest[index] ?? at));
  const usual = steps.sort((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return Math.max(3 * usual, 120_000);
}

/** Why nothing is known of now, where Prometheus was asked before. */
export function whySilent({ prometheus }: Samples, now: number): string | undefined {
  const last = prometheus.at(-1);
  if (!last || now - last.at <= nearOf(prometheus)) return undefined;
  return `Prometheus has said nothing since ${formatInstant(last.at)}`;
}

/** What Prometheus says of one measure: whether it has been too high for long enough, and its newest value. */
export interface Measured extends Track {
  /** It says nothing of it any more: since when, in words. */
  readonly silent: string | undefined;
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
  readonly now: number;
}

/** How one measure of the whole application stands; the worst query of a look counts. */
export const measuredByPrometheus = (samples: Samples, asked: Asked): Measured =>
  measuredOf(samples, asked, ({ tenant, route }) => tenant === undefined && route === undefined);

function measuredOf(
  { prometheus }: Samples,
  { measure, above, rule, from, now }: Asked,
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
  const near = nearOf(prometheus);
  const last = sightings.at(-1)?.at ?? now;
  return {
    ...lasting(sightings, near, rule),
    silent: now - last > near ? `Prometheus has said nothing of it since ${formatInstant(last)}` : undefined,
    numbers: {
      value: worst.at(-1)?.value ?? 0,
      threshold: above,
      unit: measure === 'latency' ? 'ms' : 'share',
      samples: worst.length,
    },
  };
}

/** Tenants and routes that fail. Each series has a past of its own; those of several tenants on one route are one feature. */
export function failingByPrometheus(samples: Samples, asked: Omit<Asked, 'measure'>): FailingFeature[] {
  const failing = samples.prometheus.flatMap(({ series }) => series).filter((each) => isFailing(each, asked.above));
  const each = [...new Map(failing.map((series) => [keyOf(series), series])).values()];
  const found = each.flatMap((one) =>
    featureOf(one, measuredOf(samples, { ...asked, measure: 'error-rate' }, isLike(one))),
  );
  return [...Map.groupBy(found, ({ kind, name }) => `${kind} ${name}`).values()].flatMap(([first, ...others]) =>
    first ? [others.reduce(asOne, first)] : [],
  );
}

const isFailing = ({ measure, tenant, route, value }: Series, above: number): boolean =>
  measure === 'error-rate' && (tenant !== undefined || route !== undefined) && value > above;

const keyOf = ({ tenant, route }: Series): string => JSON.stringify([tenant, route]);

const isLike =
  (one: Series) =>
  (series: Series): boolean =>
    keyOf(series) === keyOf(one);

function featureOf({ tenant, route }: Series, { trouble, numbers, silent }: Measured): FailingFeature[] {
  if (!trouble?.firing || silent) return [];
  const tenants = tenant === undefined ? [] : [tenant];
  const kind = route === undefined ? 'tenant' : 'route';
  const said = `Prometheus says of ${[route ?? [], ...tenants].flat().join(' for ')}: ${trouble.said}`;
  return [{ kind, name: route ?? tenants.join(), tenants, share: numbers.value, all: 0, since: trouble.since, said }];
}

const asOne = (a: FailingFeature, b: FailingFeature): FailingFeature => ({
  ...a,
  tenants: [...a.tenants, ...b.tenants],
  share: Math.max(a.share, b.share),
  said: `${a.said}; ${b.said}`,
});
