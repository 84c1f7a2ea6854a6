import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../src/probes/prometheus/answer.ts';
import { readQuery } from '../../../src/probes/prometheus/read-query.ts';

const now = 1_800_000_000;
const oldest = 120_000;

const sample = (value: number, labels: Sample['labels'] = {}): Sample => ({
  labels,
  askedFor: now,
  value,
  isScalar: false,
});

const share = { name: 'share', measure: 'error-rate', query: 'e' } as const;
const latency = { name: 'took', measure: 'latency', query: 'l' } as const;
const byBoth = { ...share, tenantLabel: 'tenant', routeLabel: 'route' };
const fresh = [sample(now)];

describe('the series of a query', () => {
  it('are shares as they are and durations in ms, from the least to the most that there can be', () => {
    expect(readQuery(share, [sample(0)], fresh, oldest).series).toEqual([
      { query: 'share', measure: 'error-rate', value: 0 },
    ]);
    expect(readQuery(share, [sample(1)], fresh, oldest).series).toMatchObject([{ value: 1 }]);
    expect(readQuery(latency, [sample(0)], fresh, oldest).series).toMatchObject([{ value: 0 }]);
    expect(readQuery(latency, [sample(2.5)], fresh, oldest).series).toMatchObject([{ value: 2_500 }]);
  });

  it('count up to the age that is allowed, and no longer', () => {
    expect(readQuery(share, [sample(0.1)], [sample(now - 120)], oldest).series).toHaveLength(1);
    expect(readQuery(share, [sample(0.1)], [sample(now - 121)], oldest)).toEqual({
      series: [],
      reasons: ['its newest sample is 2m1s old'],
    });
  });

  it('are as young as the youngest sample behind them', () => {
    const newest = [sample(now - 600), sample(now - 10), sample(now - 300)];
    expect(readQuery(share, [sample(0.1)], newest, oldest).series).toHaveLength(1);
  });

  it('say nothing where no age is told for them', () => {
    const { reasons } = readQuery(
      byBoth,
      [sample(0.1, { tenant: 'a', route: 'r' })],
      [sample(now, { tenant: 'b' })],
      oldest,
    );
    expect(reasons).toEqual(['its newest sample is gone']);
    expect(readQuery(share, [sample(0.1)], [sample(Number.NaN)], oldest).reasons).toEqual([
      'its newest sample is gone',
    ]);
  });

  it('are told apart by tenant and route, and two of the same are none', () => {
    const one = sample(0.1, { tenant: 'a', route: 'r' });
    const { series } = readQuery(byBoth, [one, sample(0.2, { tenant: 'a', route: 's' })], fresh, oldest);
    expect(series).toMatchObject([
      { tenant: 'a', route: 'r', value: 0.1 },
      { tenant: 'a', route: 's', value: 0.2 },
    ]);
    expect(readQuery(byBoth, [one, one], fresh, oldest)).toEqual({
      series: [],
      reasons: ['it yields several series for tenant a on route r: let the query add them up'],
    });
  });

  it('are all doubtful where one of them is no share', () => {
    const samples = [sample(0.1, { tenant: 'a', route: 'r' }), sample(1.1, { tenant: 'b', route: 'r' })];
    expect(readQuery(byBoth, samples, fresh, oldest)).toEqual({
      series: [],
      reasons: ['it yields 1.1: a share lies from 0 to 1'],
    });
    expect(readQuery(latency, [sample(-0.1)], fresh, oldest).reasons).toEqual([
      'it yields -0.1: no duration is below 0',
    ]);
  });

  it('that say nothing are told by their reasons, the first few by name', () => {
    const samples = ['a', 'b', 'c', 'd'].map((tenant) => sample(Number.NaN, { tenant, route: 'r' }));
    const { series, reasons } = readQuery(byBoth, [...samples, sample(0.5, { tenant: 'e', route: '' })], fresh, oldest);
    expect(series).toEqual([]);
    expect(reasons).toEqual([
      'no number (NaN): 4 of 5 series, for tenant a on route r, for tenant b on route r, for tenant c on route r and others',
      'no label route: 1 of 5 series, for tenant e on route (empty)',
    ]);
  });
});
