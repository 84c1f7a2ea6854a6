import { describe, expect, it } from 'vitest';
import { openIncidentOf } from '../../src/incident/read-state.ts';
import { begin } from './histories.ts';
import { decisionOn, Life, verdictOf } from './living.ts';

const begun = decisionOn(
  verdictOf('unavailable', 'pending', {
    told: true,
    since: begin,
    reason: 'down for 2m; rollbackd asks at 03:15',
  }),
);
const down = decisionOn(verdictOf('unavailable', 'breach'));
const up = decisionOn(verdictOf('unavailable', 'clear'));

describe('trouble that has only begun', () => {
  it('is told before anything is asked: what, since when, when rollbackd acts, and how to stop it', () => {
    const life = new Life();
    expect(life.look(2, begun)).toEqual(['open-incident']);
    expect(life.heard()).toEqual([
      {
        at: 2,
        what: 'decided',
        subject: 'incident-1: unavailable (critical)',
        text: [
          'Decision 1: on hold. rollbackd does nothing and asks nobody.',
          'Seen since 2026-01-10 03:00 UTC.',
          '+ down for 2m; rollbackd asks at 03:15',
          'To keep rollbackd from acting: `rollbackd pause --for 1h --reason ...`.',
        ].join('\n'),
        urgency: 'alarmed',
      },
    ]);
  });

  it('becomes a question of the same incident when it is in breach', () => {
    const life = new Life();
    life.look(2, begun);
    life.heard();
    expect(life.look(15, down)).toEqual(['record-decision', 'request-approval']);
    expect(life.heard().map(({ what, urgency }) => [what, urgency])).toEqual([
      ['decided', 'alarmed'],
      ['asked', 'asked'],
    ]);
    expect(life.state.incidents.size).toBe(1);
    expect(openIncidentOf(life.state)).toMatchObject({ status: 'awaiting-approval', frozen: { revision: 2 } });
  });

  it('keeps the question when it is only pending again', () => {
    const life = new Life();
    life.look(15, down);
    expect(life.look(16, begun)).toEqual([]);
    expect(openIncidentOf(life.state)?.status).toBe('awaiting-approval');
  });

  it('is withdrawn when it is clear', () => {
    const life = new Life();
    life.look(2, begun);
    expect(life.look(3, up)).toEqual(['withdraw']);
    expect(life.heard().at(-1)).toMatchObject({ what: 'withdrawn', urgency: 'told' });
  });

  it('calls nobody away where it is not critical', () => {
    const slow = decisionOn(verdictOf('latency-severe', 'pending', { told: true, tier: 'severe' }));
    const life = new Life();
    life.look(0, slow);
    life.look(10, slow);
    expect(life.heard().map(({ urgency }) => urgency)).toEqual(['told', 'told']);
  });

  const alone = verdictOf('error-rate-severe', 'exempt', { told: true, tier: 'severe', exemptBecause: 'one-tenant' });
  const outage = verdictOf('unavailable', 'pending', { told: true });

  it('is told anew where it is worse than what was told, and asked about when it is in breach', () => {
    const life = new Life();
    life.look(0, decisionOn(alone));
    life.heard();
    life.look(1, decisionOn(alone, outage));
    life.look(2, decisionOn(alone, outage));
    expect(life.heard()).toMatchObject([{ subject: 'incident-1: unavailable (critical)', urgency: 'alarmed' }]);
    expect(life.look(3, decisionOn(alone, verdictOf('unavailable', 'breach')))).toContain('request-approval');
  });

  it('is told once beside worse trouble, and takes no question back', () => {
    const life = new Life();
    life.look(0, down);
    life.heard();
    life.look(1, decisionOn(alone, verdictOf('unavailable', 'breach')));
    life.look(2, decisionOn(alone, verdictOf('unavailable', 'breach')));
    expect(life.heard()).toMatchObject([
      { what: 'also', subject: 'incident-1: error-rate-severe as well', urgency: 'alarmed' },
    ]);
    expect(openIncidentOf(life.state)?.frozen?.revision).toBe(1);
  });
});
