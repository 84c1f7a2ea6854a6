import { formatDuration } from '../../core/duration.ts';
import { never } from '../../core/errors.ts';
import type { PrometheusValues } from '../../model/observation.ts';
import type { Sample } from './answer.ts';
import type { PrometheusQuery } from './schema.ts';

type Series = PrometheusValues['series'][number];

/** What one query has shown, and everything about it that says nothing, in words. */
export interface QuerySeen {
  readonly series: readonly Series[];
  readonly reasons: readonly string[];
}

export const unusable = (reason: string): QuerySeen => ({ series: [], reasons: [reason] });

/** Where something amiss with one series makes the others doubtful, none of them counts. */
export function readQuery(
  query: PrometheusQuery,
  samples: readonly Sample[],
  newest: readonly Sample[],
  oldestMs: number,
): QuerySeen {
  const named = samples.map((sample) => ({ ...placeOf(query, sample), sample }));
  const doubtful = whyDoubtful(query, named);
  if (doubtful) return unusable(doubtful);
  const ages = agesBy(query, newest);
  const judged = named.map(({ key, place, sample }) => ({
    place,
    value: inUnit(query, sample.value),
    reason: whyNothing(query, sample, ages.get(key) ?? ages.get(whole), oldestMs),
  }));
  const mute = judged.flatMap(({ place, reason }) => (reason === undefined ? [] : [{ place, reason }]));
  return {
    series: judged.flatMap(({ place, value, reason }) =>
      reason === undefined ? [{ query: query.name, measure: query.measure, ...place, value }] : [],
    ),
    reasons: inGroups(mute, judged.length),
  };
}

type Place = Pick<Series, 'tenant' | 'route'>;

interface Named {
  readonly key: string;
  readonly place: Place;
  readonly sample: Sample;
}

const keyOf = ({ tenant, route }: Place): string => JSON.stringify([tenant ?? '', route ?? '']);
const whole = keyOf({});

function placeOf({ tenantLabel, routeLabel }: PrometheusQuery, { labels }: Sample): { key: string; place: Place } {
  const tenant = tenantLabel === undefined ? undefined : labels[tenantLabel];
  const route = routeLabel === undefined ? undefined : labels[routeLabel];
  const place = { ...(tenant !== undefined && { tenant }), ...(route !== undefined && { route }) };
  return { key: keyOf(place), place };
}

function whyDoubtful(query: PrometheusQuery, named: readonly Named[]): string | undefined {
  const keys = new Map<string, Place>();
  for (const { key, place, sample } of named) {
    if (keys.has(key)) return `it yields several series ${inWords(place)}: let the query add them up`;
    keys.set(key, place);
    const outside = whyOutside(query, sample.value);
    if (outside) return outside;
  }
  return undefined;
}

/** What was counted apart may miss 1 by the last digits. */
const rounding = 1e-6;

/** No such value can be: the query yields something else, and its other values only look as if they could. */
function whyOutside({ measure }: PrometheusQuery, value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined;
  if (value < 0) return `it yields ${value}: no ${measure === 'latency' ? 'duration' : 'share'} is below 0`;
  if (measure === 'error-rate' && value > 1 + rounding) {
    return `it yields ${value}: a share lies from 0 to 1`;
  }
  return undefined;
}

/** Why this one series says nothing. */
function whyNothing(
  { tenantLabel, routeLabel }: PrometheusQuery,
  { labels, value }: Sample,
  ageMs: number | undefined,
  oldestMs: number,
): string | undefined {
  const missing = [tenantLabel, routeLabel].find((label) => label !== undefined && !labels[label]);
  if (missing !== undefined) return `no label ${missing}`;
  if (!Number.isFinite(value)) return `no number (${Number.isNaN(value) ? 'NaN' : 'infinite'})`;
  if (ageMs === undefined) return 'its newest sample is gone';
  return ageMs > oldestMs ? `its newest sample is ${formatDuration(ageMs)} old` : undefined;
}

function inUnit({ measure }: PrometheusQuery, value: number): number {
  switch (measure) {
    case 'error-rate':
      return Math.min(value, 1);
    case 'latency':
      return value * 1_000;
    default:
      return never(measure);
  }
}

/** How old the newest sample is, by Prometheus's own clock at the moment for which it was asked. */
function agesBy(query: PrometheusQuery, newest: readonly Sample[]): ReadonlyMap<string, number> {
  const ages = new Map<string, number>();
  for (const sample of newest) {
    const { key } = placeOf(query, sample);
    const age = (sample.askedFor - sample.value) * 1_000;
    if (Number.isFinite(age)) ages.set(key, Math.min(age, ages.get(key) ?? age));
  }
  return ages;
}

const shown = 3;

/** One sentence for each reason, with those whom it concerns where others are well. */
function inGroups(mute: readonly { readonly place: Place; readonly reason: string }[], of: number): string[] {
  const groups = Map.groupBy(mute, ({ reason }) => reason);
  return [...groups].map(([reason, places]) => {
    if (of === 1) return reason;
    const names = places.slice(0, shown).map(({ place }) => inWords(place));
    const more = places.length > shown ? ' and others' : '';
    return `${reason}: ${places.length} of ${of} series, ${names.join(', ')}${more}`;
  });
}

function inWords({ tenant, route }: Place): string {
  const words = [
    ...(tenant === undefined ? [] : [`for tenant ${tenant || '(empty)'}`]),
    ...(route === undefined ? [] : [`on route ${route || '(empty)'}`]),
  ];
  return words.length > 0 ? words.join(' ') : 'for the whole';
}
