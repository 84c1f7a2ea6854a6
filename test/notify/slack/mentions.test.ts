import { describe, expect, it } from 'vitest';
import { emptyState, type QueuedMessage } from '../../../src/incident/daemon-state.ts';
import type { Incident } from '../../../src/incident/state.ts';
import type { EventBody } from '../../../src/model/event.ts';
import { calls, mentions } from '../../../src/notify/channels/slack/mentions.ts';
import { askedAgain, asking, contained, opened, rollbackFailed, start } from '../../commands/fixture.ts';
import { must } from '../../incident/histories.ts';

const ana = { name: 'ana', roles: ['senior-engineer' as const], slack: 'U1ANA' };
const eva = { name: 'eva', roles: ['engineering-manager' as const], slack: 'U2EVA' };
const pia = { name: 'pia', roles: ['product-owner' as const], slack: 'U3PIA' };
const tom = { name: 'tom', roles: ['technical-lead' as const] };
const everybody = { people: [ana, eva, pia, tom], groups: [], escalation: [] };

const incidentAfter = (...past: EventBody[]): Incident | undefined =>
  must(emptyState('approve'), ...past).incidents.get('inc-1');
const message = (topic: string, urgency: QueuedMessage['urgency'] = 'alarmed'): QueuedMessage => ({
  message: `incident/inc-1/${topic}`,
  subject: 's',
  text: 't',
  urgency,
  queuedAt: start,
  deliveredTo: [],
  undeliverable: [],
});

describe('a message in Slack calls', () => {
  it.each(['asked', 'alarmed'] as const)('those whose answer is missing, when it is %s', (urgency) => {
    const incident = incidentAfter(...asking('severe'));
    expect(mentions(message('asked?revision=1&period=2', urgency), incident, everybody, start)).toEqual(['<@U2EVA>']);
  });

  it.each([
    ['a failed rollback', 'failed?which=run-1', rollbackFailed()],
    ['a containment that failed', 'containment-failed?which=1', contained()],
    ['a question that cannot be asked', 'no-plan?revision=1', opened()],
  ])('whoever may act by hand, for %s', (_what, topic, past) => {
    expect(mentions(message(topic), incidentAfter(...past), everybody, start)).toEqual(['<@U1ANA>', '<@U2EVA>']);
  });

  it('whoever may act by hand, where it is about no incident', () => {
    expect(mentions(message('acknowledge', 'asked'), undefined, everybody, start)).toEqual(['<@U1ANA>', '<@U2EVA>']);
  });

  it.each(['told', 'progress'] as const)('nobody when it is %s', (urgency) => {
    expect(
      mentions(message('rejected?revision=1', urgency), incidentAfter(...asking('severe')), everybody, start),
    ).toEqual([]);
  });

  it('nobody by a decision that people are asked about right after it', () => {
    expect(calls(message('decided?revision=1'), incidentAfter(...asking('severe')))).toBe(false);
    expect(calls(message('decided?revision=1'), incidentAfter(...opened()))).toBe(true);
  });

  it('somebody once for what is only watched, and in every reminder where an answer is wanted or something hangs', () => {
    const watched = incidentAfter(...opened('hold'));
    expect(calls(message('decided?revision=1'), watched)).toBe(true);
    expect(calls(message('decided?revision=1&period=3'), watched)).toBe(false);
    expect(calls(message('containment-failed?which=1'), watched)).toBe(true);
    for (const action of ['page', 'rollback'] as const) {
      expect(calls(message('decided?revision=1&period=3'), incidentAfter(...opened(action)))).toBe(true);
    }
  });

  it.each(['asked?revision=1', 'asked?revision=1&period=3', 'overdue?revision=1', 'no-plan?revision=1'])(
    'nobody by %s that comes late: for a question that stands no more',
    (topic) => {
      const closing = { kind: 'incident.withdrawn', incident: 'inc-1', reason: 'it healed' } as const;
      expect(mentions(message(topic), incidentAfter(...asking(), closing), everybody, start)).toEqual([]);
      expect(mentions(message(topic), incidentAfter(...opened(), closing), everybody, start)).toEqual([]);
      expect(mentions(message(topic), incidentAfter(...askedAgain()), everybody, start)).toEqual([]);
    },
  );

  it('the user groups whose members could answer', () => {
    const groups = [
      { id: 'S0LEADS', role: 'technical-lead' as const },
      { id: 'S0OWNERS', role: 'product-owner' as const },
    ];
    const called = mentions(
      message('asked?revision=1', 'asked'),
      incidentAfter(...asking('severe')),
      { ...everybody, groups },
      start,
    );
    expect(called).toEqual(['<@U2EVA>', '<!subteam^S0LEADS>']);
  });

  it('the first rung as well, from the deadline on', () => {
    const deadline = start + 60_000;
    const past = asking('severe').map((body) => (body.kind === 'approval.requested' ? { ...body, deadline } : body));
    const callable = { ...everybody, escalation: ['pia'] };
    const calledAt = (now: number) =>
      mentions(message('asked?revision=1&period=2'), incidentAfter(...past), callable, now);
    expect(calledAt(deadline - 1)).toEqual(['<@U2EVA>']);
    expect(calledAt(deadline)).toEqual(['<@U3PIA>', '<@U2EVA>']);
  });

  it('somebody else, where nobody who could answer is in Slack', () => {
    const incident = incidentAfter(...asking('severe'));
    const calledOf = (people: (typeof everybody)['people']) =>
      mentions(message('asked?revision=1', 'asked'), incident, { people, groups: [], escalation: ['pia'] }, start);
    expect(calledOf([ana, pia, tom])).toEqual(['<@U1ANA>']);
    expect(calledOf([pia, tom])).toEqual(['<@U3PIA>']);
  });
});
