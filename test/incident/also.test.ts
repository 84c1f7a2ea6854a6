import { expect, it } from 'vitest';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { tellAlso } from '../../src/incident/next-also.ts';
import { decisionTo, incidentOf, must, opened } from './histories.ts';
import { decisionOn, Life, verdictOf } from './living.ts';

const down = verdictOf('unavailable', 'breach');
const slow = verdictOf('latency-severe', 'pending', { tier: 'severe', told: true });

it('tells once of trouble beside a question that was well when it was asked', () => {
  const life = new Life();
  life.look(0, decisionOn(down, { ...slow, verdict: 'clear', told: false }));
  life.heard();
  life.look(1, decisionOn(down, slow));
  expect(life.heard()).toMatchObject([
    { what: 'also', subject: 'incident-1: latency-severe as well', urgency: 'alarmed' },
  ]);
  life.look(2, decisionOn(down, slow));
  expect(life.heard()).toEqual([]);
});

it('does not tell again of what the decision named already', () => {
  const life = new Life();
  life.look(0, decisionOn(down, slow));
  life.heard();
  life.look(1, decisionOn(down, slow));
  expect(life.heard()).toEqual([]);
});

it('tells of it as well in an incident that was cut off before anything was decided', () => {
  const [open] = opened('incident-1', decisionTo('page'));
  if (!open) throw new Error('no event');
  const undecided = incidentOf(must(emptyState('approve'), open));
  expect(tellAlso(undecided, decisionOn(down, slow))).toMatchObject([
    { subject: 'incident-1: latency-severe as well' },
  ]);
});

it('keeps what was decided where another plan is asked about while the trouble cannot be seen', () => {
  const life = new Life();
  life.look(0, decisionOn(down));
  const unseen = decisionOn({ ...down, verdict: 'inconclusive' });
  expect(life.look(1, unseen, { planHash: 'plan-2' })).toEqual(['record-decision', 'request-approval']);
  expect(incidentOf(life.state).frozen).toMatchObject({ revision: 2, decision: { action: 'page', verdicts: [down] } });
});
