import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { BoundedLabel } from './bounded-label.ts';
import { catalogue, type MetricName, type MetricSpec, type OpenSet } from './catalogue.ts';

type InstrumentOf = { gauge: Gauge; counter: Counter; histogram: Histogram };
export type Instruments = { readonly [Name in MetricName]: InstrumentOf[(typeof catalogue)[Name]['type']] };

export type OpenLabels = Readonly<Record<Exclude<OpenSet, 'routes' | 'build'>, BoundedLabel>>;

/** One instrument for each line of the catalogue, with every sample that is known in advance at 0. */
export function createInstruments(registry: Registry, open: OpenLabels): Instruments {
  const made = Object.entries<MetricSpec>(catalogue).map(([name, spec]) => {
    const instrument = create(registry, name, spec);
    if (!(instrument instanceof Histogram)) startAtZero(instrument, spec, open);
    return [name, instrument];
  });
  return Object.fromEntries(made) as Instruments;
}

function create(registry: Registry, name: string, spec: MetricSpec): Gauge | Counter | Histogram {
  const configuration = { name, help: spec.help, labelNames: Object.keys(spec.labels ?? {}), registers: [registry] };
  switch (spec.type) {
    case 'gauge':
      return new Gauge(configuration);
    case 'counter':
      return new Counter(configuration);
    case 'histogram':
      return new Histogram({ ...configuration, buckets: [...(spec.buckets ?? [])] });
  }
}

function startAtZero(instrument: Gauge | Counter, spec: MetricSpec, open: OpenLabels): void {
  if (!spec.absentAtFirst) for (const labels of combinations(spec, open)) instrument.inc(labels, 0);
  // The library itself gives an instrument without labels its first sample.
  else if (!spec.labels) instrument.remove();
}

function combinations({ labels = {} }: MetricSpec, open: OpenLabels): Record<string, string>[] {
  let all: Record<string, string>[] = [{}];
  for (const [name, set] of Object.entries(labels)) {
    const values = valuesOf(set, open);
    all = all.flatMap((labels) => values.map((value) => ({ ...labels, [name]: value })));
  }
  return all;
}

function valuesOf(set: readonly string[] | OpenSet, open: OpenLabels): readonly string[] {
  if (typeof set !== 'string') return set;
  return set === 'build' || set === 'routes' ? [] : open[set].values();
}

/** 1 for the one value that holds, 0 for every other of its label. */
export function setOneOf(gauge: Gauge, label: string, values: readonly string[], value: string, more = {}): void {
  for (const each of values) gauge.set({ ...more, [label]: each }, each === value ? 1 : 0);
}
