import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Observation } from '../../src/model/observation.ts';
import type { RequestSlot } from '../../src/model/request-slot.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { decide } from '../../src/rules/decide.ts';
import { judgeGuards } from '../../src/rules/guards/guards.ts';
import type { LatencyBaseline } from '../../src/rules/latency-baseline.ts';
import { leadingBreach } from '../../src/rules/leading-breach.ts';
import { moved } from '../../src/rules/samples/clock.ts';
import { emptySamples, remember } from '../../src/rules/samples/samples.ts';
import { nothingStanding } from '../../src/rules/standing.ts';
import { clearFacts, guardConfig } from './arbitrary-facts.ts';
import { judgeSamples } from './judging.ts';
import {
  eyes,
  type HealthSeen,
  healthLook,
  isolationLook,
  journeyLook,
  type LeakSeen,
  limits,
  logLook,
  minute,
  mongoLook,
  ownLook,
  samplesOf,
  slotOf,
  unseen,
} from './looks.ts';

const { slotMs } = limits;
const baseline: LatencyBaseline = new Map([['menu', { p95: 100, source: 'legacy' }]]);

/** Ten seconds of what happens: one look at health, two slots of requests, now and then a question of each other kind. */
interface Moment {
  readonly health: HealthSeen;
  readonly leak: LeakSeen;
  readonly requests: number;
  readonly errors: number;
  readonly slow: boolean;
  /** Failures of rollbackd's own two requests; absent: it makes none. */
  readonly own: number | undefined;
  readonly journey: 'passed' | 'failed' | 'inconclusive';
  readonly mongo: 'reachable' | 'unreachable';
}

const anyMoment: fc.Arbitrary<Moment> = fc.record({
  health: fc.constantFrom<HealthSeen>('up', 'up', 'down', 'hanging', 'disputed', 'blind', 'barred'),
  leak: fc.constantFrom<LeakSeen>('clean', 'clean', 'clean', 'leak', 'empty', 'blind'),
  requests: fc.nat(12),
  errors: fc.nat(12),
  slow: fc.boolean(),
  own: fc.nat(2),
  journey: fc.constantFrom('passed', 'failed', 'inconclusive'),
  mongo: fc.constantFrom('reachable', 'unreachable'),
});
/** Stretches of the same, so that trouble lasts. */
const anyStory = fc
  .array(fc.tuple(anyMoment, fc.integer({ min: 1, max: 40 })), { minLength: 1, maxLength: 6 })
  .map((stretches) => stretches.flatMap(([moment, count]) => Array.from({ length: count }, () => moment)));

const start = 100 * 24 * 60 * minute;

function slotsOf({ requests, errors, slow }: Moment, at: number): RequestSlot[] {
  const bad = Math.min(requests, errors);
  const half = Math.floor(requests / 2);
  const said = {
    requests,
    errors: bad,
    tenants: { kopi: [half, Math.min(half, bad)], negoes: [requests - half, bad - Math.min(half, bad)] },
    routes: { menu: { requests, errors: bad, ms: slow ? 1_500 : 90, failedFor: bad > 0 ? ['kopi', 'negoes'] : [] } },
  } as const;
  const slot = slotOf(at, {
    ...said,
    routes: { menu: { ...said.routes.menu, failedFor: [...said.routes.menu.failedFor] } },
  });
  return [slot, { ...slot, at: at + slotMs }];
}

function looksOf(story: readonly Moment[], from = start): Observation[] {
  return story.flatMap((moment, index): Observation[] => {
    const at = from + index * 10_000;
    return [
      ...eyes(at, at + 5_000),
      healthLook(moment.health, at + 2_000),
      ...(index % 3 === 0 ? [isolationLook(moment.leak, at + 2_500)] : []),
      mongoLook(at + 3_000, { unified: moment.mongo }),
      ...(index % 6 === 0
        ? [journeyLook(at + 3_500, moment.journey), journeyLook(at + 3_600, moment.journey, { tenant: 'negoes' })]
        : []),
      ...(moment.own === undefined ? [] : [ownLook(at + 9_900, [slotOf(at, { requests: 2, errors: moment.own })])]),
      logLook(at + 10_000, slotsOf(moment, at)),
    ];
  });
}

const endOf = (story: readonly Moment[], from = start): number => from + story.length * 10_000 + 1;
const judge = (looks: readonly Observation[], now: number) => judgeSamples(samplesOf(looks, now), now, { baseline });
const verdictsOf = (story: readonly Moment[], from = start): readonly Verdict[] =>
  judge(looksOf(story, from), endOf(story, from)).verdicts;

function decisionOn(verdicts: readonly Verdict[]) {
  const lead = leadingBreach(verdicts, nothingStanding);
  return decide({
    verdicts,
    guardResults: lead ? judgeGuards(clearFacts, guardConfig, lead.criterion) : [],
    mode: 'armed',
    pausedUntil: undefined,
    containmentPolicy: 'automatic',
    incident: nothingStanding,
    now: start,
  });
}
const harm = ['none', 'hold', 'page', 'rollback', 'contain'];
const harmOf = (verdicts: readonly Verdict[]): number => harm.indexOf(decisionOn(verdicts).action);

/** All but times and words. */
const numbers = ({ since, reason, ...rest }: Verdict, from: number) => ({
  ...rest,
  value: Number(rest.value.toFixed(9)),
  ...(since !== undefined && { since: since - from }),
});

const runs = { numRuns: 60 };

describe('worse input', () => {
  const worsened = (change: (moment: Moment) => Partial<Moment>) =>
    fc.property(anyStory, fc.array(fc.boolean(), { minLength: 240, maxLength: 240 }), (story, where) => {
      const worse = story.map((moment, index) => (where[index] ? { ...moment, ...change(moment) } : moment));
      fc.pre(!isRefutedSince(worse));
      expect(harmOf(verdictsOf(worse))).toBeGreaterThanOrEqual(harmOf(verdictsOf(story)));
    });

  /** What leaks always is refuted by fewer clean answers than what leaks now and then. */
  const isRefutedSince = (story: readonly Moment[]): boolean => {
    const asked = story.filter((_, index) => index % 3 === 0).map(({ leak }) => leak);
    return asked.slice(asked.lastIndexOf('leak')).filter((leak) => leak === 'clean').length >= 2;
  };

  it('is never less by another leak that clean answers have not refuted since', () => {
    fc.assert(
      worsened(() => ({ leak: 'leak' })),
      runs,
    );
  });

  it('is never less by more downtime, all else the same', () => {
    const quiet = anyStory.map((story) =>
      story.map(
        (moment): Moment => ({
          ...moment,
          requests: 0,
          own: undefined,
          leak: 'blind',
          health: moment.health === 'down' ? 'down' : 'up',
          mongo: 'reachable',
          journey: 'passed',
        }),
      ),
    );
    fc.assert(
      fc.property(quiet, fc.nat(239), fc.integer({ min: 1, max: 60 }), (story, from, count) => {
        const worse = story.map(
          (moment, index): Moment => (index >= from && index < from + count ? { ...moment, health: 'down' } : moment),
        );
        expect(harmOf(verdictsOf(worse))).toBeGreaterThanOrEqual(harmOf(verdictsOf(story)));
      }),
      runs,
    );
  });

  it('calls people no less by more failures, all of a stretch', () => {
    // One tenant's trouble is told; where it is everybody's, nobody is told of the tenant.
    const callOf = (story: readonly Moment[]): number => Math.max(harmOf(verdictsOf(story)), harm.indexOf('hold'));
    const up = anyStory.map((story) =>
      story.map(
        (moment): Moment => ({
          ...moment,
          health: 'up',
          leak: 'clean',
          slow: false,
          own: 0,
          mongo: 'reachable',
          journey: 'passed',
        }),
      ),
    );
    fc.assert(
      fc.property(up, fc.integer({ min: 0, max: 12 }), (story, more) => {
        const worse = story.map((moment): Moment => ({ ...moment, errors: moment.errors + more }));
        expect(callOf(worse)).toBeGreaterThanOrEqual(callOf(story));
      }),
      runs,
    );
  });
});

describe('blindness', () => {
  /** By an outage, for a while: then it shows, whatever is seen of the outage. */
  const isHidden = (reason: string): boolean => reason.endsWith('its errors are that outage');

  it('never breaches, whatever is blind', () => {
    const probes = fc.subarray([
      'control',
      'health',
      'isolation',
      'mongo',
      'requests',
      'synthetic',
      'prometheus',
      'journeys',
      'tenants',
    ] as const);
    fc.assert(
      fc.property(probes, fc.integer({ min: 1, max: 200 }), (blind, count) => {
        const looks = Array.from({ length: count }, (_, index) =>
          blind.map((probe) => unseen(probe, start + index * 10_000)),
        ).flat();
        const { verdicts } = judge(looks, start + count * 10_000);
        expect(verdicts.filter(({ verdict }) => verdict === 'breach')).toEqual([]);
      }),
      runs,
    );
  });

  it('never makes a breach of what was none', () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 1, max: 60 }), (story, count) => {
        const now = endOf(story);
        // The newest slots are complete only then.
        const known = [now, now + 10_000].flatMap((moment) => judge(looksOf(story), moment).verdicts);
        // The moderate criterion of a measure waits for the severe one.
        const measureOf = ({ criterion, measure = criterion }: Verdict): string => measure;
        const before = new Set(
          known.filter(({ verdict, reason }) => verdict === 'breach' || isHidden(reason)).map(measureOf),
        );
        const blind = Array.from({ length: count }, (_, index) =>
          (['control', 'health', 'isolation', 'mongo', 'requests', 'journeys'] as const).map((probe) =>
            unseen(probe, now + index * 10_000),
          ),
        ).flat();
        const later = judge([...looksOf(story), ...blind], now + count * 10_000).verdicts;
        // Slowness that people were told of is asked about when its time is up, whoever sees it then; and a route that
        // failed with all others is one of its own as soon as nobody sees the others.
        const excepted = /^(latency|feature)-/;
        const fresh = later.filter(
          (each) => each.verdict === 'breach' && !before.has(measureOf(each)) && !excepted.test(each.criterion),
        );
        expect(fresh).toEqual([]);
      }),
      runs,
    );
  });
});

describe('nothing is changed', () => {
  it('by a shift of all times by a multiple of the slot', () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: 1, max: 100_000 }), (story, count) => {
        const later = start + count * slotMs;
        expect(verdictsOf(story, later).map((each) => numbers(each, later))).toEqual(
          verdictsOf(story).map((each) => numbers(each, start)),
        );
      }),
      runs,
    );
  });

  it('by the order of tenants and routes', () => {
    const turned = (slot: RequestSlot): RequestSlot => ({
      ...slot,
      tenants: slot.tenants.toReversed(),
      routes: slot.routes.toReversed(),
    });
    const many = fc.array(fc.tuple(fc.nat(9), fc.nat(9)), { minLength: 2, maxLength: 5 });
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 40 }), (counts, minutes) => {
        const names = ['kopi', 'negoes', 'warung', 'a', 'b'];
        const said = counts.map(([requests, errors]) => [requests, Math.min(requests, errors)] as const);
        const slots = Array.from({ length: minutes * 12 }, (_, index) =>
          slotOf(start + index * slotMs, {
            tenants: Object.fromEntries(said.map((each, name) => [names[name] ?? '', each])),
            routes: Object.fromEntries(
              said.map(([requests, errors], name) => [`r${name}`, { requests, errors, failedFor: ['kopi'] }]),
            ),
          }),
        );
        const now = start + minutes * minute;
        const [one, other] = [slots, slots.map(turned)].map((each) => judge([logLook(now, each)], now).verdicts);
        const decided = (verdicts: readonly Verdict[] = []) =>
          verdicts.map(({ criterion, verdict, value, tenants, exemptBecause }) => ({
            criterion,
            verdict,
            value,
            tenants,
            exemptBecause,
          }));
        expect(decided(other)).toEqual(decided(one));
      }),
      runs,
    );
  });

  it('by the order in which the criteria are read', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const verdicts = verdictsOf(story);
        const { action, criterion, tenants } = decisionOn(verdicts);
        expect(decisionOn(verdicts.toReversed())).toMatchObject({ action, ...(criterion && { criterion }), tenants });
      }),
      runs,
    );
  });

  it('by slots that are told in pieces', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const now = endOf(story);
        const looks = looksOf(story);
        const pieces = looks.flatMap((look): Observation[] => {
          if (look.status !== 'observed' || look.probe !== 'requests') return [look];
          return look.values.slots.map((slot) => logLook(look.at, [slot]));
        });
        expect(judge(pieces, now)).toEqual(judge(looks, now));
      }),
      runs,
    );
  });

  it('by how many looks are taken at once', () => {
    fc.assert(
      fc.property(anyStory, (story) => {
        const now = endOf(story);
        const looks = looksOf(story);
        let samples = emptySamples(limits);
        for (const look of looks) samples = remember(samples, [look], Math.max(look.at, start));
        samples = remember(samples, [], now);
        expect(judgeSamples(samples, now, { baseline }).verdicts).toEqual(judge(looks, now).verdicts);
      }),
      runs,
    );
  });

  it('by somebody who sets the clock', () => {
    fc.assert(
      fc.property(anyStory, fc.integer({ min: -1_000, max: 1_000 }), (story, count) => {
        const now = endOf(story);
        const by = count * slotMs;
        const samples = samplesOf(looksOf(story), now);
        const before = judgeSamples(samples, now, { baseline }).verdicts.map((each) => numbers(each, now));
        const after = judgeSamples(moved(samples, { before: now, by }), now + by, { baseline }).verdicts;
        expect(after.map((each) => numbers(each, now + by))).toEqual(before);
      }),
      runs,
    );
  });
});

describe('the phase of the minute', () => {
  it('decides nothing about trouble that comes and goes', () => {
    const bursts = (phase: number, bad: number, period: number) => {
      const count = (60 * minute) / slotMs;
      const told = Array.from({ length: count }, (_, index) => {
        const inPeriod = (index * slotMs + phase) % period;
        return slotOf(start + index * slotMs, { requests: 10, errors: inPeriod < bad ? 6 : 0 });
      });
      const now = start + count * slotMs;
      const seen: string[] = [];
      for (let at = start + minute; at <= now; at += minute) {
        const { verdicts } = judge(
          [
            logLook(
              at,
              told.filter((slot) => slot.at < at),
            ),
          ],
          at,
        );
        seen.push(verdicts.find(({ criterion }) => criterion === 'error-rate-severe')?.verdict ?? '');
      }
      return seen.includes('breach');
    };
    const phases = [0, 30_000, 60_000, 90_000, 120_000, 150_000];
    expect(new Set(phases.map((phase) => bursts(phase, 110_000, 180_000)))).toEqual(new Set([true]));
  });
});
