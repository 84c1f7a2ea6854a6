import { describeAnswer } from '../../probes/ask.ts';
import { askHealth } from '../../probes/ask-health.ts';
import { type Action, StepFailed } from '../contract.ts';
import { steadily } from '../until.ts';

export const enableTraffic: Action = {
  describe: ({ traffic, settings }) => ({
    title: 'Let the users in again',
    commands: traffic.describe('serve'),
    evidence: `${settings.target.publicUrl}${settings.probes.legacy.health.path} answers as expected`,
    effect: 'the legacy system accepts writes: from here on going back loses them',
    expectedMs: 1_000,
  }),

  perform: ({ world, signal }) => world.traffic.serve(signal),

  async prove({ world, signal }) {
    const { target, probes, traffic } = world.settings;
    if ((await world.traffic.state()) !== 'serving')
      throw new StepFailed('not-proven', 'the balancer still shows maintenance');
    const question = { baseUrl: target.publicUrl, health: probes.legacy.health, timeoutMs: probes.timeout };
    const { seen, steady } = await steadily(
      () => askHealth(world.ask, question, signal),
      ({ outcome }) => outcome === 'up',
      { forMs: traffic.timeout, everyMs: 50, clock: world.clock, signal },
    );
    if (!steady) throw new StepFailed('not-proven', `through the balancer: ${describeAnswer(seen)}`);
    return { status: seen.status ?? 0 };
  },
};
