import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { linuxHost } from '../../src/adapters/host/linux.ts';
import type { Lease } from '../../src/adapters/mongo/contract.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import { takeUp } from '../../src/engine/take-up.ts';
import { leftOnTarget } from '../../src/incident/left-on-target.ts';
import { standingOf } from '../../src/incident/read-state.ts';
import { stopBegan, touchedAnything } from '../../src/incident/users-back.ts';
import type { JournalError } from '../../src/journal/journal.ts';
import type { EventBody, EventOf, JournalEvent } from '../../src/model/event.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Question } from '../../src/probes/ask.ts';
import { buildContainment } from '../../src/rollback/containment.ts';
import { finished } from '../actions/perform.ts';
import { stagedFor } from '../actions/staged.ts';
import { openTarget } from '../actions/target.ts';
import { answered, online } from '../actions/target-state.ts';
import { decisionTo, opened } from '../incident/histories.ts';
import { verdictsIn } from '../rules/arbitrary-verdicts.ts';
import { byPerson, cutOff, itsConfig, leaseHeld, type RunsSituation, type RunsStage, runsOn } from './stage.ts';

let stage: RunsStage | undefined;
afterEach(() => {
  stage?.stop.abort(new Error('over'));
  stage?.[Symbol.dispose]();
});

const on = async (situation: RunsSituation = {}) => {
  stage = await runsOn(situation);
  return stage;
};
/** An incident in which the daemon is to stop the application. */
const toContain = opened('incident-1', decisionTo('contain', { next: 'rollback' }));
const over = ({ runs, target }: RunsStage) => finished(target.clock, runs.idle());
/** Time passes until it is so. */
async function happens({ target: { clock } }: RunsStage, isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (clock.sleepers() > 0) await clock.pass(50);
    else await turn();
  }
}
const stateOf = ({ memory }: RunsStage, run: string) => memory.state().runs.get(run);

describe('runs', () => {
  it('take a rollback from its start to its end, under the lease, and give the lease back', async () => {
    const here = await on();
    const run = await here.runs.rollBack({ plan: here.plan, authority: byPerson, incident: undefined });
    expect(here.runs.busy).toBe(true);
    await over(here);
    expect(stateOf(here, run)).toMatchObject({ status: 'succeeded', authority: byPerson, cutoverAt: 0 });
    expect(here.leased[0]).toBe('acquire');
    expect(here.leased.at(-1)).toBe('release');
    expect(here.runs.busy).toBe(false);
    expect(here.faults).toEqual([]);
  });

  it('are one at a time', async () => {
    const here = await on();
    const request = { plan: here.plan, authority: byPerson, incident: undefined };
    await here.runs.rollBack(request);
    await expect(here.runs.rollBack(request)).rejects.toMatchObject({ reason: 'run-under-way' });
    await over(here);
    expect(here.memory.state().runs.size).toBe(1);
  });

  it('do not begin twice when two people ask at the same moment', async () => {
    const here = await on();
    const request = { plan: here.plan, authority: byPerson, incident: undefined };
    const answers = await Promise.allSettled([here.runs.rollBack(request), here.runs.rollBack(request)]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await over(here);
    expect(here.memory.state().runs.size).toBe(1);
  });

  it('do not begin while another daemon holds the lease', async () => {
    const here = await on({ lease: { acquire: leaseHeld } });
    const request = { plan: here.plan, authority: byPerson, incident: undefined };
    await expect(here.runs.rollBack(request)).rejects.toMatchObject({ reason: 'lease-held' });
    expect(here.memory.state().runs.size).toBe(0);
    expect(here.target.done).toEqual([]);
  });

  it('stop nothing where the last look before it calls them off', async () => {
    const here = await on({ calledOff: 'it has healed' });
    const run = await here.runs.rollBack({ plan: here.plan, authority: byPerson, incident: undefined });
    await over(here);
    const reason = 'called off before anything was stopped: it has healed';
    expect(stateOf(here, run)).toMatchObject({ status: 'failed', reason });
    expect(here.target.done).toEqual(['stage', 'install', 'dump cafe_v2', 'dump cafe_kopi', 'saveLocalChanges']);
  });

  it('do not begin where a pause comes while the lease is waited for', async () => {
    let pause = () => {};
    const here = await on({
      lease: {
        async acquire() {
          pause();
          return { heldBy: 'us', mine: true, epoch: 1 };
        },
      },
    });
    const until = here.target.clock.now() + 60_000;
    pause = () => void here.memory.append({ kind: 'acting.paused', person: 'sari', reason: 'a fair', until });
    const request = { plan: here.plan, authority: byPerson, incident: undefined };
    await expect(here.runs.rollBack(request)).rejects.toMatchObject({ reason: 'paused' });
    expect(here.memory.state().runs.size).toBe(0);
  });

  describe('that fail before anything is changed for good', () => {
    const request = ({ plan }: RunsStage) => ({ plan, authority: byPerson, incident: undefined });
    /** As pm2 does it, and the application with it. */
    const releases = ({ target }: RunsStage) => {
      const well = target.answer;
      target.effects.release = () => {
        target.state.processes = [online()];
        const { publicUrl } = target.settings.target;
        const isServed = ({ baseUrl }: Question) => baseUrl !== publicUrl || !target.state.maintenance;
        target.answer = (question) =>
          question.path === '/health' && isServed(question) ? answered(200) : well(question);
      };
    };

    it('put the application back, which serves again, and are no downtime any more', async () => {
      const here = await on();
      releases(here);
      here.target.effects.restore = () => Promise.reject(new RollbackdError('tool-failed', 'the disk is full'));
      const run = await here.runs.rollBack(request(here));
      await over(here);
      const ended = stateOf(here, run);
      expect(ended).toMatchObject({
        status: 'failed',
        reason: expect.stringMatching(/^restore-database:cafe_kopi: the disk is full$/),
        putBackAt: expect.any(Number),
        usersGet: 'status 200',
      });
      expect(here.target.state).toMatchObject({ maintenance: false, processes: [{ status: 'online' }] });
      expect(ended && [stopBegan(ended), touchedAnything(ended)]).toEqual([false, true]);
      expect(standingOf(here.memory.state()).stoppedByRun).toBe(false);
      expect(leftOnTarget(here.memory.state())).toBeUndefined();
    });

    it('stop it anew when they are resumed, and go on from there', async () => {
      const here = await on();
      releases(here);
      here.target.effects.restore = () => Promise.reject(new RollbackdError('tool-failed', 'the disk is full'));
      const run = await here.runs.rollBack(request(here));
      await over(here);
      here.target.effects.restore = undefined;
      here.target.done.length = 0;
      const failed = stateOf(here, run);
      if (failed) await here.runs.resume(failed, 'sari');
      await over(here);
      expect(stateOf(here, run)).toMatchObject({ status: 'succeeded' });
      expect(here.target.done.slice(0, 3)).toEqual(['showMaintenance', 'stopAndSave', 'restore cafe_kopi']);
    });

    it('leave it stopped where it leaks, and say so', async () => {
      const leak = decisionTo('page', { criterion: 'cross-tenant-leak', verdicts: verdictsIn('breach', 'clear') });
      const here = await on({ past: () => opened('incident-1', leak) });
      releases(here);
      here.target.effects.restore = () => Promise.reject(new RollbackdError('tool-failed', 'the disk is full'));
      const run = await here.runs.rollBack({ ...request(here), incident: 'incident-1' });
      await over(here);
      expect(stateOf(here, run)).toMatchObject({
        status: 'failed',
        reason: expect.stringContaining('the application stays stopped, since it leaks'),
        usersGet: 'the maintenance answer',
      });
      expect(stateOf(here, run)?.putBackAt).toBeUndefined();
      expect(here.target.state).toMatchObject({ maintenance: true, processes: [{ status: 'stopped' }] });
    });

    it('say why it could not be put back, and leave it behind the maintenance answer', async () => {
      const here = await on();
      here.target.effects.release = () => {};
      here.target.effects.restore = () => Promise.reject(new RollbackdError('tool-failed', 'the disk is full'));
      const run = await here.runs.rollBack(request(here));
      await over(here);
      expect(stateOf(here, run)).toMatchObject({
        reason: expect.stringMatching(/the disk is full; it could not be put back: .*connection refused/),
        usersGet: 'the maintenance answer',
      });
      expect(here.target.state.maintenance).toBe(true);
    });

    it('let users in all the same where the process manager cannot save it so, and say what is left', async () => {
      const here = await on();
      releases(here);
      const released = here.target.effects.release;
      here.target.effects.release = async (subject) => {
        await released?.(subject);
        throw new RollbackdError('process-manager', '"pm2 save" did not save the list', { remedy: 'save it' });
      };
      here.target.effects.restore = () => Promise.reject(new RollbackdError('tool-failed', 'the disk is full'));
      const run = await here.runs.rollBack(request(here));
      await over(here);
      expect(stateOf(here, run)).toMatchObject({
        reason: expect.stringContaining('it serves again, but "pm2 save" did not save the list. Next: save it'),
        putBackAt: expect.any(Number),
        usersGet: 'status 200',
      });
    });

    it('put nothing back once code is switched: the way back is a person’s', async () => {
      const here = await on();
      releases(here);
      here.target.effects.switchToLegacy = () => Promise.reject(new RollbackdError('code', 'a full disk'));
      const run = await here.runs.rollBack(request(here));
      await over(here);
      expect(stateOf(here, run)).toMatchObject({ status: 'failed', reason: expect.stringContaining('a full disk') });
      expect(stateOf(here, run)?.putBackAt).toBeUndefined();
      expect(here.target.done).not.toContain('release');
    });
  });

  it('end as failed with the step that failed, and are resumed by a person', async () => {
    const here = await on();
    here.target.effects.restore = () => {};
    const run = await here.runs.rollBack({ plan: here.plan, authority: byPerson, incident: undefined });
    await over(here);
    const failed = stateOf(here, run);
    expect(failed).toMatchObject({ status: 'failed', reason: expect.stringMatching(/^restore-database:cafe_kopi: /) });
    here.target.effects.restore = undefined;
    if (failed) await here.runs.resume(failed, 'sari');
    await over(here);
    expect(stateOf(here, run)).toMatchObject({ status: 'succeeded' });
  });

  it('go on by themselves under no other configuration than their own', async () => {
    const changed = { ...itsConfig, hash: 'another' };
    const here = await on({ past: (plan) => cutOff(plan, 'switch-code'), config: changed });
    await expect(here.runs.recover()).rejects.toMatchObject({
      reason: 'config-changed',
      remedy: expect.stringContaining('`rollbackd resume` takes it on'),
    });
    expect(stateOf(here, 'run-0')).toMatchObject({ status: 'interrupted' });
    expect(here.target.done).toEqual([]);
  });

  it('are taken on by a person where nothing has changed that could lead a write elsewhere, and go on so after a crash', async () => {
    const changed = { ...itsConfig, hash: 'longer time-outs' };
    const here = await on({ past: (plan) => cutOff(plan, 'snapshot-unified'), config: changed });
    const run = stateOf(here, 'run-0');
    stagedFor(here.target, 'run-0');
    if (run) await here.runs.resume(run, 'sari');
    await over(here);
    expect(stateOf(here, 'run-0')).toMatchObject({ status: 'succeeded', configHash: changed.hash });
  });

  it('are taken on by nobody where more has changed, and what it was is named', async () => {
    const parts = { ...itsConfig.parts, 'mongo.legacy.host': '2' };
    const config = { hash: 'another', binding: 'another', parts };
    const here = await on({ past: (plan) => cutOff(plan, 'switch-code'), config });
    const run = stateOf(here, 'run-0');
    await expect(async () => run && here.runs.resume(run, 'sari')).rejects.toMatchObject({
      reason: 'config-changed',
      message: 'run run-0 was started with another configuration: mongo.legacy.host changed',
      remedy: expect.stringContaining('rollbackd close'),
    });
    expect(here.target.done).toEqual([]);
  });

  it('are taken on by a person under any configuration where they only contain', async () => {
    const target = openTarget();
    const containment = buildContainment(target.world, 'config');
    target[Symbol.dispose]();
    const config = { hash: 'another', binding: 'another', parts: {} };
    const here = await on({ past: () => cutOff(containment, 'stop-application'), config });
    await expect(here.runs.recover()).rejects.toMatchObject({ reason: 'config-changed' });
    const run = stateOf(here, 'run-0');
    if (run) await here.runs.resume(run, 'sari');
    await over(here);
    expect(here.target.done).toContain('stopAndSave');
  });

  it('are not resumed while one is under way', async () => {
    const here = await on();
    const run = await here.runs.rollBack({ plan: here.plan, authority: byPerson, incident: undefined });
    const underWay = stateOf(here, run);
    await expect(async () => underWay && here.runs.resume(underWay, 'sari')).rejects.toThrow(/under way already/);
    await over(here);
  });
});

/** A lease that another daemon takes when the test says so; a server that is away when it says so. */
function takeable() {
  const server = { taken: false, away: false };
  const asked: (number | undefined)[] = [];
  const acquire: Lease['acquire'] = async (_ttl, _signal, { epoch } = {}) => {
    asked.push(epoch);
    if (server.away) throw new RollbackdError('unreachable', 'no server');
    if (server.taken && epoch !== undefined) return leaseHeld();
    return { heldBy: 'us', mine: true, epoch: 7 };
  };
  return { server, asked, lease: { acquire } };
}

const restoring = ({ body }: JournalEvent): boolean =>
  body.kind === 'step.started' && body.step.startsWith('restore-database:');

describe('a run whose lease another daemon has by now', () => {
  it('ends before its next step, with nothing done, and a person may resume it', async () => {
    const { server, lease } = takeable();
    const here = await on({ lease });
    const end = here.memory.subscribe(({ body }) => {
      if (body.kind === 'step.succeeded' && body.step.startsWith('snapshot-legacy:')) server.taken = true;
    });
    const run = await here.runs.rollBack({ plan: here.plan, authority: byPerson, incident: undefined });
    await over(here);
    expect(stateOf(here, run)).toMatchObject({
      status: 'failed',
      reason: expect.stringContaining('another daemon may act'),
    });
    expect(here.target.done.at(-1)).toMatch(/^dump /);
    end();
    server.taken = false;
    const failed = stateOf(here, run);
    if (failed) await here.runs.resume(failed, 'sari');
    await over(here);
    expect(stateOf(here, run)).toMatchObject({ status: 'succeeded' });
  });

  it('does not do what it was about to do: it asks right before the act, under the number of its own turn', async () => {
    const { server, asked, lease } = takeable();
    const here = await on({ lease });
    here.memory.subscribe((event) => {
      if (restoring(event)) server.taken = true;
    });
    const run = await here.runs.rollBack({ plan: here.plan, authority: byPerson, incident: undefined });
    await over(here);
    expect(stateOf(here, run)).toMatchObject({ status: 'failed' });
    expect(here.target.done.filter((what) => what.startsWith('restore'))).toEqual([]);
    expect(new Set(asked.slice(1))).toEqual(new Set([7]));
  });

  it('ends while a step is under way, which is called off', async () => {
    const { server, lease } = takeable();
    const here = await on({ lease });
    // Time passes while the steps before it do their work on the disk, too.
    let before = 0;
    here.target.world.tools.restore = async (_request, signal) => {
      server.taken = true;
      before = here.target.clock.monotonic();
      await here.target.clock.sleep(600_000, signal);
      return { restored: {}, failed: 0 };
    };
    const run = await here.runs.rollBack({ plan: here.plan, authority: byPerson, incident: undefined });
    await over(here);
    expect(stateOf(here, run)).toMatchObject({ status: 'failed' });
    expect(here.target.clock.monotonic() - before).toBeLessThan(600_000);
  });

  it('does not go on by itself after a crash either, and a person takes it on under another turn', async () => {
    const asked: (number | undefined)[] = [];
    const acquire: Lease['acquire'] = async (_ttl, _signal, { epoch } = {}) => {
      asked.push(epoch);
      if (epoch === 7) return leaseHeld();
      return { heldBy: 'us', mine: true, epoch: 9 };
    };
    const past = (plan: Plan) =>
      cutOff(plan, 'snapshot-unified').map((body) => (body.kind === 'run.started' ? { ...body, epoch: 7 } : body));
    const here = await on({ past, lease: { acquire } });
    stagedFor(here.target, 'run-0');
    await expect(here.runs.recover()).rejects.toMatchObject({ reason: 'lease-held' });
    expect(here.target.done).toEqual([]);
    const run = stateOf(here, 'run-0');
    if (run) await here.runs.resume(run, 'sari');
    await over(here);
    expect(stateOf(here, 'run-0')).toMatchObject({ status: 'succeeded', epoch: 9 });
    expect(asked.slice(0, 3)).toEqual([7, undefined, 9]);
  });

  it('goes on where nobody can be asked: to stop half-way would be worse', async () => {
    const { server, lease } = takeable();
    const here = await on({ lease });
    here.memory.subscribe((event) => {
      if (restoring(event)) server.away = true;
    });
    const run = await here.runs.rollBack({ plan: here.plan, authority: byPerson, incident: undefined });
    await over(here);
    expect(stateOf(here, run)).toMatchObject({ status: 'succeeded' });
    expect(here.faults[0]).toMatchObject({ reason: 'unreachable' });
  });
});

describe('a run whose journal takes nothing for a while', () => {
  const full = () => new RollbackdError('not-writable', 'no space left');
  const request = ({ plan }: RunsStage) => ({ plan, authority: byPerson, incident: undefined });

  it('goes on by itself when there is room again, from the step at which it was', async () => {
    const disk: { fault: JournalError | undefined } = { fault: undefined };
    const here = await on({ disk });
    here.target.effects.replace = () => {
      here.target.effects.replace = undefined;
      disk.fault = full() as JournalError;
      const { workingDirectory = '' } = here.target.settings.process;
      return here.target.world.process.replace(
        { ecosystemFile: '', workingDirectory, environment: {} },
        here.stop.signal,
      );
    };
    const run = await here.runs.rollBack(request(here));
    await happens(here, () => here.faults.length > 0);
    await here.target.clock.pass(120_000);
    expect(stateOf(here, run)).toMatchObject({ status: 'running' });
    const done = here.target.done.length;
    disk.fault = undefined;
    await happens(here, () => stateOf(here, run)?.status === 'succeeded');
    expect(stateOf(here, run)?.steps.get('start-application')).toMatchObject([
      { status: 'interrupted' },
      { status: 'succeeded' },
    ]);
    expect(here.target.done.slice(0, done).filter((what) => what.startsWith('restore'))).toHaveLength(1);
    expect(here.target.done.slice(done).filter((what) => what.startsWith('restore'))).toEqual([]);
  });

  it('does not begin, and takes no lease, on the word of a journal that may have lost its end', async () => {
    const fault = new RollbackdError('behind', 'it ends too early') as JournalError;
    const here = await on({ disk: { fault } });
    await expect(here.runs.rollBack(request(here))).rejects.toBe(fault);
    expect(here.leased).toEqual([]);
    expect(here.target.done).toEqual([]);
  });

  it('is taken up at the next start as soon as the journal takes it', async () => {
    const disk: { fault: JournalError | undefined } = { fault: undefined };
    const here = await on({ past: (plan) => cutOff(plan, 'snapshot-unified'), disk });
    stagedFor(here.target, 'run-0');
    disk.fault = full() as JournalError;
    await expect(here.runs.recover()).rejects.toBe(disk.fault);
    void takeUp(here.runs, { memory: here.memory, clock: here.target.clock, signal: here.stop.signal });
    await here.target.clock.pass(60_000);
    expect(here.target.done).toEqual([]);
    disk.fault = undefined;
    await happens(here, () => stateOf(here, 'run-0')?.status === 'succeeded');
  });
});

describe('what an earlier run left running', () => {
  const left: EventOf<'child.planned'> = {
    kind: 'child.planned',
    tag: 'tag-1',
    run: 'run-0',
    step: 'x',
    program: 'mongorestore',
    arguments: [],
  };
  const survives = async () => {
    throw new RollbackdError('orphan-survives', 'Process 7 cannot be ended.');
  };
  const failed = (plan: Plan): EventBody[] => [
    { kind: 'run.started', run: 'run-0', plan, authority: byPerson },
    { kind: 'run.finished', run: 'run-0', outcome: 'failed', reason: 'mongorestore is still there after SIGKILL' },
    left,
  ];
  const request = ({ plan }: RunsStage) => ({ plan, authority: byPerson, incident: undefined });

  it('keeps every rollback, resume and release from beginning while it cannot be ended, and people are told once', async () => {
    const here = await on({ past: failed });
    here.target.world.host.withEnvironment = survives;
    const run = stateOf(here, 'run-0');
    await expect(here.runs.rollBack(request(here))).rejects.toMatchObject({ reason: 'orphan-survives' });
    await expect(async () => run && here.runs.resume(run, 'sari')).rejects.toMatchObject({ reason: 'orphan-survives' });
    await expect(here.runs.alone(async () => here.target.done.push('released'))).rejects.toThrow(/cannot be ended/);
    expect(here.runs.busy).toBe(false);
    expect(here.memory.state().runs.size).toBe(1);
    expect(here.target.done).toEqual([]);
    expect([...here.memory.state().messages.values()]).toMatchObject([
      { urgency: 'alarmed', text: expect.stringContaining('Process 7 cannot be ended.') },
    ]);
  });

  it('is ended before a failed run goes on', async () => {
    const here = await on({ past: failed });
    const tag = `left-${process.pid}`;
    here.memory.append({ ...left, tag });
    const child = spawn('sleep', ['600'], { env: { PATH: '/usr/bin:/bin', ROLLBACKD_RUN_TAG: tag }, stdio: 'ignore' });
    const gone = once(child, 'exit').then(() => here.target.done.push('orphan gone'));
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'spawn');
    const host = linuxHost();
    here.target.world.host.withEnvironment = (name, value) => host.withEnvironment(name, value);
    const run = stateOf(here, 'run-0');
    if (run) await here.runs.resume(run, 'sari');
    await gone;
    await over(here);
    expect(here.memory.state().children.size).toBe(0);
    expect(stateOf(here, 'run-0')).toMatchObject({ status: 'succeeded' });
    expect(here.target.done[0]).toBe('orphan gone');
  });

  it('hinders no containment: it is ended beside it', async () => {
    const past = (plan: Plan) => [...failed(plan), ...toContain];
    const here = await on({ past });
    here.target.world.host.withEnvironment = survives;
    const run = await here.runs.contain('incident-1', { by: 'daemon' });
    await over(here);
    expect(stateOf(here, run)).toMatchObject({ status: 'succeeded' });
    expect(here.faults).toMatchObject([{ reason: 'orphan-survives' }]);
  });

  it('does not keep a containment that was cut off from going on', async () => {
    const target = openTarget();
    const containment = buildContainment(target.world, 'config');
    target[Symbol.dispose]();
    const here = await on({ past: () => [...cutOff(containment, 'stop-application'), left] });
    here.target.world.host.withEnvironment = survives;
    here.target.state.maintenance = true;
    await here.runs.recover();
    await over(here);
    expect(stateOf(here, 'run-0')).toMatchObject({ status: 'succeeded' });
    expect(here.target.done).toContain('stopAndSave');
  });
});

describe('recovering after a crash', () => {
  it('goes on with the run that was cut off, at the step that was under way', async () => {
    const here = await on({ past: (plan) => cutOff(plan, 'snapshot-unified') });
    expect(stateOf(here, 'run-0')).toMatchObject({ status: 'interrupted' });
    stagedFor(here.target, 'run-0');
    await here.runs.recover();
    await over(here);
    expect(stateOf(here, 'run-0')).toMatchObject({ status: 'succeeded' });
    expect(stateOf(here, 'run-0')?.steps.get('snapshot-unified')).toMatchObject([
      { status: 'interrupted', attempt: 1 },
      { status: 'succeeded', attempt: 2 },
    ]);
    expect(stateOf(here, 'run-0')?.steps.get('check-disk')).toHaveLength(1);
  });

  it('goes on with a person’s rollback that was cut off in its preparation just now', async () => {
    const here = await on({ past: (plan) => cutOff(plan, 'stage-code') });
    await here.target.clock.pass(15 * 60_000);
    await here.runs.recover();
    expect(here.runs.busy).toBe(true);
    await over(here);
  });

  it('gives up one that was cut off there a while ago: they may think otherwise by now', async () => {
    const here = await on({ past: (plan) => cutOff(plan, 'stage-code') });
    await here.target.clock.pass(15 * 60_000 + 1);
    await here.runs.recover();
    expect(here.runs.busy).toBe(false);
    expect(stateOf(here, 'run-0')).toMatchObject({ status: 'failed', reason: expect.stringMatching(/preparation/) });
    expect(here.target.done).toEqual([]);
  });

  it('looks for every child that was left, and writes down that it is gone, before anything goes on', async () => {
    const child = { run: 'run-0', step: 'x', program: 'mongorestore', arguments: [] };
    const here = await on({
      past: (plan) => [...cutOff(plan, 'snapshot-unified'), { kind: 'child.planned', tag: 'tag-1', ...child }],
    });
    const asked: string[] = [];
    here.target.world.host.withEnvironment = async (_name, tag) => {
      asked.push(`${tag} ${stateOf(here, 'run-0')?.status}`);
      return [];
    };
    await here.runs.recover();
    expect(new Set(asked)).toEqual(new Set(['tag-1 interrupted']));
    expect(here.memory.state().children.size).toBe(0);
    await over(here);
  });

  it('goes on with nothing while a child of the dead daemon cannot be ended', async () => {
    const child = { run: 'run-0', step: 'x', program: 'mongorestore', arguments: [] };
    const here = await on({
      past: (plan) => [...cutOff(plan, 'snapshot-unified'), { kind: 'child.planned', tag: 'tag-1', ...child }],
    });
    here.target.world.host.withEnvironment = () => Promise.reject(new Error('/proc cannot be read'));
    await expect(here.runs.recover()).rejects.toThrow('/proc cannot be read');
    expect(stateOf(here, 'run-0')).toMatchObject({ status: 'interrupted' });
    expect(here.target.done).toEqual([]);
  });

  it('goes on with nothing while acting is paused, nor while another daemon holds the lease', async () => {
    const until = Date.parse('2026-01-11T00:00:00Z');
    const paused = await on({
      past: (plan) => [
        ...cutOff(plan, 'switch-code'),
        { kind: 'acting.paused', person: 'sari', reason: 'a fair', until },
      ],
    });
    await expect(paused.runs.recover()).rejects.toMatchObject({ reason: 'paused' });
    const held = await on({ past: (plan) => cutOff(plan, 'switch-code'), lease: { acquire: leaseHeld } });
    await expect(held.runs.recover()).rejects.toMatchObject({ reason: 'lease-held' });
    expect([...paused.target.done, ...held.target.done]).toEqual([]);
    paused[Symbol.dispose]();
  });

  it('has nothing to do where nothing was under way', async () => {
    const here = await on();
    await here.runs.recover();
    expect(here.runs.busy).toBe(false);
  });

  it('leaves the run to the next daemon when this one stops', async () => {
    const here = await on();
    here.target.effects.restore = () => {
      here.stop.abort(new Error('the daemon stops'));
      throw new RollbackdError('aborted', 'mongorestore was stopped');
    };
    const run = await here.runs.rollBack({ plan: here.plan, authority: byPerson, incident: undefined });
    await over(here);
    expect(stateOf(here, run)).toMatchObject({ status: 'running' });
    expect(here.faults).toEqual([]);
    expect(here.leased).not.toContain('release');
  });
});
