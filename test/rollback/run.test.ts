import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { switchPath } from '../../src/adapters/traffic/switch.ts';
import { RollbackdError } from '../../src/core/errors.ts';
import type { Plan } from '../../src/model/plan.ts';
import { buildContainment } from '../../src/rollback/containment.ts';
import { secrets } from '../actions/settings.ts';
import { collection } from '../actions/stored.ts';
import { openTarget } from '../actions/target.ts';
import { answered, type Target } from '../actions/target-state.ts';
import { execute, planFor, type RunJournal, readsAsItShould, runJournal } from './stage.ts';

let target: Target;
let plan: Plan;
let journal: RunJournal;

beforeEach(async () => {
  target = openTarget();
  readsAsItShould(target);
  plan = await planFor(target);
  journal = runJournal();
});
afterEach(() => target[Symbol.dispose]());

const run = (signal?: AbortSignal) => execute({ target, plan, journal, ...(signal && { signal }) });
const succeeded = () => journal.of('step.succeeded').map(({ step }) => step);
const evidenceOf = (id: string) => journal.of('step.succeeded').findLast(({ step }) => step === id)?.evidence;

describe('a run', () => {
  it('does every step of its plan, each written down before and after, and ends well', async () => {
    await run();
    expect(journal.outcome()).toMatchObject({ outcome: 'succeeded' });
    expect(succeeded()).toEqual(plan.steps.map(({ id }) => id));
    const pairs = journal.bodies.filter(({ kind }) => kind.startsWith('step.'));
    plan.steps.forEach(({ id }, index) => {
      expect(pairs[2 * index]).toMatchObject({ kind: 'step.started', step: id, attempt: 1 });
      expect(pairs[2 * index + 1]).toMatchObject({ kind: 'step.succeeded', step: id, attempt: 1 });
    });
    expect(target.done).toEqual([
      'stage',
      'install',
      'dump cafe_v2',
      'dump cafe_kopi',
      'saveLocalChanges',
      'showMaintenance',
      'stopAndSave',
      'dump cafe_v2',
      'dump cafe_kopi',
      'restore cafe_kopi',
      'switchToLegacy',
      'moveIn',
      'switchEnvironment',
      'replace',
      'serve',
      'unstage',
    ]);
  });

  it('tells of each step in the same breath as it is written down, where it belongs to an incident', async () => {
    const together: string[][] = [];
    const { append } = journal;
    journal.append = (...bodies) => {
      together.push(bodies.map(({ kind }) => kind));
      return append(...bodies);
    };
    const well = target.answer;
    target.answer = (question) =>
      question.path === switchPath ? well(question) : { answered: false, why: 'refused', tookMs: 1 };
    await execute({ target, plan, journal, incident: 'inc-1' });
    const ends = together.filter((kinds) => kinds.some((kind) => kind === 'step.succeeded' || kind === 'step.failed'));
    expect(new Set(ends.map(String))).toEqual(new Set(['step.succeeded,message.queued', 'step.failed,message.queued']));
    const lines = journal.of('message.queued');
    expect(lines[0]).toMatchObject({ message: 'run/run-1/step?which=check-target+1', urgency: 'progress' });
    expect(lines[0]?.subject).toMatch(/^1\/\d+ .*: done in /);
    expect(lines.at(-1)?.subject).toContain('FAILED');
    expect(lines.at(-1)?.text).not.toBe('');
  });

  it('tells of no step where it belongs to none', async () => {
    await run();
    expect(journal.of('message.queued')).toEqual([]);
  });

  it('does nothing where the wanted state is there already, and says so', async () => {
    await run();
    target.done.length = 0;
    journal = runJournal();
    await run();
    expect(evidenceOf('switch-code')).toMatchObject({ already: true });
    expect(target.done).not.toContain('switchToLegacy');
    expect(target.done).not.toContain('restore cafe_kopi');
  });

  it('ends at the first step that fails, without touching what comes after', async () => {
    target.effects.restore = () => {};
    await run();
    expect(journal.of('step.failed')).toMatchObject([
      { step: 'restore-database:cafe_kopi', attempt: 1, reason: 'data-differs' },
    ]);
    expect(journal.outcome()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^restore-database:cafe_kopi: cafe_kopi differs/),
    });
    expect(target.done.at(-1)).toBe('restore cafe_kopi');
    expect(target.state.maintenance).toBe(true);
  });

  it('goes on at that step when it is resumed, the stop and the fence proven anew', async () => {
    target.effects.restore = () => {};
    await run();
    target.effects.restore = undefined;
    const before = succeeded().length;
    await run();
    expect(journal.outcome()).toMatchObject({ outcome: 'succeeded' });
    expect(succeeded().slice(before, before + 5)).toEqual([
      'show-maintenance',
      'stop-application',
      'prove-fence',
      'snapshot-unified',
      'restore-database:cafe_kopi',
    ]);
    expect(journal.of('step.succeeded').find(({ step }) => step.startsWith('restore'))).toMatchObject({ attempt: 2 });
    // Once as a trial, once for good.
    expect(target.done.filter((done) => done === 'dump cafe_kopi')).toHaveLength(2);
  });

  it('does not go on when the fence no longer holds', async () => {
    target.effects.restore = () => Promise.reject(new Error('cut off'));
    await run();
    target.effects.restore = undefined;
    target.done.length = 0;
    target.state.clients = [{ pid: 100, startTime: '1' }];
    target.effects.stopAndSave = () => {};
    await run();
    expect(journal.of('step.failed').at(-1)).toMatchObject({ step: 'prove-fence', attempt: 2, reason: 'not-fenced' });
    expect(target.done).not.toContain('restore cafe_kopi');
  });

  it('shows maintenance again before it goes on, also when the legacy system runs already', async () => {
    const well = target.answer;
    target.answer = (question) => (question.headers?.['x-tenant-slug'] === 'kopi' ? answered(500) : well(question));
    await run();
    expect(journal.of('step.failed').at(-1)).toMatchObject({ step: 'prove-database-in-use' });
    target.state.maintenance = false;
    target.answer = well;
    target.done.length = 0;
    await run();
    expect(journal.outcome()).toMatchObject({ outcome: 'succeeded' });
    expect(target.done).toEqual(['showMaintenance', 'serve', 'unstage']);
  });

  it('keeps anew what was written to a legacy database between a crash and the resume', async () => {
    target.effects.restore = undefined;
    const stopping = new AbortController();
    const crash = runJournal((body) => {
      if (body.kind === 'step.started' && body.step === 'restore-database:cafe_kopi') stopping.abort(new Error('gone'));
      if (stopping.signal.aborted) throw new Error('the process is gone');
    });
    await expect(execute({ target, plan, journal: crash, signal: stopping.signal })).rejects.toThrow();
    target.state.legacy.cafe_kopi = [collection('menus', 9)];
    journal = runJournal();
    journal.append(...crash.bodies);
    target.done.length = 0;
    await run();
    expect(journal.outcome()).toMatchObject({ outcome: 'succeeded' });
    expect(target.done.slice(0, 3)).toEqual(['stopAndSave', 'dump cafe_kopi', 'restore cafe_kopi']);
    expect(evidenceOf('snapshot-legacy:cafe_kopi')).toMatchObject({ documents: 9 });
  });

  it('keeps the unified database anew where it was started and written to between a failure and the resume', async () => {
    target.effects.switchToLegacy = () => Promise.reject(new Error('cut off'));
    await run();
    target.effects.switchToLegacy = undefined;
    target.state.unified = [collection('menus', 5), collection('tenants', 2)];
    target.done.length = 0;
    await run();
    expect(journal.outcome()).toMatchObject({ outcome: 'succeeded' });
    expect(target.done.slice(0, 2)).toEqual(['stopAndSave', 'dump cafe_v2']);
    expect(evidenceOf('snapshot-unified')).toMatchObject({ documents: 7 });
  });

  it('performs a step at most once an attempt, and proves it afterwards by looking', async () => {
    target.effects.switchToLegacy = () => {};
    await run();
    expect(target.done.filter((done) => done === 'switchToLegacy')).toHaveLength(1);
    expect(journal.of('step.failed')).toMatchObject([{ step: 'switch-code', reason: 'not-proven' }]);
  });

  it('leaves the step as started when the daemon stops, and ends with the signal’s reason', async () => {
    const stopping = new AbortController();
    target.effects.restore = () => {
      stopping.abort(new Error('the daemon stops'));
      throw new RollbackdError('aborted', 'mongorestore was stopped');
    };
    await expect(run(stopping.signal)).rejects.toThrow('the daemon stops');
    expect(journal.bodies.at(-1)).toMatchObject({ kind: 'step.started', step: 'restore-database:cafe_kopi' });
    expect(journal.outcome()).toBeUndefined();
    target.effects.restore = undefined;
    await run();
    expect(journal.outcome()).toMatchObject({ outcome: 'succeeded' });
  });

  it('begins nothing when it is stopped before it begins', async () => {
    const stopping = new AbortController();
    stopping.abort(new Error('the daemon stops'));
    await expect(run(stopping.signal)).rejects.toThrow('the daemon stops');
    expect(journal.bodies).toEqual([]);
  });

  it('writes no secret into the journal, whatever a program said', async () => {
    const [password] = secrets;
    target.effects.restore = () => {
      throw new RollbackdError(
        'tool-failed',
        `cannot reach mongodb://rbRestorer:${password}@h:27017/?x password=${password}`,
      );
    };
    await run();
    expect(journal.of('step.failed')).toHaveLength(1);
    expect(JSON.stringify(journal.bodies)).not.toContain(password);
    expect(journal.outcome()?.reason).toContain('[redacted]');
  });

  it('is done once users are in: what is found afterwards is said, fails nothing, and all else is looked at, too', async () => {
    target.state.errors = ['Error: the printer is out of paper'];
    await run();
    expect(journal.of('step.failed')).toMatchObject([{ step: 'check-error-log', reason: 'errors-in-log' }]);
    expect(succeeded()).toEqual(plan.steps.map(({ id }) => id).filter((id) => id !== 'check-error-log'));
    expect(journal.outcome()).toEqual({
      kind: 'run.finished',
      run: 'run-1',
      outcome: 'succeeded',
      reason: 'users are in, and what was looked at afterwards is not as it should be: check-error-log',
    });
  });

  it('keeps the reason and the remedy of what failed, and calls anything else unexpected', async () => {
    target.state.refusals = [{ against: 'acting', reason: 'rollbackd started it', mend: 'start it by its service' }];
    await run();
    expect(journal.of('step.failed')).toMatchObject([
      { step: 'check-target', reason: 'refused', remedy: expect.stringContaining('resume the run') },
    ]);
    journal = runJournal();
    expect(target.done).toEqual([]);
    target.state.refusals = [];
    target.effects.stopAndSave = () => Promise.reject(new TypeError('a bug'));
    await run();
    expect(journal.of('step.failed')).toMatchObject([{ reason: 'unexpected', message: 'a bug' }]);
  });

  it('refuses a backup that is not the one it was planned with, before anything is stopped', async () => {
    target.state.manifest = { ...target.state.manifest, hash: 'another' };
    await run();
    expect(journal.of('step.failed')).toMatchObject([{ step: 'check-backup', reason: 'backup-changed' }]);
    expect(target.done).toEqual([]);
  });

  it('reads the backup again when it is resumed: it may have been changed meanwhile', async () => {
    target.effects.restore = () => {};
    await run();
    target.state.manifest = { ...target.state.manifest, hash: 'another' };
    target.effects.restore = undefined;
    target.done.length = 0;
    await run();
    expect(journal.of('step.failed').at(-1)).toMatchObject({
      step: 'restore-database:cafe_kopi',
      reason: 'backup-changed',
    });
    expect(target.done).not.toContain('restore cafe_kopi');
  });

  it('gives each step a world of its own, under whose name its children are written down', async () => {
    const origins: string[] = [];
    const worldFor = ({ run: name, step }: { run: string; step: string }) => {
      origins.push(`${name} ${step}`);
      return target.world;
    };
    await execute({ target, plan, journal, worldFor });
    expect(origins).toEqual(expect.arrayContaining(plan.steps.map(({ id }) => `run-1 ${id}`)));
  });

  it('goes back to the commit that was planned, wherever the tag leads by now', async () => {
    const commits = new Set<string | undefined>();
    const worldFor = ({ step, legacyCommit }: { step: string; legacyCommit?: string }) => {
      if (plan.steps.some(({ id }) => id === step)) commits.add(legacyCommit);
      return target.world;
    };
    await execute({ target, plan, journal, worldFor });
    expect([...commits]).toEqual([plan.legacyCommit]);
  });

  it('does nothing more when the journal cannot be written', async () => {
    const full = runJournal((body) => {
      if (body.kind === 'step.started' && body.step === 'stop-application') throw new Error('no space left');
    });
    await expect(execute({ target, plan, journal: full })).rejects.toThrow('no space left');
    expect(target.done).not.toContain('stopAndSave');
  });

  it('tries every step of a containment, whichever fails', async () => {
    target.effects.showMaintenance = () => Promise.reject(new RollbackdError('traffic', 'a broken configuration'));
    const containment = buildContainment(target.world, 'config');
    await execute({ target, plan: containment, journal });
    expect(target.done).toContain('stopAndSave');
    expect(journal.outcome()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^show-maintenance: a broken configuration/),
    });
  });

  it('ends a leak although a stale list keeps it from being saved: stopped, fenced, and failed with that reason', async () => {
    target.state.refusals = [
      { against: 'saving', reason: 'pm2 has saved old-app, which is not in its list now', mend: 'forget it' },
    ];
    const containment = buildContainment(target.world, 'config');
    await execute({ target, plan: containment, journal });
    expect(target.done).toEqual(['showMaintenance', 'stop']);
    expect(succeeded()).toEqual(['show-maintenance', 'prove-fence']);
    expect(journal.outcome()).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('old-app') });
  });
});
