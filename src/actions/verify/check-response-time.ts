import { formatDuration } from '../../core/duration.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { servedTenants } from '../served-tenants.ts';

/** Runbook 5.4: ten requests, their average. */
const requests = 10;

export const checkResponseTime: Action = {
  describe: ({ settings }) => ({
    title: `Time ${requests} requests of ${settings.rollback.responseTimePath}`,
    commands: [],
    evidence: `their average is at most ${formatDuration(settings.rollback.responseTimeLimit)}`,
    effect: `${requests} read requests`,
    expectedMs: 500,
  }),

  async prove(context) {
    const { responseTimeLimit } = context.world.settings.rollback;
    const times: number[] = [];
    for (let number = 0; number < requests; number++) times.push(await timeOne(context, number));
    const average = times.reduce((sum, time) => sum + time, 0) / times.length;
    if (average > responseTimeLimit) {
      throw new StepFailed(
        'too-slow',
        `${formatDuration(average)} on average, ${formatDuration(responseTimeLimit)} is the limit`,
        {
          remedy: 'look at the load and the slow query log, then resume the run',
        },
      );
    }
    return { average: formatDuration(average), slowest: formatDuration(Math.max(...times)) };
  },
};

async function timeOne({ world, signal }: StepContext, number: number): Promise<number> {
  const { target, probes, rollback } = world.settings;
  const tenants = servedTenants(target);
  const tenant = tenants[number % tenants.length]?.slug ?? '';
  const headers = { [probes.tenantHeader]: tenant };
  const reply = await world.ask(
    { baseUrl: target.publicUrl, path: rollback.responseTimePath, headers, timeoutMs: probes.timeout },
    signal,
  );
  if (!reply.answered || reply.status >= 400) {
    throw new StepFailed(
      'functional-test-failed',
      `${rollback.responseTimePath}: ${reply.answered ? `status ${reply.status}` : reply.why}`,
    );
  }
  return reply.tookMs;
}
