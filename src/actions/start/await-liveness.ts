import { describeAnswer } from '../../probes/ask.ts';
import { askHealth } from '../../probes/ask-health.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { until } from '../until.ts';

/** "online" means nothing: it must answer, and still be the same process after the settling time. */
export const awaitLiveness: Action = {
  describe: ({ settings }) => ({
    title: `Wait until the legacy application answers ${settings.probes.legacy.health.path}`,
    commands: [],
    evidence: 'it answers as expected, and no process has restarted after the settling time',
    effect: 'nothing',
    expectedMs: 2_000 + settings.rollback.settle,
  }),

  async prove(context) {
    const { world, signal } = context;
    await untilAnswering(context);
    const before = await world.process.list(signal);
    await world.clock.sleep(world.settings.rollback.settle, signal);
    const after = await world.process.list(signal);
    const restarted = before.filter(
      ({ managerId, pid }) => !after.some((one) => one.managerId === managerId && one.pid === pid),
    );
    if (restarted.length > 0) {
      const names = restarted.map(({ name, restarts }) => `${name} (${restarts} restarts)`).join(', ');
      throw new StepFailed('application-not-live', `restarts again and again: ${names}`, {
        remedy: 'read its error log',
      });
    }
    const answer = await untilAnswering(context);
    return { status: answer.status ?? 0, processes: after.length };
  },
};

async function untilAnswering({ world, signal }: StepContext) {
  const { target, probes, rollback } = world.settings;
  const { health } = probes.legacy;
  const question = { baseUrl: target.applicationUrl, health, timeoutMs: probes.timeout };
  const answer = await until(
    () => askHealth(world.ask, question, signal),
    ({ outcome }) => outcome === 'up',
    { forMs: rollback.livenessTimeout, everyMs: 200, clock: world.clock, signal },
  );
  if (answer.outcome === 'up') return answer;
  throw new StepFailed('application-not-live', `${target.applicationUrl}${health.path}: ${describeAnswer(answer)}`, {
    remedy: 'read the application error log; resume the run when it starts',
  });
}
