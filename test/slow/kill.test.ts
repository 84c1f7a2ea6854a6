import { expect, it } from 'vitest';
import { startSandbox } from '../../sandbox/sandbox.ts';
import { endDaemon, journalled } from './ended-daemon.ts';
import { guard, hasEnded } from './guarded-cafe.ts';
import { nextWrittenStep } from './written-steps.ts';

const stepWithin = 60_000;
const runWithin = 240_000;

it('kill -9 of the daemon after every step.started: each time the next daemon goes on by itself, and in the end the oracle agrees', async () => {
  await using sandbox = await startSandbox({ temperament: 'tidy', mongo: 'standalone', tenants: 5, documents: 1_500 });
  await using cafe = await guard(sandbox, { name: 'every-step' });
  const killedAt = new Set<string>();
  // It does not live to answer.
  void cafe.rollbackd('rollback', '--reason', 'to be killed');
  for (;;) {
    const step = await nextWrittenStep(cafe.journal, killedAt, stepWithin);
    if (step === undefined) break;
    killedAt.add(step);
    await cafe.kill();
    void cafe.start().catch(() => {});
  }
  const { run } = await cafe.until('the run ends', hasEnded, runWithin);
  expect(run?.status, run?.reason).toBe('succeeded');
  expect([...killedAt].sort()).toEqual(run?.steps.map(({ id }) => id).sort());
  expect((await sandbox.oracle.judgeRolledBack()).findings).toEqual([]);
  await endDaemon(cafe);
  expect(journalled(cafe.journal, 'run.started')).toHaveLength(1);
  const succeeded = journalled(cafe.journal, 'step.succeeded').filter(({ attempt }) => attempt === 1);
  const interrupted = [...killedAt].filter((step) => !succeeded.some((each) => each.step === step));
  // A few steps are over before a signal can arrive.
  expect(interrupted.length).toBeGreaterThan(killedAt.size / 2);
});
