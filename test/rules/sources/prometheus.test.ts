import { describe, expect, it } from 'vitest';
import type { Observation, PrometheusValues } from '../../../src/model/observation.ts';
import type { HowLong } from '../../../src/rules/samples/lasting.ts';
import { failingByPrometheus, measuredByPrometheus, whySilent } from '../../../src/rules/sources/prometheus.ts';
import { hour, minute, prometheusLook, samplesOf } from '../looks.ts';

type Series = PrometheusValues['series'][number];
const rule: HowLong = { for: minute, within: 2 * minute, samples: 3, clearFor: minute };
const second = 1_000;

/** Looks so far apart, one after the other. */
const looksApart = (apart: readonly number[]): Observation[] =>
  [0, ...apart].map((_, index) => prometheusLook(sumOf(apart.slice(0, index))));
const sumOf = (apart: readonly number[]): number => apart.reduce((sum, step) => sum + step, 0);
const steps = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms);

describe('when Prometheus was asked last', () => {
  /** The longest time after the last look in which it is not silent. */
  const patience = (...apart: number[]) => {
    const last = sumOf(apart);
    const samples = samplesOf(looksApart(apart), last);
    const silentAfter = (ms: number) => whySilent(samples, last + ms) !== undefined;
    return [minute, 2 * minute, 3 * minute, 15 * minute].filter((ms) => !silentAfter(ms) && silentAfter(ms + 1));
  };

  it('is long ago after three of its usual steps, and two minutes at least', () => {
    expect(patience()).toEqual([2 * minute]);
    expect(patience(15 * second, 15 * second)).toEqual([2 * minute]);
    expect(patience(minute, minute)).toEqual([3 * minute]);
    expect(patience(5 * minute, 5 * minute)).toEqual([15 * minute]);
  });

  it('takes the middle one of the newest twenty steps for the usual one', () => {
    expect(patience(...steps(10, minute), ...steps(10, 15 * second))).toEqual([3 * minute]);
    expect(patience(...steps(10, 15 * second), ...steps(10, minute))).toEqual([3 * minute]);
    expect(patience(...steps(9, minute), ...steps(11, 15 * second))).toEqual([2 * minute]);
    expect(patience(...steps(40, 5 * minute), ...steps(11, 15 * second))).toEqual([2 * minute]);
    expect(patience(...steps(30, 5 * minute), ...steps(20, minute))).toEqual([3 * minute]);
  });

  it('is said, and nothing where it was never asked', () => {
    const samples = samplesOf([prometheusLook(0)], 0);
    expect(whySilent(samples, hour)).toBe('Prometheus has said nothing since 1970-01-01T00:00:00Z');
    expect(whySilent(samplesOf([], hour), hour)).toBeUndefined();
  });
});

const series = (value: number, over: Partial<Series> = {}): Series => ({
  query: 'q',
  measure: 'error-rate',
  value,
  ...over,
});
/** The same series in each look, one look every 15 s. */
const row = (count: number, ...said: Series[]): Observation[] =>
  Array.from({ length: count }, (_, index) => prometheusLook(index * 15 * second, ...said));
const asked = (looks: readonly Observation[], from = 0) => {
  const now = (looks.at(-1)?.at ?? 0) + second;
  return [samplesOf(looks, now), { above: 0.5, rule, from, now }] as const;
};

describe('a measure of the whole application', () => {
  const measured = (measure: Series['measure'], looks: readonly Observation[], from = 0) => {
    const [samples, rest] = asked(looks, from);
    return measuredByPrometheus(samples, { ...rest, measure });
  };

  it('has the numbers of the newest look that speaks of it, by the worst query', () => {
    const looks = [
      ...row(3, series(0.9)),
      prometheusLook(45 * second, series(0.2), series(0.4), series(0.3)),
      prometheusLook(60 * second, series(300, { measure: 'latency' }), series(0.8, { tenant: 'kopi' })),
    ];
    const found = measured('error-rate', looks);
    expect(found.numbers).toEqual({ value: 0.4, threshold: 0.5, unit: 'share', samples: 4 });
    expect(found).toMatchObject({ silent: undefined, goodSince: 45 * second });
    expect(measured('latency', looks).numbers).toMatchObject({ value: 300, unit: 'ms', samples: 1 });
    expect(measured('latency', row(1)).numbers).toMatchObject({ value: 0, samples: 0 });
  });

  it('counts from the given moment on, and is too high only above the threshold', () => {
    const looks = row(7, series(0.9));
    expect(measured('error-rate', looks).trouble).toMatchObject({ since: 0, firing: true, said: 'q: 0.9' });
    expect(measured('error-rate', looks, 30 * second).trouble).toMatchObject({ since: 30 * second, firing: false });
    expect(measured('error-rate', row(7, series(0.5))).trouble).toBeUndefined();
  });
});

describe('what fails by single tenants and routes', () => {
  const failing = (...looks: Observation[]) => failingByPrometheus(...asked(looks));
  const of = (tenant: string | undefined, route: string | undefined, value = 0.9) =>
    series(value, { ...(tenant && { tenant }), ...(route && { route }) });

  it('is a tenant, or a route for everybody', () => {
    expect(failing(...row(7, of('kopi', undefined), of(undefined, 'menu', 0.75)))).toEqual([
      {
        kind: 'tenant',
        name: 'kopi',
        tenants: ['kopi'],
        share: 0.9,
        all: 0,
        since: 0,
        said: 'Prometheus says of kopi: q: 0.9',
      },
      {
        kind: 'route',
        name: 'menu',
        tenants: [],
        share: 0.75,
        all: 0,
        since: 0,
        said: 'Prometheus says of menu: q: 0.75',
      },
    ]);
  });

  it('is one feature where a route fails for several, with the larger share of them', () => {
    for (const [kopi, negoes] of [
      [0.6, 0.9],
      [0.9, 0.6],
    ] as const) {
      expect(failing(...row(7, of('kopi', 'menu', kopi), of('negoes', 'menu', negoes)))).toEqual([
        expect.objectContaining({
          kind: 'route',
          name: 'menu',
          tenants: ['kopi', 'negoes'],
          share: 0.9,
          said: `Prometheus says of menu for kopi: q: ${kopi}; Prometheus says of menu for negoes: q: ${negoes}`,
        }),
      ]);
    }
  });

  it('is nothing that fails for the application as a whole, and no measure but errors', () => {
    expect(failing(...row(7, of(undefined, undefined)))).toEqual([]);
    expect(failing(...row(7, series(900, { measure: 'latency', tenant: 'kopi' })))).toEqual([]);
  });

  it('is nothing that is well again, has not lasted, or of which nothing is said any more', () => {
    const kopi = row(7, of('kopi', undefined));
    const later = (ms: number, ...said: Series[]) => prometheusLook(90 * second + ms, ...said);
    expect(failing(...kopi)).toHaveLength(1);
    expect(failing(...kopi.slice(0, 5))).toEqual([]);
    expect(failing(...kopi, later(15 * second, of('kopi', undefined, 0.1)))).toEqual([]);
    expect(failing(...kopi, ...[15, 45, 75, 90].map((s) => later(s * second, of('kopi', undefined, 0.1))))).toEqual([]);
    expect(failing(...kopi, later(2 * minute - second))).toHaveLength(1);
    expect(failing(...kopi, later(2 * minute))).toEqual([]);
  });
});
