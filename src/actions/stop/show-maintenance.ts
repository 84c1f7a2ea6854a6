import { type Action, StepFailed } from '../contract.ts';
import { steadily } from '../until.ts';

export const showMaintenance: Action = {
  describe: ({ traffic, settings }) => ({
    title: `Answer every request with status ${settings.traffic.maintenanceStatus}`,
    commands: traffic.describe('showMaintenance'),
    evidence: `${settings.target.publicUrl} answers ${settings.traffic.maintenanceStatus} when asked`,
    effect: 'users see the maintenance answer',
    expectedMs: 1_000,
  }),

  perform: ({ world, signal }) => world.traffic.showMaintenance(signal),

  async prove({ world, signal }) {
    const { settings } = world;
    if ((await world.traffic.state()) !== 'maintenance') {
      throw new StepFailed('not-proven', 'the balancer is not configured for maintenance');
    }
    const question = {
      baseUrl: settings.target.publicUrl,
      path: settings.probes.unified.health.path,
      timeoutMs: settings.probes.timeout,
    };
    const { seen: reply, steady } = await steadily(
      () => world.ask(question, signal),
      (latest) => latest.answered && latest.status === settings.traffic.maintenanceStatus,
      { forMs: settings.traffic.timeout, everyMs: 50, clock: world.clock, signal },
    );
    if (!steady) {
      const seen = reply.answered ? `status ${reply.status}` : reply.why;
      throw new StepFailed('not-proven', `asked through the balancer, it says ${seen}`);
    }
    return { status: settings.traffic.maintenanceStatus };
  },
};
