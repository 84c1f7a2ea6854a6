import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { performMove } from '../../src/engine/perform-move.ts';
import { createPlanner, type Planner } from '../../src/engine/planner.ts';
import { evidenceHash } from '../../src/incident/evidence.ts';
import type { Move } from '../../src/incident/moves.ts';
import type { Decision } from '../../src/model/decision.ts';
import { finished } from '../actions/perform.ts';
import { collection } from '../actions/stored.ts';
import { byPerson, type RunsStage, runsOn } from './stage.ts';

const signal = new AbortController().signal;
let stage: RunsStage;
let planner: Planner;

beforeEach(async () => {
  stage = await runsOn();
  planner = createPlanner(stage.target.world, 'config');
});
afterEach(() => {
  stage.stop.abort(new Error('over'));
  stage[Symbol.dispose]();
});

const perform = (move: Move, plan = stage.plan) =>
  performMove(move, plan, {
    memory: stage.memory,
    runs: stage.runs,
    planner,
    watchFor: 7_200_000,
    clock: stage.target.clock,
  });

const decision: Decision = {
  at: 0,
  action: 'contain',
  next: 'page',
  tier: 'critical',
  criterion: 'cross-tenant-leak',
  tenants: ['negoes'],
  verdicts: [],
  guards: [],
  reasonsFor: ['a leak'],
  reasonsAgainst: [],
};

describe('the planner', () => {
  it('remembers its plans by their hash, and gives back the very one', async () => {
    const { plan } = await planner.draft(signal);
    expect(planner.planned(plan.hash)).toBe(plan);
    expect(planner.planned('another')).toBeUndefined();
  });

  it('gives another plan when the target has changed, and keeps the old one', async () => {
    const before = (await planner.draft(signal)).plan;
    stage.target.state.legacy.cafe_kopi = [collection('menus', 2)];
    const after = (await planner.draft(signal)).plan;
    expect(after.hash).not.toBe(before.hash);
    expect(planner.planned(before.hash)).toBe(before);
  });

  it('keeps the last twenty', async () => {
    const first = (await planner.draft(signal)).plan;
    const { state } = stage.target;
    for (let count = 0; count < 20; count++) {
      state.manifest = { ...state.manifest, hash: `backup-${count}` };
      await planner.draft(signal);
    }
    expect(planner.planned(first.hash)).toBeUndefined();
  });
});

describe('a move', () => {
  it('opens an incident with the decision that calls for it, in one piece', async () => {
    await perform({ kind: 'open-incident', decision, evidenceHash: evidenceHash(decision) });
    const { openIncident, incidents } = stage.memory.state();
    expect(incidents.get(openIncident ?? '')).toMatchObject({
      status: 'open',
      frozen: { revision: 1 },
    });
  });

  it('contains by a run of the daemon’s own, which needs no plan', async () => {
    stage.memory.append({ kind: 'mode.changed', mode: 'approve', person: 'sari', reason: '' });
    await perform({ kind: 'open-incident', decision, evidenceHash: evidenceHash(decision) });
    const incident = stage.memory.state().openIncident ?? '';
    await perform({ kind: 'contain', incident, authority: { by: 'daemon' } });
    await finished(stage.target.clock, stage.runs.idle());
    const [run] = stage.memory.state().runs.values();
    expect(run).toMatchObject({ status: 'succeeded', plan: { kind: 'containment' }, authority: { by: 'daemon' } });
    expect(stage.memory.state().incidents.get(incident)?.containment).toMatchObject({ state: 'proven' });
    expect(stage.target.done).toEqual(['showMaintenance', 'stopAndSave']);
  });

  it('does not roll back by another plan than the one that people approved, nor before that one is at hand', async () => {
    const authority = { by: 'approval' as const, people: ['eva'] };
    await perform({ kind: 'start-rollback', incident: 'inc-1', authority, planHash: 'what they saw' });
    expect(stage.memory.state().runs.size).toBe(0);
    expect(stage.target.done).toEqual([]);
  });

  it('begins a watch for as long as is configured, and ends it with a summary that is told', async () => {
    const run = await stage.runs.rollBack({ plan: stage.plan, authority: byPerson, incident: undefined });
    await finished(stage.target.clock, stage.runs.idle());
    await perform({ kind: 'start-watch', run });
    const { watch } = stage.memory.state();
    expect((watch?.until ?? 0) - (watch?.startedAt ?? 0)).toBe(7_200_000);
    await perform({ kind: 'close-watch', run });
    expect(stage.memory.state().watch).toBeUndefined();
    expect([...stage.memory.state().messages.values()].at(-1)).toMatchObject({
      message: `run/${run}/watch-closed`,
      text: expect.stringContaining('findings: 0'),
    });
  });

  it('is refused by the memory where the state forbids it', async () => {
    await expect(perform({ kind: 'withdraw', incident: 'nobody', reason: '' })).rejects.toMatchObject({
      reason: 'not-permitted',
    });
  });
});
