import { expect, it } from 'vitest';
import { type DaemonState, emptyState } from '../../src/incident/daemon-state.ts';
import { eventsOf } from '../../src/incident/moves.ts';
import { nextMoves } from '../../src/incident/next.ts';
import type { Tier } from '../../src/model/tier.ts';
import { begin, decisionTo, must, opened } from './histories.ts';

const minute = 60_000;
const decision = (tier: Tier) => decisionTo('page', { tier });
const incident = (tier: Tier) => must(emptyState('approve'), ...opened('i', decision(tier)));

function toldAt(state: DaemonState, tier: Tier, now: number, planHash?: string, escalation = ['Budi']) {
  const outlook = { decision: decision(tier), now, planHash, escalation };
  return nextMoves(state, outlook).flatMap((move) => (move.kind === 'tell' ? [move] : []));
}

const overdueAt = (state: DaemonState, tier: Tier, now: number, planHash?: string) =>
  toldAt(state, tier, now, planHash).filter(({ identity }) => identity.topic.of.what === 'overdue');

it('runs from the beginning of a severe incident while no plan can be made, and names the first rung', () => {
  const state = incident('severe');
  expect(overdueAt(state, 'severe', begin + 59 * minute)).toEqual([]);
  expect(overdueAt(state, 'severe', begin + 60 * minute)).toEqual([
    expect.objectContaining({ urgency: 'alarmed', text: expect.stringMatching(/no plan can be made.*now for Budi/) }),
  ]);
  expect(overdueAt(incident('critical'), 'critical', begin + 60 * minute)).toEqual([]);
});

it('is told once, whether or not a plan can be made after all', () => {
  const state = incident('severe');
  const late = begin + 60 * minute;
  const told = must(state, ...toldAt(state, 'severe', late).flatMap((move) => eventsOf(move, 'i')));
  expect(overdueAt(told, 'severe', late + minute)).toEqual([]);
  const asked = nextMoves(told, { decision: decision('severe'), now: late, planHash: 'plan-1' }).flatMap((move) =>
    move.kind === 'request-approval' ? eventsOf(move, 'i') : [],
  );
  expect(overdueAt(must(told, ...asked), 'severe', late + minute, 'plan-1')).toEqual([]);
});

it('says whose it is now and why nobody was asked, as far as there is something to say', () => {
  const late = begin + 60 * minute;
  const passed = 'The deadline of 2026-01-10T04:00:00.000Z has passed without an answer.';
  const textOf = (state: DaemonState, planHash?: string, escalation?: string[]) =>
    toldAt(state, 'severe', late, planHash, escalation).flatMap(({ identity, text }) =>
      identity.topic.of.what === 'overdue' ? [text] : [],
    );
  const open = incident('severe');
  expect(textOf(open, undefined, [])).toEqual([`${passed} Nobody could be asked: no plan can be made.`]);
  const question = nextMoves(open, { decision: decision('severe'), now: begin, planHash: 'plan-1' }).flatMap((move) =>
    move.kind === 'request-approval' ? eventsOf(move, 'i') : [],
  );
  const asked = must(open, ...question);
  expect(textOf(asked, 'plan-1', ['Budi', 'Putu'])).toEqual([`${passed} It is now for Budi, Putu to get one.`]);
  expect(textOf(asked, 'plan-1', [])).toEqual([passed]);
});
