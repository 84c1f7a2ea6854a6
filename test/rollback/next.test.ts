import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Plan, PlannedStep } from '../../src/model/plan.ts';
import { canBePutBack, nextStep, type StepHistory, standingSteps } from '../../src/rollback/next.ts';

const step = (id: string, phase: PlannedStep['phase'], action: PlannedStep['action']): PlannedStep => {
  const [, subject] = id.split(':');
  const text = { title: id, commands: [], evidence: '', effect: '', expectedMs: 1 };
  return { id, action, phase, ...text, ...(subject !== undefined && { subject }) };
};

const plan: Plan = {
  kind: 'rollback',
  target: 'cafe',
  legacyCommit: 'c',
  manifestHash: 'm',
  configHash: 'h',
  hash: 'p',
  steps: [
    step('check-backup', 'prepare', 'check-backup'),
    step('show-maintenance', 'stop', 'show-maintenance'),
    step('stop-application', 'stop', 'stop-application'),
    step('prove-fence', 'stop', 'prove-fence'),
    step('snapshot-unified', 'restore', 'snapshot-unified'),
    step('snapshot-legacy:a', 'restore', 'snapshot-legacy'),
    step('snapshot-legacy:b', 'restore', 'snapshot-legacy'),
    step('restore-database:a', 'restore', 'restore-database'),
    step('restore-database:b', 'restore', 'restore-database'),
    step('switch-code', 'code', 'switch-code'),
    step('switch-environment', 'code', 'switch-environment'),
    step('start-application', 'start', 'start-application'),
    step('enable-traffic', 'verify', 'enable-traffic'),
  ],
};

/** The steps up to and without the named one have succeeded, which itself is as said. */
function upTo(id: string, status?: StepHistory['status']): Map<string, StepHistory> {
  const position = plan.steps.findIndex((one) => one.id === id);
  const done = plan.steps
    .slice(0, position)
    .map((one): [string, StepHistory] => [one.id, { attempts: 1, status: 'succeeded' }]);
  return new Map([...done, ...(status ? [[id, { attempts: 1, status }] as const] : [])]);
}

const histories = fc
  .array(fc.option(fc.constantFrom<StepHistory['status']>('started', 'succeeded', 'failed'), { nil: undefined }), {
    minLength: plan.steps.length,
    maxLength: plan.steps.length,
  })
  .map((states) => {
    const entries = plan.steps.flatMap(({ id }, index): [string, StepHistory][] => {
      const status = states[index];
      return status === undefined ? [] : [[id, { attempts: index + 1, status }]];
    });
    return new Map(entries);
  });

describe('the next step', () => {
  it('is the first one that has not succeeded: none before it is skipped', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const next = nextStep(plan, history);
        const succeeded = (id: string) => history.get(id)?.status === 'succeeded';
        if (next.kind === 'finished') return expect(plan.steps.every(({ id }) => succeeded(id))).toBe(true);
        const position = plan.steps.indexOf(next.step);
        expect(plan.steps.slice(0, position).every(({ id }) => succeeded(id))).toBe(true);
        expect(succeeded(next.step.id)).toBe(false);
        expect(next.attempt).toBe((history.get(next.step.id)?.attempts ?? 0) + 1);
      }),
    );
  });

  it('takes a run through all steps in order, and then is none', () => {
    const history = new Map<string, StepHistory>();
    const order: string[] = [];
    for (let next = nextStep(plan, history); next.kind === 'perform'; next = nextStep(plan, history)) {
      order.push(next.step.id);
      history.set(next.step.id, { attempts: next.attempt, status: 'succeeded' });
    }
    expect(order).toEqual(plan.steps.map(({ id }) => id));
  });

  it('is the interrupted or failed one again, as its next attempt', () => {
    for (const status of ['started', 'failed'] as const)
      expect(nextStep(plan, upTo('restore-database:a', status))).toMatchObject({
        step: { id: 'restore-database:a' },
        attempt: 2,
      });
  });
});

describe('standing steps', () => {
  const stopped = ['show-maintenance', 'stop-application', 'prove-fence'];
  const standing = (history: ReadonlyMap<string, StepHistory>) => standingSteps(plan, history).map(({ id }) => id);

  it('are none while nothing was stopped', () => {
    expect(standing(upTo('show-maintenance'))).toEqual([]);
    expect(standing(upTo('show-maintenance', 'started'))).toEqual([]);
  });

  it('are the stop and the fence, in their order, for as long as nothing was started', () => {
    expect(standing(upTo('snapshot-unified', 'failed'))).toEqual(stopped);
  });

  it('are also the snapshots, of the unified database and of what has not begun to be replaced', () => {
    const kept = [...stopped, 'snapshot-unified', 'snapshot-legacy:a', 'snapshot-legacy:b'];
    expect(standing(upTo('restore-database:a'))).toEqual(kept);
    expect(standing(upTo('restore-database:a', 'started'))).toEqual(kept.filter((id) => id !== 'snapshot-legacy:a'));
    expect(standing(upTo('start-application'))).toEqual([...stopped, 'snapshot-unified']);
  });

  it('are no longer the snapshot of a unified database into which a merge has begun: it holds what is not there any more', () => {
    const merge = step('merge-collections:v2', 'restore', 'merge-collections');
    const position = plan.steps.findIndex(({ id }) => id === 'switch-code');
    const merging = { ...plan, steps: plan.steps.toSpliced(position, 0, merge) };
    const before = upTo('switch-code');
    const stands = (history: ReadonlyMap<string, StepHistory>) =>
      standingSteps(merging, history).some(({ id }) => id === 'snapshot-unified');
    expect([stands(before), canBePutBack(merging, before)]).toEqual([true, true]);
    for (const status of ['started', 'failed', 'succeeded'] as const) {
      const begun = new Map([...before, [merge.id, { attempts: 1, status }] as const]);
      expect([stands(begun), canBePutBack(merging, begun)], status).toEqual([false, false]);
    }
  });

  it('are the maintenance answer, code, environment and process once the legacy system was begun to be started', () => {
    const restored = ['show-maintenance', 'switch-code', 'switch-environment'];
    for (const status of ['started', 'failed'] as const)
      expect(standing(upTo('start-application', status))).toEqual(restored);
    expect(standing(upTo('start-application', 'succeeded'))).toEqual([...restored, 'start-application']);
  });

  it('are none once users are being let in', () => {
    for (const status of ['started', 'failed', 'succeeded'] as const)
      expect(standing(upTo('enable-traffic', status))).toEqual([]);
  });

  it('only ever are steps that have succeeded', () => {
    fc.assert(
      fc.property(histories, (history) => {
        expect(standing(history).every((id) => history.get(id)?.status === 'succeeded')).toBe(true);
      }),
    );
  });
});
