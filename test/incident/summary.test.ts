import { describe, expect, it } from 'vitest';
import { emptyState } from '../../src/incident/daemon-state.ts';
import { courseText, summary, urgencyOf } from '../../src/incident/summary.ts';
import type { Decision } from '../../src/model/decision.ts';
import { begin, decisionTo, incidentOf, must, opened } from './histories.ts';
import { minute, verdictOf } from './living.ts';

const summaryOf = (decision: Decision): string =>
  summary(incidentOf(must(emptyState('approve'), ...opened('incident-1', decision))));

const begunOnly = verdictOf('latency-severe', 'pending', { tier: 'severe', told: true });
const ofOneTenant = verdictOf('error-rate-severe', 'exempt', {
  tier: 'severe',
  told: true,
  exemptBecause: 'one-tenant',
});
const breach = verdictOf('unavailable', 'breach');
const toStopIt = /To keep rollbackd from acting: `rollbackd pause --for 1h --reason \.\.\.`/;

describe('what rollbackd is about to do', () => {
  it.each<[Decision['action'], Decision['next'], string]>([
    ['page', undefined, 'rollbackd asks people before it rolls back.'],
    ['rollback', undefined, 'rollbackd rolls back by itself.'],
    ['contain', 'page', 'rollbackd stops the application at once; then rollbackd asks people before it rolls back.'],
    ['contain', undefined, 'rollbackd stops the application at once; then rollbackd asks people before it rolls back.'],
    ['contain', 'rollback', 'rollbackd stops the application at once; then rollbackd rolls back by itself.'],
    ['hold', undefined, 'on hold. rollbackd does nothing and asks nobody.'],
  ])('is said of %s, then %s', (action, next, text) => {
    expect(courseText(decisionTo(action, { next }))).toBe(text);
  });
});

describe('the summary of an incident', () => {
  it('says that nothing has been decided of one that was cut off before that', () => {
    const [open] = opened('incident-1', decisionTo('page'));
    if (!open) throw new Error('no event');
    expect(summary(incidentOf(must(emptyState('approve'), open)))).toBe('Nothing has been decided yet.');
  });

  it('says since when the oldest of its troubles is seen, and every reason for and against', () => {
    const verdicts = [
      { ...breach, since: begin - 2 * minute },
      { ...ofOneTenant, since: begin - 5 * minute },
      { ...begunOnly, since: begin - 3 * minute },
      verdictOf('connections', 'clear', { since: begin - 9 * minute }),
    ];
    expect(summaryOf(decisionTo('page', { verdicts, reasonsAgainst: ['the backup is old'] }))).toBe(
      [
        'Decision 1: rollbackd asks people before it rolls back.',
        'Seen since 2026-01-10 02:55 UTC.',
        '+ unavailable is breach',
        '- the backup is old',
      ].join('\n'),
    );
  });
});

describe('trouble that has only begun', () => {
  const held = (...verdicts: Decision['verdicts']) => decisionTo('hold', { tier: 'severe', verdicts });

  it('calls nobody away, and says how to keep rollbackd from acting on it', () => {
    for (const decision of [held(begunOnly), held(ofOneTenant, begunOnly), held(begunOnly, ofOneTenant)]) {
      expect(urgencyOf(decision)).toBe('told');
      expect(summaryOf(decision)).toMatch(toStopIt);
    }
  });

  it('calls somebody where it is critical', () => {
    const decision = { ...held(begunOnly), tier: 'critical' as const };
    expect(urgencyOf(decision)).toBe('alarmed');
    expect(summaryOf(decision)).toMatch(toStopIt);
  });

  it('is nothing to be stopped beside a breach that people are asked about', () => {
    const decision = decisionTo('page', { tier: 'severe', verdicts: [breach, begunOnly] });
    expect(urgencyOf(decision)).toBe('alarmed');
    expect(summaryOf(decision)).not.toMatch(toStopIt);
  });

  it('is not what lasts, and is one tenant’s alone: that calls somebody, and leads to nothing by itself', () => {
    const decision = held(ofOneTenant);
    expect(urgencyOf(decision)).toBe('alarmed');
    expect(summaryOf(decision)).not.toMatch(toStopIt);
  });
});
