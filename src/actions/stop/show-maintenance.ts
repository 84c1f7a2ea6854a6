import type { Action } from '../contract.ts';
import { proveMaintenance } from '../maintenance.ts';

export const showMaintenance: Action = {
  describe: ({ traffic, settings }) => ({
    title: `Answer every request with status ${settings.traffic.maintenanceStatus}`,
    commands: traffic.describe('showMaintenance'),
    evidence: `${settings.target.publicUrl} answers ${settings.traffic.maintenanceStatus} and repeats what only the balancer repeats`,
    effect: 'users see the maintenance answer',
    expectedMs: 1_000,
  }),

  perform: ({ world }) => world.traffic.showMaintenance(),

  prove: proveMaintenance,
};
