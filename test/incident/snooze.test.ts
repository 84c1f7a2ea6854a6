import { describe, expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import { fold } from '../../src/incident/fold.ts';
import { eventsOf } from '../../src/incident/moves.ts';
import { nextMoves } from '../../src/incident/next.ts';
import type { EventBody } from '../../src/model/event.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { begin, decisionTo, journalled, must, opened, planOf, topicText } from './histories.ts';

const minute = 60_000;
const page = decisionTo('page', { tier: 'severe' });
const snoozed = (until: number): EventBody => ({ kind: 'incident.snoozed', incident: 'i', person: 'Sari', until });

/** What is told by then, written down as the engine does. */
function live(state: DaemonState, now: number, decision = page): { state: DaemonState; topics: string[] } {
  const topics: string[] = [];
  let known = state;
  for (let round = 0; round < 10; round++) {
    const moves = nextMoves(known, { decision, now, planHash: 'plan-1', escalation: ['Budi'] });
    if (moves.length === 0) break;
    for (const move of moves) {
      if (move.kind === 'tell') topics.push(topicText(move.identity));
      if (
        move.kind !== 'contain' &&
        move.kind !== 'start-rollback' &&
        move.kind !== 'start-watch' &&
        move.kind !== 'close-watch'
      )
        for (const body of eventsOf(move, 'i')) known = fold(known, journalled(known, body, now));
    }
  }
  return { state: known, topics };
}

const asked = () => live(must(emptyState('approve'), ...opened('i', page)), begin).state;

describe('snoozed reminders', () => {
  it('rest until then, and come back at once when it is over', () => {
    const reminded = live(asked(), begin + 10 * minute);
    expect(reminded.topics).toEqual(['asked?revision=1&period=1']);
    const quiet = must(reminded.state, snoozed(begin + 45 * minute));
    expect(live(quiet, begin + 44 * minute).topics).toEqual([]);
    expect(live(quiet, begin + 45 * minute).topics).toEqual(['asked?revision=1&period=2']);
  });

  it('never keep what has become worse from being told and asked about, and end with it', () => {
    const quiet = must(asked(), snoozed(begin + 240 * minute));
    const worse = { ...page, verdicts: verdictsIn('breach', 'breach'), tenants: ['negoes'] };
    const told = live(quiet, begin + 20 * minute, worse);
    expect(told.topics).toEqual(['decided?revision=2', 'asked?revision=2']);
    expect(told.state.incidents.get('i')?.snoozed).toBeUndefined();
  });

  it('never keep a deadline from being told, and the first rung is named', () => {
    const quiet = must(asked(), snoozed(begin + 240 * minute));
    expect(live(quiet, begin + 60 * minute).topics).toEqual(['overdue?revision=1']);
    const moves = nextMoves(quiet, {
      decision: page,
      now: begin + 60 * minute,
      planHash: 'plan-1',
      escalation: ['Budi'],
    });
    expect(moves).toEqual([expect.objectContaining({ text: expect.stringContaining('now for Budi') })]);
  });

  it('never keep an approval that does not begin from being told', () => {
    const subject = { incident: 'i', revision: 1, planHash: 'plan-1', evidenceHash: evidenceHash(page) };
    const yes: EventBody = {
      kind: 'approval.answered',
      ...subject,
      answer: 'approved',
      person: 'Budi',
      role: 'technical-lead',
      via: 'slack',
    };
    const quiet = must(asked(), snoozed(begin + 240 * minute), yes);
    expect(live(quiet, begin + 3 * minute).topics).toEqual([expect.stringMatching(/^not-begun\?revision=1/)]);
  });

  it('come back when a rollback fails, which nobody knew when they were snoozed', () => {
    const authority = { by: 'person', person: 'Budi', role: 'technical-lead', reason: 'r' } as const;
    const failed = must(
      asked(),
      snoozed(begin + 240 * minute),
      { kind: 'run.started', run: 'run-1', incident: 'i', plan: planOf('rollback'), authority },
      { kind: 'step.started', run: 'run-1', step: 'enable-traffic', attempt: 1 },
      { kind: 'step.failed', run: 'run-1', step: 'enable-traffic', attempt: 1, tookMs: 1, reason: 'r', message: 'm' },
      { kind: 'run.finished', run: 'run-1', outcome: 'failed', reason: 'r' },
    );
    expect(failed.incidents.get('i')?.status).toBe('rollback-failed');
    const told = live(failed, begin + 1);
    expect(told.topics).toEqual([`failed?which=run-1+${begin}`]);
    expect(live(told.state, begin + 1 + 10 * minute).topics).toEqual([`failed?which=run-1+${begin}&period=1`]);
  });

  it('come back when a containment fails', () => {
    const leak = decisionTo('contain', { next: 'page', verdicts: verdictsIn('breach', 'clear'), tenants: ['negoes'] });
    const failed = must(
      must(emptyState('approve'), ...opened('i', leak)),
      snoozed(begin + 240 * minute),
      { kind: 'run.started', run: 'run-1', incident: 'i', plan: planOf('containment'), authority: { by: 'daemon' } },
      { kind: 'run.finished', run: 'run-1', outcome: 'failed', reason: 'r' },
    );
    const told = live(failed, begin + 1, leak);
    expect(told.topics).toContain(`containment-failed?which=${begin}`);
    expect(live(told.state, begin + 1 + 10 * minute, leak).topics).toContain(
      `containment-failed?which=${begin}&period=1`,
    );
  });

  it('are not for an incident that is closed', () => {
    const closed = must(asked(), { kind: 'incident.withdrawn', incident: 'i', reason: 'r' });
    expect(() => must(closed, snoozed(begin))).toThrow('is closed');
  });
});
