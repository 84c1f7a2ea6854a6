import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { lastWord } from '../../src/incident/last-word.ts';
import type { Containment } from '../../src/incident/state.ts';
import type { Authority, EventBody } from '../../src/model/event.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { armed, begin, decisionTo, must, opened, planOf } from './histories.ts';

const incident = 'incident-1';
const approval: Authority = { by: 'approval', people: ['Sari'] };
const person: Authority = { by: 'person', person: 'Sari', role: 'on-call-lead', reason: 'r' };

const start = (authority: Authority): EventBody => {
  return { kind: 'run.started', run: 'run-1', incident, plan: planOf('rollback'), authority };
};
const alone = must(emptyState('approve'), armed, ...opened(incident, decisionTo('rollback')), start({ by: 'daemon' }));
const byPerson = must(emptyState('approve'), ...opened(incident, decisionTo('page')), start(person));

const outage = (verdict: Verdict['verdict']) => verdictsIn('clear', verdict);
const said = (state: DaemonState, verdicts: readonly Verdict[], now = begin) => {
  const run = state.runs.get('run-1');
  if (!run) throw new Error('no run');
  return lastWord(state, run, verdicts, now).word;
};
/** The same preparation under another authority. */
const under = (authority: Authority): DaemonState => {
  const run = alone.runs.get('run-1');
  if (!run) throw new Error('no run');
  return { ...alone, runs: new Map([['run-1', { ...run, authority }]]) };
};

describe('before a prepared rollback stops the application', () => {
  it('an outage that has healed meanwhile calls it off, whoever approved it', () => {
    expect(said(alone, outage('clear'))).toBe('off');
    expect(said(under(approval), outage('clear'))).toBe('off');
  });

  it('it goes on where the breach still stands', () => {
    expect(said(alone, outage('breach'))).toBe('go');
    expect(said(under(approval), outage('breach'))).toBe('go');
  });

  it('the daemon alone waits where it cannot be told; people who approved need not', () => {
    for (const doubt of ['pending', 'inconclusive'] as const) {
      expect(said(alone, outage(doubt))).toBe('wait');
      expect(said(under(approval), outage(doubt))).toBe('go');
    }
  });

  it('the daemon alone stops nothing without the power it began with', () => {
    expect(said(alone, outage('breach'), begin + 15_000_000)).toBe('off');
    const disarmed = must(alone, { kind: 'mode.changed', mode: 'approve', person: 'Sari', reason: 'r' });
    expect(said(disarmed, outage('breach'))).toBe('off');
  });

  it('a pause calls off everybody’s, as long as it lasts', () => {
    const pause: EventBody = { kind: 'acting.paused', person: 'Budi', reason: 'r', until: begin + 1_000 };
    for (const state of [alone, byPerson, under(approval)]) {
      expect(said(must(state, pause), outage('breach'))).toBe('off');
      expect(said(must(state, pause), outage('breach'), begin + 1_000)).toBe('go');
    }
  });

  it('a person’s own rollback needs no breach', () => {
    expect(said(byPerson, outage('clear'))).toBe('go');
  });

  it('an application that is contained already cannot heal, and one that was released can', () => {
    const having = (containment: Containment): DaemonState => ({
      ...alone,
      incidents: new Map([...alone.incidents].map(([id, known]) => [id, { ...known, containment }])),
    });
    const contained = having({ state: 'proven', run: 'run-0', at: 1 });
    expect(said(contained, verdictsIn('inconclusive', 'exempt'))).toBe('go');
    expect(said(contained, outage('clear'))).toBe('go');
    expect(said(having({ state: 'released', by: 'Sari', at: 1, reason: 'r' }), outage('clear'))).toBe('off');
  });

  it('only what it was begun for counts', () => {
    expect(said(alone, verdictsIn('breach', 'clear'))).toBe('off');
    expect(said(alone, verdictsIn('inconclusive', 'clear'))).toBe('off');
    expect(said(alone, verdictsIn('breach', 'inconclusive'))).toBe('wait');
    expect(said(alone, [])).toBe('wait');
    expect(said(under(approval), [])).toBe('go');
  });

  it('begun for two things, it goes on for one of them, and is called off where neither is left', () => {
    const both = decisionTo('rollback', { verdicts: verdictsIn('breach', 'breach') });
    const begun = must(emptyState('approve'), armed, ...opened(incident, both), start({ by: 'daemon' }));
    expect(said(begun, verdictsIn('clear', 'breach'))).toBe('go');
    expect(said(begun, verdictsIn('inconclusive', 'clear'))).toBe('wait');
    expect(said(begun, verdictsIn('clear', 'clear'))).toBe('off');
  });
});
