import { describe, expect, it } from 'vitest';
import { neighbourhood, sampleLimits } from '../../../src/rules/samples/limits.ts';
import { emptySamples, remember, type Samples } from '../../../src/rules/samples/samples.ts';
import { rulesSchema } from '../../../src/rules/schema.ts';
import {
  controlLook,
  healthLook,
  hour,
  intervals,
  isolationLook,
  journeyLook,
  limits,
  logLook,
  minute,
  mongoLook,
  ownLook,
  prometheusLook,
  rules,
  samplesOf,
  slotOf,
  unseen,
} from '../looks.ts';

const answersIn = ({ isolation }: Samples) => [...isolation.values()].flat();

describe('what is kept of what the probes saw', () => {
  it('is each kind by itself', () => {
    const samples = samplesOf(
      [
        healthLook('up', 1),
        controlLook(2),
        mongoLook(3),
        isolationLook('leak', 4),
        journeyLook(5, 'failed'),
        prometheusLook(6, { query: 'q', measure: 'latency', value: 3 }),
        { probe: 'tenants', at: 7, tookMs: 1, status: 'observed', values: { tenants: [] } },
        logLook(8, [slotOf(0, { requests: 2 })], 5),
        ownLook(9, [slotOf(0, { requests: 3 })]),
      ],
      10,
    );
    expect(samples.health).toMatchObject([{ at: 1, values: { application: { outcome: 'up' } } }]);
    expect(samples.control).toEqual([{ at: 2, tookMs: 0, well: true }]);
    expect(samples.mongo).toMatchObject([{ at: 3, values: { unified: 'reachable' }, reason: '' }]);
    expect(answersIn(samples)).toMatchObject([{ at: 4, foreignCount: 1, owners: ['warung'] }]);
    expect(samples.journeys).toMatchObject([{ at: 5, outcome: 'failed' }]);
    expect(samples.prometheus).toMatchObject([{ at: 6, series: [{ value: 3 }] }]);
    expect(samples.tenants).toMatchObject([{ at: 7 }]);
    expect(samples.requests).toMatchObject([{ at: 0, requests: 2 }]);
    expect(samples.synthetic).toMatchObject([{ at: 0, requests: 3 }]);
    expect(samples.requestsLook).toEqual({ at: 8, tookMs: 1, openUpstream: 5 });
  });

  it('is blindness of health, of the databases and of rollbackd itself as looks that prove nothing', () => {
    const samples = samplesOf([unseen('health', 1), unseen('control', 2), unseen('mongo', 3, 'no route')], 10);
    expect(samples.health).toMatchObject([{ at: 1, values: undefined }]);
    expect(samples.control).toEqual([{ at: 2, tookMs: 1, well: false }]);
    expect(samples.mongo).toMatchObject([{ at: 3, values: undefined, reason: 'no route' }]);
    const others = samplesOf([unseen('isolation', 1), unseen('journeys', 2), unseen('tenants', 3)], 10);
    expect([answersIn(others), others.journeys, others.tenants]).toEqual([[], [], []]);
  });

  it('is bounded by age', () => {
    const now = 10 * hour;
    const at = now - limits.ageMs;
    const old = samplesOf([healthLook('up', at - 1), healthLook('up', at), mongoLook(at - 1), mongoLook(at)], now);
    expect(old.health.map((look) => look.at)).toEqual([at]);
    expect(old.mongo.map((look) => look.at)).toEqual([at]);
    const later = remember(old, [], now + 1);
    expect([later.health, later.mongo]).toEqual([[], []]);
    const same = remember(old, [], now);
    expect([same.health === old.health, same.balancers === old.balancers]).toEqual([true, true]);
  });

  it('is for as long when users were served', () => {
    const early = samplesOf([isolationLook('clean', 10)], 20);
    const served = (now: number) => remember(early, [], now).served;
    expect(served(limits.ageMs + 15)).toEqual([{ from: 15, to: 15 }]);
    expect(served(limits.ageMs + 16)).toEqual([]);
  });

  it('is in the order in which it came: a look of before the newest counts as of then', () => {
    const known = samplesOf([controlLook(10), controlLook(20), controlLook(30)], 40);
    expect(remember(known, [controlLook(25)], 40).control.map(({ at }) => at)).toEqual([10, 20, 30, 30]);
  });

  it('is bounded by count, the newest first', () => {
    const samples = remember(
      { ...emptySamples(limits), limits: { ...limits, count: 2 } },
      [1, 2, 3].map((at) => healthLook('up', at)),
      10,
    );
    expect(samples.health.map(({ at }) => at)).toEqual([2, 3]);
  });

  it('is of questions about isolation the latest, and no leak that nothing has refuted', () => {
    const kept = (...looks: ReturnType<typeof isolationLook>[]) => {
      const now = limits.isolationAgeMs + 10;
      const early = samplesOf(looks, 10);
      const later = samplesOf([isolationLook('clean', now, { route: 'other' })], now, early);
      return answersIn(later).map(({ at, route }) => `${route} at ${at}`);
    };
    const other = `other at ${limits.isolationAgeMs + 10}`;
    expect(kept(isolationLook('clean', 9))).toEqual([other]);
    expect(kept(isolationLook('clean', 10))).toEqual(['menu at 10', other]);
    expect(kept(isolationLook('leak', 8), isolationLook('leak', 9))).toEqual(['menu at 8', 'menu at 9', other]);
    expect(kept(isolationLook('leak', 9), isolationLook('clean', 10))).toEqual(['menu at 9', 'menu at 10', other]);
    expect(kept(isolationLook('leak', 9), isolationLook('empty', 10))).toEqual(['menu at 9', 'menu at 10', other]);
    expect(kept(isolationLook('leak', 9), isolationLook('clean', 10, { tenant: 'kopi' }))).toEqual([
      'menu at 9',
      'menu at 10',
      other,
    ]);
  });

  it('is of a great leak a few documents, with all their owners', () => {
    const foreign = Array.from({ length: 9 }, (_, index) => ({ id: `d${index}`, owners: [`t${9 - index}`] }));
    const [look] = answersIn(samplesOf([isolationLook('leak', 1, { foreign })], 10));
    expect(look).toMatchObject({ foreignCount: 9, owners: ['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8', 't9'] });
    expect(look?.foreign).toHaveLength(5);
  });

  it('tells questions apart by tenant, route, kind and way', () => {
    const overs = [{}, { tenant: 'kopi' }, { route: 'list' }, { ask: 'foreign-id' }, { via: 'balancer' }] as const;
    const questions = overs.map((over) => answersIn(samplesOf([isolationLook('clean', 1, over)], 10))[0]?.question);
    expect(new Set(questions).size).toBe(overs.length);
  });

  it('takes nothing for later than now, and slots of another clock not at all', () => {
    const samples = samplesOf(
      [healthLook('up', 99_000), logLook(1, [slotOf(40_000, { requests: 1 }), slotOf(45_000, { requests: 1 })])],
      10_000,
    );
    expect(samples.health[0]?.at).toBe(10_000);
    expect(samples.requests.map(({ at }) => at)).toEqual([40_000]);
  });

  it('is the last standing of the balancer by question, longer than the looks', () => {
    const early = samplesOf([healthLook('up', 0)], 1);
    const late = samplesOf([healthLook('hanging', 20 * hour)], 20 * hour, early);
    expect(late.health).toMatchObject([{ balancer: { proven: true, seenUp: true } }]);
    const values = { asked: 'another', application: late.health[0]?.values?.application, vantage: {} };
    const balancer = late.health[0]?.values?.balancer;
    if (!values.application || !balancer) throw new Error('nothing was asked');
    const other = samplesOf(
      [healthLook({ ...values, application: values.application, balancer }, 20 * hour)],
      20 * hour,
      late,
    );
    expect(other.health[1]).toMatchObject({ balancer: { proven: false } });
  });
});

describe('how much is kept', () => {
  it('is six hours, and more where an outage may last longer; of isolation two windows', () => {
    expect(limits).toMatchObject({ ageMs: 6 * hour, isolationAgeMs: 2 * hour, slotMs: 5_000, count: 20_000 });
    const within = (of: string) =>
      sampleLimits(rulesSchema.parse({ unavailable: { for: '1h', within: of } }), intervals).ageMs;
    expect(within('61m')).toBe(6 * hour);
    expect(within('90m')).toBe(6 * hour);
    expect(within('2h')).toBe(8 * hour);
    expect(rules['cross-tenant-leak'].window).toBe(hour);
  });

  it('is looked at as often as the probes are configured to, and a leak is refuted by answers half a round later', () => {
    const configured = sampleLimits(rules, intervals);
    expect(configured).toMatchObject(intervals);
    expect(configured).toMatchObject({ isolationAgeMs: 2 * hour, count: 20_000, refuting: { after: 15_000 } });
  });

  it('has neighbours up to three times as far apart as looks are, at least two seconds', () => {
    expect([100, 666, 1_000, minute].map(neighbourhood)).toEqual([2_000, 2_000, 3_000, 3 * minute]);
  });
});
