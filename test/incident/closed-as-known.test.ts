import { describe, expect, it } from 'vitest';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { nextMoves } from '../../src/incident/next.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { begin, decisionTo, must } from './histories.ts';

const hour = 3_600_000;

const exempt = (tenants: string[], over: Partial<Verdict> = {}): Verdict => ({
  criterion: 'error-rate-severe',
  tier: 'severe',
  verdict: 'exempt',
  exemptBecause: 'one-tenant',
  told: true,
  value: 0.3,
  threshold: 0.1,
  unit: 'share',
  samples: 300,
  windowMs: 180_000,
  reason: 'only one is affected',
  tenants,
  ...over,
});
const told = (...verdicts: Verdict[]): Decision =>
  decisionTo('hold', { tier: 'severe', criterion: 'error-rate-severe', verdicts });

/** What a person has closed as settled, as far as it was about `verdicts`. */
const closed = (...verdicts: Verdict[]) => {
  const decision = told(...verdicts);
  return must(
    emptyState('approve'),
    { kind: 'incident.opened', incident: 'one', criterion: 'error-rate-severe', tier: 'severe', tenants: [] },
    { kind: 'incident.decided', incident: 'one', revision: 1, decision, evidenceHash: evidenceHash(decision) },
    { kind: 'incident.closed', incident: 'one', outcome: 'resolved-by-person', reason: 'it is known' },
  );
};

const opens = (state: ReturnType<typeof closed>, decision: Decision, after = hour) =>
  nextMoves(state, { decision, now: begin + after, planHash: 'plan-1', blind: [] }).some(
    ({ kind }) => kind === 'open-incident',
  );

describe('one tenant’s trouble that a person has closed', () => {
  const known = closed(exempt(['kopi']));

  it('is not told anew for a day', () => {
    expect(opens(known, told(exempt(['kopi'])))).toBe(false);
    expect(opens(known, told(exempt(['kopi'])), 23 * hour)).toBe(false);
    expect(opens(known, told(exempt(['kopi'])), 24 * hour)).toBe(true);
  });

  it('is not told anew beside what is well', () => {
    const well = exempt([], { criterion: 'unavailable', verdict: 'clear', exemptBecause: undefined, told: undefined });
    expect(opens(known, told(exempt(['kopi']), well))).toBe(false);
  });

  it('is told anew where the incident was closed before anything was decided in it', () => {
    const undecided = must(
      emptyState('approve'),
      { kind: 'incident.opened', incident: 'one', criterion: 'error-rate-severe', tier: 'severe', tenants: [] },
      { kind: 'incident.closed', incident: 'one', outcome: 'resolved-by-person', reason: 'it is known' },
    );
    expect(opens(undecided, told(exempt(['kopi'])))).toBe(true);
  });

  it('is told anew when it is another tenant’s, another criterion’s, or more than that', () => {
    expect(opens(known, told(exempt(['negoes'])))).toBe(true);
    expect(
      opens(known, told(exempt(['kopi']), exempt([], { criterion: 'latency-severe', exemptBecause: 'one-route' }))),
    ).toBe(true);
    expect(opens(known, told(exempt(['kopi'], { verdict: 'breach' })))).toBe(true);
    expect(opens(known, told(exempt(['kopi']), exempt([], { criterion: 'unavailable', verdict: 'breach' })))).toBe(
      true,
    );
  });

  it('is told anew of one tenant more, of another kind of trouble, or by another proof, and not of one less', () => {
    const two = closed(exempt(['kopi', 'negoes']));
    expect(opens(two, told(exempt(['negoes'])))).toBe(false);
    expect(opens(two, told(exempt(['kopi', 'toko'])))).toBe(true);
    expect(opens(two, told(exempt(['kopi'], { criterion: 'latency-severe' })))).toBe(true);
    expect(opens(two, told(exempt(['kopi'], { exemptBecause: 'one-route' })))).toBe(true);
  });

  it('is told anew where it has only begun: it may grow', () => {
    const begun = exempt(['kopi'], { verdict: 'pending', exemptBecause: undefined });
    expect(opens(closed(begun), told(begun))).toBe(true);
  });

  it('is told anew where it ended by itself', () => {
    const decision = told(exempt(['kopi']));
    const healed = must(
      emptyState('approve'),
      { kind: 'incident.opened', incident: 'one', criterion: 'error-rate-severe', tier: 'severe', tenants: [] },
      { kind: 'incident.decided', incident: 'one', revision: 1, decision, evidenceHash: evidenceHash(decision) },
      { kind: 'incident.withdrawn', incident: 'one', reason: 'it healed' },
    );
    expect(opens(healed, decision)).toBe(true);
  });

  it('says nothing of the others where that one alone was seen, and then holds for an hour', () => {
    const hardlySeen = told(exempt(['kopi'], { exemptBecause: 'only-one-seen' }));
    expect(opens(known, hardlySeen)).toBe(true);
    const closedSo = closed(...hardlySeen.verdicts);
    expect(opens(closedSo, hardlySeen, hour - 1)).toBe(false);
    expect(opens(closedSo, hardlySeen)).toBe(true);
    expect(opens(closedSo, told(exempt(['kopi'])), 1)).toBe(true);
  });

  it('says nothing of what had been a breach', () => {
    expect(opens(closed(exempt(['kopi'], { verdict: 'breach' })), told(exempt(['kopi'])))).toBe(true);
    expect(opens(emptyState('approve'), told(exempt(['kopi'])))).toBe(true);
  });
});

it('a balancer that lets nobody through is told anew, although a person closed that once', () => {
  const barred = exempt([], { criterion: 'unavailable', tier: 'critical', unit: 'ms', exemptBecause: 'balancer' });
  expect(opens(closed(barred), told(barred))).toBe(true);
});
