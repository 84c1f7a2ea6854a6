import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openIncidentOf } from '../../src/incident/read-state.ts';
import type { Decision } from '../../src/model/decision.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { decisionOn, Life, verdictOf } from './living.ts';

const down = decisionOn(verdictOf('unavailable', 'breach'));
const up = decisionOn(verdictOf('unavailable', 'clear'));
const within = 60;

/** So many minutes down, so many up, in turn, from the first minute to the last. */
function flap(life: Life, from: number, to: number, downFor: number, upFor: number): void {
  for (let at = from; at < to; at += 1) life.look(at, (at - from) % (downFor + upFor) < downFor ? down : up);
}

const urgent = (life: Life) => life.messages.filter(({ urgency }) => urgency === 'asked' || urgency === 'alarmed');

describe('trouble that comes and goes', () => {
  it('is withdrawn at once the first time, and is the same incident’s when it is back within the stated time', () => {
    const life = new Life();
    expect(life.look(0, down)).toEqual(['open-incident', 'request-approval']);
    expect(life.look(5, up)).toEqual(['withdraw']);
    life.heard();
    expect(life.look(10, down)).toEqual(['open-incident', 'request-approval']);
    expect(life.heard()).toMatchObject([
      {
        what: 'decided',
        urgency: 'told',
        text: expect.stringMatching(/^Back for the 1st time since 2026-01-10 03:00 UTC\./),
      },
      {
        what: 'asked',
        urgency: 'told',
        subject: 'incident-2: the question stands',
        text: expect.stringMatching(
          /^Back for the 1st time since 2026-01-10 03:00 UTC; you were asked at 2026-01-10 03:00 UTC; the question stands\./,
        ),
      },
    ]);
    expect(openIncidentOf(life.state)?.status).toBe('awaiting-approval');
  });

  it('is another incident, and asked about, after a longer time', () => {
    const life = new Life();
    life.look(0, down);
    life.look(5, up);
    life.heard();
    life.look(5 + within, down);
    expect(life.heard()).toMatchObject([
      { what: 'decided', urgency: 'alarmed' },
      { what: 'asked', urgency: 'asked' },
    ]);
    expect(openIncidentOf(life.state)?.returns).toBe(0);
  });

  it('calls people again once the stated time has passed since they were called, to the minute', () => {
    const calledAt = (at: number) => {
      const life = new Life();
      life.look(0, down);
      life.look(5, up);
      life.heard();
      life.look(at, down);
      return life.heard().map(({ urgency }) => urgency);
    };
    expect(calledAt(within - 1)).toEqual(['told', 'told']);
    expect(calledAt(within)).toEqual(['alarmed', 'asked']);
  });

  it('that is to be asked about under another plan calls people, and under the same one does not', () => {
    const life = new Life();
    life.look(0, down);
    life.heard();
    life.look(1, down, { planHash: 'plan-2' });
    expect(life.heard()).toMatchObject([
      { what: 'decided', urgency: 'told' },
      { what: 'asked', urgency: 'asked' },
    ]);
    life.look(2, { ...down, action: 'hold' }, { planHash: 'plan-2' });
    life.heard();
    life.look(3, down, { planHash: 'plan-2' });
    expect(life.heard()).toMatchObject([
      { what: 'decided', urgency: 'told' },
      { what: 'asked', urgency: 'told' },
    ]);
  });

  it('calls people each time where it is about to be rolled back', () => {
    const life = new Life();
    life.look(0, down);
    life.look(1, up);
    life.heard();
    life.look(2, { ...down, action: 'rollback' });
    expect(life.heard()).toMatchObject([{ what: 'decided', urgency: 'alarmed' }]);
  });

  it.each([
    ['by the same measure', 'error-rate', 'told'],
    ['by another measure', 'latency', 'asked'],
    ['by none that is known', undefined, 'asked'],
  ] as const)('that is back milder, %s, calls people only where that is news', (_title, measure, urgency) => {
    const severe = (verdict: Verdict['verdict']) =>
      verdictOf('error-rate-severe', verdict, { tier: 'severe', ...(measure && { measure: 'error-rate' }) });
    const milder = verdictOf('error-rate-moderate', 'breach', { tier: 'moderate', ...(measure && { measure }) });
    const life = new Life();
    life.look(0, decisionOn(severe('breach')));
    life.look(1, decisionOn(severe('clear')));
    life.heard();
    life.look(2, decisionOn(severe('clear'), milder));
    expect(life.heard().map((message) => message.urgency)).toContain(urgency);
    expect(life.messages).toEqual([]);
  });

  it('is over only when it has been clear for longer after each return, at most the stated time', () => {
    const life = new Life();
    life.look(0, down);
    life.look(1, up);
    const waited: number[] = [];
    let at = 1;
    for (let round = 0; round < 6; round += 1) {
      life.look(at + 1, down);
      at += 2;
      const clear = at;
      while (!life.look(at, up).includes('withdraw')) at += 0.5;
      waited.push(at - clear);
    }
    expect(waited).toEqual([7.5, 15, 30, 60, 60, 60]);
  });

  it('keeps its question, with its answers, and counts what comes back meanwhile', () => {
    const life = new Life();
    life.look(0, down);
    life.look(1, up);
    life.look(2, down);
    expect(life.look(3, up)).toEqual(['note-clear']);
    expect(life.look(6, up)).toEqual([]);
    expect(openIncidentOf(life.state)).toMatchObject({ status: 'awaiting-approval', returns: 1 });
    life.heard();
    expect(life.look(7, down)).toEqual(['note-return']);
    expect(life.heard()).toMatchObject([
      {
        what: 'back',
        urgency: 'told',
        text: expect.stringMatching(/^Back for the 2nd time .* the question stands\.$/),
      },
    ]);
    expect(openIncidentOf(life.state)).toMatchObject({ status: 'awaiting-approval', returns: 2 });
  });

  it('is asked about once an hour at most in a whole day, and is one incident from the second time on', () => {
    const life = new Life();
    flap(life, 0, 24 * 60, 5, 5);
    expect(urgent(life).length).toBeLessThanOrEqual(24 + 1);
    expect(life.messages.filter(({ urgency }) => urgency === 'asked')).toHaveLength(1);
    expect(life.state.incidents.size).toBe(2);
    expect(life.acts.filter(({ kind }) => kind === 'withdraw')).toHaveLength(1);
    expect(openIncidentOf(life.state)?.returns).toBe(143);
    expect(life.messages.filter(({ what }) => what === 'back').length).toBeLessThan(10);
  });

  it('says nothing of waiting while it is clear', () => {
    const life = new Life();
    for (const [at, seen] of [down, up, down, up].entries()) life.look(at, seen);
    life.heard();
    for (let at = 4; at < 10; at += 1) life.look(at, up);
    expect(life.heard()).toEqual([]);
  });

  it('is asked about at once for another criterion, a higher tier or a leak', () => {
    const failing = decisionOn(verdictOf('error-rate-moderate', 'breach', { tier: 'moderate' }));
    const fine = decisionOn(verdictOf('error-rate-moderate', 'clear', { tier: 'moderate' }));
    const leak = (...tenants: string[]) =>
      decisionOn(verdictOf('cross-tenant-leak', 'breach', { first: 'contain', tenants }));
    const askedOn = (first: Decision, clear: Decision, second: Decision) => {
      const life = new Life();
      life.look(0, first);
      life.look(1, clear);
      life.heard();
      life.look(2, second);
      return life.heard().map(({ urgency }) => urgency);
    };
    expect(askedOn(failing, fine, failing)).toEqual(['told', 'told']);
    expect(askedOn(failing, fine, down)).toEqual(['alarmed', 'asked']);
    expect(askedOn(failing, fine, decisionOn(verdictOf('error-rate-moderate', 'breach')))).toEqual([
      'alarmed',
      'asked',
    ]);
    const sound = decisionOn(verdictOf('cross-tenant-leak', 'clear'));
    expect(askedOn(leak('a'), sound, leak('a'))).toEqual(['alarmed', 'asked']);
  });

  it('is new again once people have settled it', () => {
    const life = new Life();
    life.look(0, down);
    life.write(1, { kind: 'incident.closed', incident: 'incident-1', outcome: 'resolved-by-person', reason: 'mended' });
    life.heard();
    life.look(2, down);
    expect(life.heard().map(({ urgency }) => urgency)).toEqual(['alarmed', 'asked']);
  });

  it('is the same where people had said no to acting on it and it then went by itself', () => {
    const life = new Life();
    life.look(0, down);
    const asked = openIncidentOf(life.state);
    if (asked?.status !== 'awaiting-approval') throw new Error('nobody is asked');
    const { revision, planHash, evidenceHash } = asked.request;
    const bound = { incident: asked.id, revision, planHash, evidenceHash };
    const by = { person: 'Sari', role: 'on-call-lead', via: 'cli' } as const;
    life.write(1, { kind: 'approval.answered', ...bound, answer: 'rejected', ...by });
    expect(life.look(2, up)).toEqual(['close']);
    life.heard();
    life.look(3, down);
    expect(openIncidentOf(life.state)).toMatchObject({ id: 'incident-2', returns: 1 });
    expect(life.heard().map(({ urgency }) => urgency)).toEqual(['told', 'told']);
  });

  it('that lasts after it came back calls people again, sooner the fewer returns there were', () => {
    const life = new Life();
    life.look(0, down);
    life.look(1, up);
    for (let at = 2; at < 50; at += 1) life.look(at, down);
    expect(urgent(life).map(({ at, what }) => [at, what])).toEqual([
      [0, 'decided'],
      [0, 'asked'],
      [22, 'asked'],
      [42, 'asked'],
    ]);
  });

  it('keeps a yes that was given while it was clear, and begins when it is back', () => {
    const life = new Life();
    for (const [at, seen] of [down, up, down, up].entries()) life.look(at, seen);
    const asked = openIncidentOf(life.state);
    if (asked?.status !== 'awaiting-approval') throw new Error('nobody is asked');
    const { revision, planHash, evidenceHash } = asked.request;
    const bound = { incident: asked.id, revision, planHash, evidenceHash };
    const by = { person: 'Sari', role: 'on-call-lead', via: 'cli' } as const;
    life.write(4, { kind: 'approval.answered', ...bound, answer: 'approved', ...by });
    expect(life.look(5, up)).toEqual([]);
    expect(life.look(6, down)).toEqual(['note-return']);
    expect(life.next(6, down)).toMatchObject([{ kind: 'start-rollback', planHash: 'plan-1' }]);
  });

  it('is no return when it is other trouble that comes while it is clear', () => {
    const life = new Life();
    for (const [at, seen] of [down, up, down, up].entries()) life.look(at, seen);
    life.heard();
    const failing = verdictOf('error-rate-severe', 'breach', { tier: 'severe' });
    life.look(5, decisionOn(verdictOf('unavailable', 'clear'), failing));
    expect(openIncidentOf(life.state)).toMatchObject({ status: 'awaiting-approval', returns: 1 });
    expect(life.heard().map(({ urgency }) => urgency)).toEqual(['alarmed', 'asked']);
  });

  it('and is only told calls people once in that time, too', () => {
    const slow = decisionOn(verdictOf('unavailable', 'pending', { told: true }));
    const life = new Life();
    for (let at = 0; at < 60; at += 2) {
      life.look(at, slow);
      life.look(at + 1, up);
    }
    expect(urgent(life).map(({ at }) => at)).toEqual([0]);
  });

  it('never withdraws while it is in doubt', () => {
    const life = new Life();
    for (const [at, seen] of [down, up, down, up].entries()) life.look(at, seen);
    const blind = decisionOn(verdictOf('unavailable', 'inconclusive'));
    life.heard();
    expect(life.look(30, blind)).toEqual([]);
    expect(life.heard()).toEqual([]);
    expect(life.look(31, up)).toEqual(['withdraw']);
  });
});

describe('whatever the sequence of breach and clear', () => {
  const states = fc.constantFrom<Verdict['verdict']>('breach', 'clear', 'inconclusive', 'pending');
  const tiers = { unavailable: 'critical', 'error-rate-moderate': 'moderate' } as const;
  const stretch = fc.record({ outage: states, errors: states, lasts: fc.integer({ min: 1, max: 90 }) });

  it('each question is about something that was not asked about within the stated time, and no breach is without one', () => {
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 2, maxLength: 40 }), (stretches) => {
        const life = new Life();
        const asked = new Map<string, number>();
        let at = 0;
        for (const { outage, errors, lasts } of stretches) {
          const verdicts = [
            verdictOf('unavailable', outage),
            verdictOf('error-rate-moderate', errors, { tier: tiers['error-rate-moderate'] }),
          ];
          const breaches = verdicts.filter(({ verdict }) => verdict === 'breach').map(({ criterion }) => criterion);
          for (let end = at + lasts; at < end; at += 1) {
            life.look(at, decisionOn(...verdicts));
            if (breaches.length > 0) expect(openIncidentOf(life.state)?.status).toBe('awaiting-approval');
            if (!life.heard().some(({ urgency }) => urgency === 'asked')) continue;
            expect(breaches.some((criterion) => at - (asked.get(criterion) ?? -within) >= within)).toBe(true);
            for (const criterion of breaches) asked.set(criterion, at);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('trouble of several kinds', () => {
  it('is over when all that was decided on is clear, whatever it was opened for and whatever was never wrong', () => {
    const life = new Life();
    const down = verdictOf('unavailable', 'breach');
    const sound = verdictOf('unavailable', 'clear');
    const unseen = verdictOf('unavailable', 'inconclusive');
    const slow = (verdict: Verdict['verdict']) => verdictOf('latency-severe', verdict, { tier: 'severe' });
    life.look(0, decisionOn(down, slow('breach')));
    expect(life.look(1, decisionOn(sound, slow('inconclusive')))).toEqual([]);
    expect(life.look(2, decisionOn(unseen, slow('clear')))).toEqual([]);
    life.write(3, { kind: 'incident.closed', incident: 'incident-1', outcome: 'resolved-by-person', reason: 'mended' });
    life.look(4, decisionOn(down, slow('clear')));
    life.look(5, decisionOn(sound, slow('breach')));
    expect(life.look(6, decisionOn(sound, slow('inconclusive')))).toEqual([]);
    expect(life.look(7, decisionOn(unseen, slow('clear')))).toEqual(['withdraw']);
  });

  it('is over where it was only told of and that is clear, although something else cannot be seen', () => {
    const life = new Life();
    const alone = (verdict: Verdict['verdict']) => verdictOf('error-rate-severe', verdict, { tier: 'severe' });
    const unseen = verdictOf('unavailable', 'inconclusive');
    life.look(0, decisionOn({ ...alone('exempt'), told: true }, unseen));
    expect(life.look(1, decisionOn(alone('clear'), unseen))).toEqual(['withdraw']);
  });
});
