import { describe, expect, it } from 'vitest';
import { standsText } from '../../src/incident/back.ts';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { quorumFor } from '../../src/incident/quorum.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { EventBody } from '../../src/model/event.ts';
import { begin, decisionTo, incidentOf, must, writtenAt } from './histories.ts';
import { minute } from './living.ts';

const incident = 'incident-1';
const page = decisionTo('page');

const openedFor = (criterion: string, returns?: number): EventBody => {
  return { kind: 'incident.opened', incident, criterion, tier: 'critical', tenants: [], ...(returns && { returns }) };
};
const decided = (decision: Decision): EventBody => {
  return { kind: 'incident.decided', incident, revision: 1, evidenceHash: evidenceHash(decision), decision };
};
const bound = { incident, revision: 1, planHash: 'plan-1', evidenceHash: evidenceHash(page) };
const asked: EventBody = { kind: 'approval.requested', ...bound, quorum: quorumFor('critical') };

describe('what people are told of trouble that is back', () => {
  it('is when they were asked, and that the question stands', () => {
    const open = must(emptyState('approve'), openedFor('unavailable', 1), decided(page));
    const state = writtenAt(open, begin + 5 * minute, asked);
    expect(standsText(incidentOf(state), state)).toBe(
      'Back for the 1st time since 2026-01-10 03:00 UTC; you were asked at 2026-01-10 03:05 UTC; the question stands.',
    );
  });

  it('is the question alone where it has not come back before', () => {
    const state = must(emptyState('approve'), openedFor('unavailable'), decided(page), asked);
    expect(standsText(incidentOf(state), state)).toBe('You were asked at 2026-01-10 03:00 UTC; the question stands.');
  });

  it('is no question while nobody is asked, though somebody was before', () => {
    const state = must(emptyState('approve'), openedFor('unavailable', 2), decided(page), asked);
    const decidedAnew = { ...decided(page), revision: 2 } as EventBody;
    const open = must(state, decidedAnew);
    expect(standsText(incidentOf(open), open)).toBe('Back for the 2nd time since 2026-01-10 03:00 UTC.');
  });

  it('says when they were asked of what is decided now, and not of what the incident was opened for', () => {
    const open = must(emptyState('approve'), openedFor('latency-severe', 1), decided(page));
    const state = writtenAt(open, begin + 5 * minute, asked);
    expect(standsText(incidentOf(state), state)).toMatch(/you were asked at 2026-01-10 03:05 UTC/);
  });

  it('leaves out when they were asked where that is not known any more', () => {
    const state = must(emptyState('approve'), openedFor('unavailable', 1), decided(page), asked);
    expect(standsText(incidentOf(state), { ...state, troubles: new Map() })).toBe(
      'Back for the 1st time since 2026-01-10 03:00 UTC; the question stands.',
    );
  });

  it('is said as well of an incident that was cut off before anything was decided', () => {
    const state = must(emptyState('approve'), openedFor('unavailable', 3));
    expect(standsText(incidentOf(state), state)).toBe('Back for the 3rd time since 2026-01-10 03:00 UTC.');
  });
});
