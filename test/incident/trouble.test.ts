import { describe, expect, it } from 'vitest';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import type { EventBody } from '../../src/model/event.ts';
import { begin, decisionTo, incidentOf, must, opened, writtenAt } from './histories.ts';
import { minute, verdictOf } from './living.ts';

const open = (incident: string, returns?: number): EventBody => ({
  kind: 'incident.opened',
  incident,
  criterion: 'unavailable',
  tier: 'critical',
  tenants: [],
  ...(returns && { returns }),
});
const withdrawn: EventBody = { kind: 'incident.withdrawn', incident: 'incident-1', reason: 'it healed' };

describe('since when trouble comes and goes', () => {
  const healed = must(emptyState('approve'), open('incident-1'), withdrawn);

  it('is its first beginning where it is back', () => {
    const back = writtenAt(healed, begin + 10 * minute, open('incident-2', 1));
    expect(incidentOf(back, 'incident-2')).toMatchObject({ returns: 1, troubleSince: begin });
  });

  it('is the new beginning where it stayed away for so long that it is new', () => {
    const anew = writtenAt(healed, begin + 600 * minute, open('incident-2'));
    expect(incidentOf(anew, 'incident-2')).toMatchObject({ returns: 0, troubleSince: begin + 600 * minute });
    expect(anew.troubles.get('unavailable')).toMatchObject({ since: begin + 600 * minute, returns: 0 });
  });

  it('is the present one where nothing is known of it but that it is back', () => {
    const state = must(emptyState('approve'), open('incident-1', 2));
    expect(incidentOf(state)).toMatchObject({ returns: 2, troubleSince: begin });
  });
});

describe('how often trouble has come back', () => {
  it('is counted up by one with each return', () => {
    const [cleared, returned] = [
      { kind: 'incident.cleared', incident: 'incident-1' },
      { kind: 'incident.returned', incident: 'incident-1' },
    ] as const;
    const once = must(emptyState('approve'), open('incident-1'), cleared, returned);
    expect([once.troubles.get('unavailable')?.returns, incidentOf(once).returns]).toEqual([1, 1]);
    const twice = must(once, cleared, returned);
    expect([twice.troubles.get('unavailable')?.returns, incidentOf(twice).returns]).toEqual([2, 2]);
  });

  it('is never, of what is told of for the first time beside an incident’s own trouble', () => {
    const verdicts = [verdictOf('unavailable', 'breach'), verdictOf('latency-severe', 'breach')];
    const state = must(emptyState('approve'), ...opened('incident-1', decisionTo('page', { verdicts })));
    expect(state.troubles.get('latency-severe')).toEqual({
      since: begin,
      returns: 0,
      endedAt: undefined,
      told: { at: begin, tier: 'critical', inBreach: true },
    });
  });

  it('is forgotten of what a person has settled, and kept of what healed by itself', () => {
    const decision = decisionTo('page');
    const decided: EventBody = {
      kind: 'incident.decided',
      incident: 'incident-1',
      revision: 1,
      evidenceHash: evidenceHash(decision),
      decision,
    };
    const state = must(emptyState('approve'), open('incident-1', 1), decided);
    const settled = { kind: 'incident.closed', outcome: 'resolved-by-person', incident: 'incident-1', reason: 'r' };
    expect(must(state, settled as EventBody).troubles.has('unavailable')).toBe(false);
    expect(must(state, withdrawn).troubles.get('unavailable')).toMatchObject({ returns: 1, endedAt: begin });
  });
});
