import type { Action } from '../contract.ts';
import { proveMaintenance } from '../maintenance.ts';

export const showMaintenance: Action = {
  describe: ({ traffic, settings }) => ({
    title: `Answer every request with status ${settings.traffic.maintenanceStatus}`,
    commands: traffic.describe('showMaintenance'),
    evidence: `${settings.target.publicUrl} answers ${settings.traffic.maintenanceStatus} with the balancer's own marker when asked`,
    effect: 'users see the maintenance answer',
    expectedMs: 1_000,
  }),

  perform: ({ world, signal }) => world.traffic.showMaintenance(signal),

  prove: proveMaintenance,
};
