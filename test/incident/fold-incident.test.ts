import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { quorumFor } from '../../src/incident/quorum.ts';
import type { EventBody, EventOf } from '../../src/model/event.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { begin, begun, decisionTo, finished, incidentOf, must, opened, tried, writtenAt } from './histories.ts';

const incident = 'incident-1';
const page = decisionTo('page');
const subject = { incident, revision: 1, planHash: 'plan-1', evidenceHash: evidenceHash(page) };
const answer = (over: Partial<EventOf<'approval.answered'>> = {}): EventBody => ({
  kind: 'approval.answered',
  ...subject,
  answer: 'approved',
  person: 'Sari',
  role: 'engineering-manager',
  via: 'cli',
  ...over,
});
const revision = (number: number): EventBody => {
  return { kind: 'incident.decided', incident, revision: number, evidenceHash: evidenceHash(page), decision: page };
};
const asked: EventBody = { kind: 'approval.requested', ...subject, quorum: quorumFor('moderate') };
const snoozed: EventBody = { kind: 'incident.snoozed', incident, person: 'Budi', until: begin + 1_000 };
const released: EventBody = { kind: 'containment.released', incident, person: 'Budi', reason: 'mended' };
const releasing: EventBody = { kind: 'containment.releasing', incident, person: 'Budi' };
const closed = (of = incident): EventBody => {
  return { kind: 'incident.closed', incident: of, outcome: 'resolved-by-person', reason: 'by hand', serving: 'legacy' };
};

const openNow = () => must(emptyState('approve'), ...opened(incident, page));
const awaiting = () => must(openNow(), asked);
const textsOf = (state: DaemonState) => incidentOf(state).timeline.map(({ text }) => text);

const late: readonly [string, EventBody][] = [
  ['a decision', revision(2)],
  ['a wish for quiet', snoozed],
  ['the end of its trouble', { kind: 'incident.cleared', incident }],
  ['its return', { kind: 'incident.returned', incident }],
  ['a withdrawal', { kind: 'incident.withdrawn', incident, reason: 'r' }],
  ['another end', closed()],
  ['a question', asked],
  ['an answer', answer()],
  ['the beginning of a release', releasing],
  ['a release', released],
];

describe('an incident that is over', () => {
  it.each(late)('stays as it is, and so does all else: %s comes too late for it', (_what, body) => {
    const over = must(awaiting(), { kind: 'incident.closed', incident, outcome: 'resolved-by-person', reason: 'r' });
    const after = writtenAt(over, begin + 1, body);
    expect(after).toEqual({ ...over, lastSeq: after.lastSeq });
  });
});

describe('an incident that nobody knows', () => {
  it.each([
    ...late,
    ['a refused answer', { kind: 'approval.refused', incident, person: 'Budi', reason: 'r' }] as const,
  ])('is not made by %s', (_what, body) => {
    const other = must(emptyState('approve'), ...opened('incident-0', page));
    const after = writtenAt(other, begin + 1, body);
    expect(after).toEqual({ ...other, lastSeq: after.lastSeq });
  });
});

describe('the beginning of a release', () => {
  const leak = decisionTo('contain', { next: 'page', verdicts: verdictsIn('breach', 'clear') });
  const toContain = () => must(emptyState('approve'), ...opened(incident, leak));

  it.each(['succeeded', 'failed'] as const)('counts as a stop that is not proven after one that has %s', (outcome) => {
    const plan = begun('containment', { incident });
    const steps = [...tried('first', 'succeeded'), ...tried('enable-traffic', 'succeeded')];
    const state = must(toContain(), plan, ...steps, finished(outcome), releasing);
    expect(incidentOf(state).containment).toMatchObject({
      state: 'failed',
      run: 'run-1',
      releasingBy: 'Budi',
      fenced: false,
    });
    expect(textsOf(state).at(-1)).toBe('Budi begins to release the containment');
  });

  it('makes no containment of an application that was never contained, nor of one that was released', () => {
    const state = writtenAt(toContain(), begin, releasing);
    expect(incidentOf(state).containment).toEqual({ state: 'none' });
    const free = writtenAt(
      must(toContain(), begun('containment', { incident }), finished('failed'), released),
      begin,
      releasing,
    );
    expect(incidentOf(free).containment).toMatchObject({ state: 'released', by: 'Budi' });
  });
});

describe('a decision', () => {
  it('takes an incident back to the beginning where nothing irrevocable has begun', () => {
    expect(incidentOf(must(awaiting(), revision(2))).status).toBe('open');
  });

  it('takes no rollback back that is under way: what it says is written down', () => {
    const rollingBack = must(openNow(), begun('rollback', { incident }));
    const after = incidentOf(writtenAt(rollingBack, begin, revision(2)));
    expect(after).toMatchObject({ status: 'rolling-back', run: 'run-1', frozen: { revision: 2 } });
  });
});

describe('an answer', () => {
  it('is written into the story of its incident, with who gave it, as what, and by which door', () => {
    const yes = must(awaiting(), answer({ roles: ['engineering-manager', 'technical-lead'] }));
    expect(textsOf(yes).at(-1)).toBe('approved by Sari (engineering-manager, technical-lead, cli)');
    const no = must(yes, answer({ answer: 'rejected', person: 'Budi', role: 'product-owner', via: 'slack' }));
    expect(textsOf(no).slice(-2)).toEqual([
      'approved by Sari (engineering-manager, technical-lead, cli)',
      'rejected by Budi (product-owner, slack)',
    ]);
    expect(incidentOf(no)).toMatchObject({ status: 'rejected', person: 'Budi', reason: 'no reason given' });
  });

  it('changes nothing where nobody is asked any more', () => {
    const open = must(awaiting(), revision(2));
    expect(incidentOf(writtenAt(open, begin, answer()))).toEqual(incidentOf(open));
  });

  it('of somebody without a say is not one of those on whose word the rollback begins', () => {
    const state = writtenAt(
      awaiting(),
      begin,
      answer({ answer: 'rejected', person: 'Putu', role: 'senior-engineer' }),
      answer(),
      answer({ person: 'Budi', role: 'product-owner' }),
    );
    expect(incidentOf(state)).toMatchObject({ status: 'approved', people: ['Sari', 'Budi'] });
  });
});

describe('quiet that somebody has asked for', () => {
  it('lasts while a second yes is missing, and ends with the question', () => {
    const one = must(awaiting(), snoozed, answer());
    expect(incidentOf(one)).toMatchObject({ status: 'awaiting-approval', snoozed: { person: 'Budi' } });
    const both = must(one, answer({ person: 'Budi', role: 'product-owner' }));
    expect(incidentOf(both).status).toBe('approved');
    expect(incidentOf(both).snoozed).toBeUndefined();
  });
});

describe('the story of an incident', () => {
  it('keeps the newest five hundred entries', () => {
    const refusals = Array.from({ length: 600 }, (_, index): EventBody => {
      return { kind: 'approval.refused', incident, person: 'Budi', reason: `no ${index}` };
    });
    const texts = textsOf(must(openNow(), ...refusals));
    expect(texts).toHaveLength(500);
    expect([texts[0], texts[499]]).toEqual([
      'an answer of Budi was refused: no 100',
      'an answer of Budi was refused: no 599',
    ]);
  });
});

describe('the end of an incident', () => {
  it('leaves another one open that a strange journal opened beside it', () => {
    const [second] = opened('incident-2', page);
    if (!second) throw new Error('no event');
    const two = writtenAt(openNow(), begin, second);
    const after = must(two, closed());
    expect(after.openIncident).toBe('incident-2');
    expect(must(after, closed('incident-2')).openIncident).toBeUndefined();
  });
});
