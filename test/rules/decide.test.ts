import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decision as decisionSchema } from '../../src/model/decision.ts';
import type { CriterionName, Verdict } from '../../src/model/verdict.ts';
import { type DecideInput, decide } from '../../src/rules/decide.ts';
import { judgeGuards } from '../../src/rules/guards/guards.ts';
import { nothingStanding, type Standing } from '../../src/rules/standing.ts';
import { anyFacts, clearFacts, guardConfig, now } from './arbitrary-facts.ts';
import { anyVerdicts, verdictsIn } from './arbitrary-verdicts.ts';

const passing = judgeGuards(clearFacts, guardConfig, 'unavailable');
const failing = (...guards: readonly string[]) =>
  passing.map((result) =>
    guards.includes(result.guard) ? { ...result, outcome: 'failed' as const, reason: 'no' } : result,
  );

const clear: DecideInput = {
  verdicts: verdictsIn('clear', 'breach'),
  guardResults: passing,
  mode: 'armed',
  pausedUntil: undefined,
  containmentPolicy: 'automatic',
  incident: nothingStanding,
  now,
};
const leak = { ...clear, verdicts: verdictsIn('breach', 'clear') };

const standing: fc.Arbitrary<Standing> = fc.record({
  containment: fc.constantFrom('none', 'begun', 'proven', 'failed', 'released'),
  stoppedByRun: fc.boolean(),
  watching: fc.boolean(),
  rejectedFor: fc.subarray<CriterionName>(['cross-tenant-leak', 'unavailable']),
  frozen: anyVerdicts,
});

const anyInput: fc.Arbitrary<DecideInput> = fc.record({
  verdicts: anyVerdicts,
  guardResults: fc.oneof(
    anyFacts.map((facts) => judgeGuards(facts, guardConfig, 'unavailable')),
    fc.constant(passing),
    fc.subarray(passing),
  ),
  mode: fc.constantFrom('observe', 'approve', 'armed'),
  pausedUntil: fc.constantFrom(undefined, now - 1, now + 1),
  containmentPolicy: fc.constantFrom('automatic', 'ask'),
  incident: fc.oneof(fc.constant(nothingStanding), standing),
  now: fc.constant(now),
});

describe('the decision', () => {
  it('rolls back an outage where the daemon is armed and every guard passes, else asks', () => {
    expect(decide(clear).action).toBe('rollback');
    expect(decide({ ...clear, guardResults: failing('lease') }).action).toBe('page');
    expect(decide({ ...clear, mode: 'approve' }).action).toBe('page');
  });

  it('holds where a rollback would not help, and says so', () => {
    const held = decide({ ...clear, guardResults: failing('would-help') });
    expect(held.action).toBe('hold');
    expect(held.reasonsAgainst[0]).toBe('no rollback is offered, since it would not help: no');
  });

  it('contains a leak first, and names what follows', () => {
    expect(decide(leak)).toMatchObject({ action: 'contain', next: 'rollback', criterion: 'cross-tenant-leak' });
    expect(decide({ ...leak, guardResults: failing('lease') })).toMatchObject({ action: 'contain', next: 'page' });
    expect(decide({ ...leak, mode: 'approve' })).toMatchObject({ action: 'contain', next: 'page' });
    expect(decide({ ...leak, containmentPolicy: 'ask' })).toMatchObject({ action: 'page' });
    expect(decide({ ...leak, pausedUntil: now + 1 })).toMatchObject({ action: 'page' });
    expect(decide({ ...leak, pausedUntil: now })).toMatchObject({ action: 'contain' });
  });

  it.each([
    [{ containment: 'begun' }, 'containment is under way'],
    [{ containment: 'failed' }, 'containment failed: a person must resume it'],
    [{ containment: 'released' }, 'a person released the containment: the daemon does not stop the application again'],
    [{ rejectedFor: ['cross-tenant-leak'] }, 'a person rejected acting on this leak'],
  ] satisfies [Partial<Standing>, string][])(
    'asks about a leak, and says why nothing is stopped, where %j',
    (standing, why) => {
      const decided = decide({ ...leak, incident: { ...nothingStanding, ...standing } });
      expect(decided).toMatchObject({ action: 'page', criterion: 'cross-tenant-leak' });
      expect(decided.reasonsAgainst[0]).toBe(why);
    },
  );

  it('says what stands in the way of stopping the application alone', () => {
    expect(decide({ ...leak, containmentPolicy: 'ask' }).reasonsAgainst[0]).toBe('containment is set to ask');
    expect(decide({ ...leak, pausedUntil: now + 1_000 }).reasonsAgainst[0]).toBe(
      'acting is paused until 2026-01-10T03:00:01Z',
    );
  });

  it('holds in a watch, whatever is in breach', () => {
    const watching = decide({ ...clear, incident: { ...nothingStanding, watching: true } });
    expect(watching).toMatchObject({ action: 'hold', criterion: 'unavailable' });
    expect(watching.reasonsAgainst[0]).toBe('a rollback was just done: its watch acts on nothing');
  });

  it('never acts alone on less than a critical breach, nor after a person said no', () => {
    const severe = clear.verdicts.map((verdict) => ({ ...verdict, tier: 'severe' as const }));
    expect(decide({ ...clear, verdicts: severe }).action).toBe('page');
    expect(decide({ ...clear, incident: { ...nothingStanding, rejectedFor: ['error-rate-severe'] } }).action).toBe(
      'page',
    );
    expect(decide({ ...clear, incident: { ...nothingStanding, containment: 'released' } }).action).toBe('page');
    expect(decide({ ...clear, pausedUntil: now + 1 }).action).toBe('page');
    expect(decide({ ...clear, pausedUntil: now }).action).toBe('rollback');
  });

  it('puts the leak before the outage and names the tenants of every breach', () => {
    const both = decide({ ...clear, verdicts: verdictsIn('breach', 'breach') });
    expect(both).toMatchObject({ criterion: 'cross-tenant-leak', tenants: ['negoes'] });
    expect(both.reasonsFor).toContain('unavailable is breach: the outage');
  });

  it('puts the greatest harm first, in whatever order the criteria speak', () => {
    const both = verdictsIn('breach', 'breach').toReversed();
    expect(decide({ ...clear, verdicts: both }).criterion).toBe('cross-tenant-leak');
    const told = verdictsIn('pending', 'pending').map((verdict) => ({ ...verdict, told: true }));
    expect(decide({ ...clear, verdicts: told.toReversed() })).toMatchObject({
      action: 'hold',
      criterion: 'cross-tenant-leak',
    });
  });

  it('says for what and against what it is, each once: breaches and guards that pass, and all others', () => {
    const [leaking, outage] = verdictsIn('breach', 'breach').map((verdict) => ({ ...verdict, tenants: ['warung'] }));
    const [, pending] = verdictsIn('clear', 'pending');
    if (!leaking || !outage || !pending) throw new Error('no verdicts');
    const others = { ...pending, criterion: 'error-rate-severe', reason: 'errors' };
    const guardResults = failing('lease').filter(({ guard }) => guard === 'mode' || guard === 'lease');
    const verdicts = [others, outage, { ...leaking, tenants: ['kopi', 'warung'] }];
    expect(decide({ ...clear, verdicts, guardResults, mode: 'approve' })).toMatchObject({
      tenants: ['kopi', 'warung'],
      reasonsFor: ['unavailable is breach: the outage', 'cross-tenant-leak is breach: the leak', 'mode: mode is armed'],
      reasonsAgainst: ['lease: no', 'error-rate-severe is pending: errors'],
    });
    expect(decide({ ...clear, verdicts: [{ ...outage, verdict: 'exempt', told: true }, others] })).toMatchObject({
      action: 'hold',
      reasonsFor: ['unavailable is exempt: the outage'],
      reasonsAgainst: ['error-rate-severe is pending: errors'],
    });
  });

  it('goes on from what a contained application was stopped for, and takes its silence for no outage', () => {
    const contained: Standing = { ...nothingStanding, containment: 'proven', frozen: verdictsIn('breach', 'clear') };
    const later = decide({ ...clear, verdicts: verdictsIn('inconclusive', 'breach'), incident: contained });
    expect(later).toMatchObject({ action: 'rollback', criterion: 'cross-tenant-leak' });
    expect(later.verdicts.map(({ verdict }) => verdict)).toEqual(['breach', 'exempt']);
  });

  it('takes what was frozen for standing only while we hold the application, and only by a breach', () => {
    const frozen = verdictsIn('breach', 'clear');
    const about = (containment: Standing['containment'], more: Partial<Standing> = {}) =>
      decide({
        ...clear,
        verdicts: verdictsIn('clear', 'clear'),
        incident: { ...nothingStanding, containment, frozen, ...more },
      });
    expect(about('proven').verdicts[0]).toMatchObject({
      verdict: 'breach',
      reason: 'the leak (seen before the application was contained)',
    });
    expect(about('begun').verdicts[0]?.verdict).toBe('breach');
    expect(about('failed').verdicts[0]?.verdict).toBe('breach');
    expect(about('none').action).toBe('none');
    expect(about('released').action).toBe('none');
    expect(about('proven', { stoppedByRun: true }).action).toBe('none');
    const unfrozen = about('proven', { frozen: verdictsIn('pending', 'breach') });
    expect(unfrozen.action).toBe('none');
    expect(unfrozen.verdicts.map(({ verdict }) => verdict)).toEqual(['clear', 'clear']);
    expect(about('proven', { frozen: about('proven').verdicts }).verdicts).toEqual(about('proven').verdicts);
  });

  it('takes a leak that is seen while we hold the application as it is seen', () => {
    const incident: Standing = { ...nothingStanding, containment: 'begun', frozen: verdictsIn('breach', 'clear') };
    const verdicts = verdictsIn('breach', 'clear').map((verdict) => ({ ...verdict, reason: 'as of now' }));
    expect(decide({ ...clear, verdicts, incident }).verdicts).toEqual(verdicts);
  });

  it('says whose doing the downtime is', () => {
    const why = (standing: Partial<Standing>) =>
      decide({ ...clear, incident: { ...nothingStanding, ...standing } }).verdicts[1];
    expect(why({ stoppedByRun: true })).toMatchObject({
      verdict: 'exempt',
      exemptBecause: 'own-doing',
      told: false,
      reason: 'a run has stopped the application: its downtime is ours (the outage)',
    });
    expect(why({ containment: 'proven' })?.reason).toBe(
      'the application is contained: its downtime is ours (the outage)',
    );
  });

  it('says in observe mode what it would have done', () => {
    expect(decide({ ...leak, mode: 'observe' }).reasonsAgainst[0]).toBe(
      'observe: would have contained the application, then rolled back, if armed',
    );
    const asked = decide({ ...clear, mode: 'observe', guardResults: failing('mode', 'armed-until', 'lease') });
    expect(asked).toMatchObject({ action: 'hold' });
    expect(asked.reasonsAgainst[0]).toBe('observe: would have asked people, if armed');
  });

  it('never rolls back with a failed or missing guard, unarmed, paused, in a watch, or over what a person said', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { action, next } = decide(input);
        if (action !== 'rollback' && next !== 'rollback') return;
        expect(input.guardResults.some(({ outcome }) => outcome === 'failed')).toBe(false);
        expect(input.guardResults).toHaveLength(passing.length);
        expect(input.mode).toBe('armed');
        expect(input.pausedUntil ?? 0).toBeLessThan(now);
        expect(input.incident.rejectedFor.length === 0 && !input.incident.watching).toBe(true);
        expect(input.incident.containment).not.toBe('released');
      }),
      { numRuns: 2_000 },
    );
  });

  it('never contains in observe mode, in a pause, against a policy of asking, or twice', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        if (decide(input).action !== 'contain') return;
        expect(input.mode).not.toBe('observe');
        expect(input.containmentPolicy).toBe('automatic');
        expect(input.incident.containment).toBe('none');
        expect(input.incident.rejectedFor).not.toContain('cross-tenant-leak');
        expect(input.pausedUntil ?? 0).toBeLessThan(now);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does nothing without a breach, blind or not', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const said = input.verdicts.filter(({ verdict }) => verdict !== 'breach' && verdict !== 'exempt');
        const quiet = { ...input, verdicts: said };
        const { action } = decide({ ...quiet, incident: { ...input.incident, frozen: [] } });
        expect(action).toBe('none');
      }),
    );
  });

  it('only tells of one tenant’s trouble: it asks nobody, does nothing, and says so in no watch', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const said = input.verdicts.filter(({ verdict }) => verdict !== 'breach');
        const decided = decide({ ...input, verdicts: said, incident: { ...input.incident, frozen: [] } });
        const isTold = said.some(({ verdict }) => verdict === 'exempt') && !input.incident.watching;
        expect(decided.action).toBe(isTold ? 'hold' : 'none');
        if (!isTold) return;
        expect(decided.tenants).toEqual(['kopi']);
        expect(decided.reasonsFor).toEqual([expect.stringContaining('is exempt')]);
      }),
    );
  });

  it('tells of a balancer that lets nobody through, except where it shows maintenance for us', () => {
    const [, outage] = verdictsIn('clear', 'clear');
    const barred: Verdict[] = outage ? [{ ...outage, verdict: 'exempt', exemptBecause: 'balancer', told: true }] : [];
    const about = (incident: Standing) => decide({ ...clear, guardResults: [], verdicts: barred, incident });
    expect(about(nothingStanding)).toMatchObject({ action: 'hold', criterion: 'unavailable' });
    const ours = about({ ...nothingStanding, stoppedByRun: true });
    expect(ours).toMatchObject({ action: 'none', verdicts: [{ verdict: 'exempt', exemptBecause: 'own-doing' }] });
  });

  it('tells of an outage that has just begun, and does nothing about it', () => {
    const [, outage] = verdictsIn('clear', 'pending');
    const begun = (told: boolean) =>
      decide({ ...clear, guardResults: [], verdicts: outage ? [{ ...outage, told }] : [] });
    expect(begun(true)).toMatchObject({ action: 'hold', criterion: 'unavailable', tier: 'critical' });
    expect(begun(true).reasonsFor).toEqual(['unavailable is pending: the outage']);
    expect(begun(false)).toMatchObject({ action: 'none', reasonsAgainst: ['unavailable is pending: the outage'] });
  });

  it('does nothing alone about what is not critical, however well the guards pass', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const lesser = input.verdicts.filter(({ tier }) => tier !== 'critical');
        const { action } = decide({ ...input, verdicts: lesser, incident: { ...input.incident, frozen: [] } });
        expect(['none', 'hold', 'page']).toContain(action);
      }),
    );
  });

  it('explains itself: every verdict and every guard stands among its reasons, and the record is a valid one', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const decided = decide(input);
        const said = [...decided.reasonsFor, ...decided.reasonsAgainst].join('\n');
        for (const { reason } of decided.verdicts) expect(said).toContain(reason);
        if (decided.verdicts.some(({ verdict }) => verdict === 'breach'))
          for (const { guard, reason } of input.guardResults) expect(said).toContain(`${guard}: ${reason}`);
        expect(decisionSchema.parse(decided)).toEqual(decided);
      }),
    );
  });

  it('comes out the same when it is asked again about its own verdicts', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const once = decide(input);
        expect(decide({ ...input, verdicts: once.verdicts })).toEqual(once);
      }),
    );
  });
});
