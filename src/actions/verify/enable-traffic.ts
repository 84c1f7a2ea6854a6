import { type Action, StepFailed } from '../contract.ts';
import { servedPublicly } from '../served-publicly.ts';

export const enableTraffic: Action = {
  describe: ({ traffic, settings }) => ({
    title: 'Let the users in again',
    commands: traffic.describe('serve'),
    evidence: `${settings.target.publicUrl}${settings.probes.legacy.health.path} answers as expected`,
    effect: 'the legacy system accepts writes: from here on going back loses them',
    expectedMs: 1_000,
  }),

  perform: ({ world }) => world.traffic.serve(),

  async prove({ world, signal }) {
    if ((await world.traffic.state()).shows === 'maintenance')
      throw new StepFailed('not-proven', 'the balancer still shows maintenance');
    const { steady, status, seen } = await servedPublicly(world, world.settings.probes.legacy, signal);
    if (!steady) throw new StepFailed('not-proven', `through the balancer, ${seen}`);
    return { status };
  },
};
