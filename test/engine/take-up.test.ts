import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { Lease } from '../../src/adapters/mongo/contract.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import { recover } from '../../src/engine/recover.ts';
import { finished } from '../actions/perform.ts';
import { stagedFor } from '../actions/staged.ts';
import { cutOff, itsConfig, leaseHeld, type RunsSituation, type RunsStage, runsOn } from './stage.ts';

let stage: RunsStage | undefined;
afterEach(() => {
  stage?.stop.abort(new Error('over'));
  stage?.[Symbol.dispose]();
});

/** A legacy server that is away, as long as the test says so. */
function serverAway() {
  const server = { away: true, asked: 0 };
  const acquire: Lease['acquire'] = async () => {
    server.asked += 1;
    if (server.away) throw new RollbackdError('unreachable', 'MongoDB at h:1 cannot be reached');
    return { heldBy: 'us', mine: true, epoch: 1 };
  };
  return { server, lease: { acquire } };
}

/** A daemon that starts where an earlier one was cut off. */
async function started(step: string, situation: RunsSituation = {}): Promise<RunsStage> {
  stage = await runsOn({ past: (plan) => cutOff(plan, step), ...situation });
  stagedFor(stage.target, 'run-0');
  await recover(stage.runs, {
    memory: stage.memory,
    clock: stage.target.clock,
    signal: stage.stop.signal,
    log: { error: () => {} },
    passwordFolder: `${stage.target.folder}/passwords`,
  });
  return stage;
}

const run = ({ memory }: RunsStage) => memory.state().runs.get('run-0');
const told = ({ memory }: RunsStage) => [...memory.state().messages.values()].map(({ subject }) => subject);
async function passes({ target: { clock } }: RunsStage, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (clock.sleepers() > 0) await clock.pass(500);
    else await turn();
  }
}

describe('a run that was cut off, while the legacy server is away at the next start', () => {
  it('waits, is told once, and goes on by itself when the server is back', async () => {
    const { server, lease } = serverAway();
    const here = await started('snapshot-unified', { lease });
    await passes(here, () => server.asked > 20);
    expect(run(here)).toMatchObject({ status: 'interrupted' });
    expect(told(here)).toEqual(['an interrupted run waits for the legacy server']);
    expect(here.target.done).toEqual([]);
    server.away = false;
    await passes(here, () => run(here)?.status === 'succeeded');
    expect(told(here).filter((subject) => subject.includes('interrupted run'))).toHaveLength(1);
  });

  it('is not taken up where acting is paused meanwhile, and people hear why', async () => {
    const { server, lease } = serverAway();
    const here = await started('snapshot-unified', { lease });
    await passes(here, () => server.asked > 2);
    const until = here.target.clock.now() + 3_600_000;
    here.memory.append({ kind: 'acting.paused', person: 'sari', reason: 'a fair', until });
    server.away = false;
    await passes(here, () => told(here).length > 1);
    expect(told(here)[1]).toBe('an interrupted run could not be taken up');
    expect(run(here)).toMatchObject({ status: 'interrupted' });
    expect(here.target.done).toEqual([]);
  });

  it('is not taken up where another daemon had the target meanwhile', async () => {
    const { server, lease } = serverAway();
    const { acquire } = lease;
    const taken: Lease['acquire'] = (...asked) => (server.away ? acquire(...asked) : leaseHeld());
    const here = await started('snapshot-unified', { lease: { acquire: taken } });
    await passes(here, () => server.asked > 2);
    server.away = false;
    await passes(here, () => told(here).length > 1);
    expect(run(here)).toMatchObject({ status: 'interrupted' });
    expect(here.target.done).toEqual([]);
  });

  it('is given up where it was a person’s that had stopped nothing, and the server was away for long', async () => {
    const { server, lease } = serverAway();
    const here = await started('stage-code', { lease });
    await here.target.clock.pass(15 * 60_000);
    await passes(here, () => run(here)?.status === 'failed');
    expect(run(here)?.reason).toMatch(/whoever wanted it may think otherwise/);
    expect(server.away).toBe(true);
  });

  it('is left to whoever gives it up meanwhile', async () => {
    const { server, lease } = serverAway();
    const here = await started('snapshot-unified', { lease });
    await passes(here, () => server.asked > 2);
    here.memory.append({ kind: 'run.finished', run: 'run-0', outcome: 'failed', reason: 'given up by sari' });
    server.away = false;
    const asked = server.asked;
    await here.target.clock.pass(60_000);
    expect(server.asked - asked).toBeLessThanOrEqual(1);
    expect(here.target.done).toEqual([]);
  });

  it('is left to whoever goes on with it by hand in that moment', async () => {
    const { server, lease } = serverAway();
    const here = await started('snapshot-unified', { lease });
    await passes(here, () => server.asked > 2);
    server.away = false;
    const cut = run(here);
    if (cut) await here.runs.resume(cut, 'sari');
    await finished(here.target.clock, here.runs.idle());
    await passes(here, () => run(here)?.status === 'succeeded');
    expect(told(here)).not.toContain('an interrupted run could not be taken up');
  });

  it('waits no longer when the daemon stops', async () => {
    const { server, lease } = serverAway();
    const here = await started('snapshot-unified', { lease });
    await passes(here, () => server.asked > 2);
    here.stop.abort(new Error('the daemon stops'));
    const { asked } = server;
    await here.target.clock.pass(60_000);
    expect(server.asked).toBe(asked);
  });

  it('is told at once where what keeps it off does not pass by itself', async () => {
    const here = await started('snapshot-unified', { config: { ...itsConfig, hash: 'another' } });
    expect(told(here)).toEqual(['an interrupted run could not be taken up']);
  });
});
