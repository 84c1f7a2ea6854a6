import { maintenanceHeader } from '../adapters/traffic/switch.ts';
import type { Evidence } from '../model/event.ts';
import { describeSilence } from '../probes/ask.ts';
import { type StepContext, StepFailed } from './contract.ts';
import { steadily } from './until.ts';
import { askAsUser } from './users-get.ts';

interface Seen {
  readonly shown: boolean;
  readonly status: number;
  readonly said: string;
}

/**
 * That users see the maintenance answer, and nobody the application: by what the balancer repeats of the question, since a sick
 * application may well answer everything with the same status itself.
 */
export async function proveMaintenance(context: StepContext): Promise<Evidence> {
  const { world, patient, signal } = context;
  const { timeout } = world.settings.traffic;
  if ((await world.traffic.state()).shows !== 'maintenance') {
    throw new StepFailed('not-proven', 'the balancer is not told to show maintenance');
  }
  const { seen, steady } = await steadily(
    () => askForMaintenance(context),
    ({ shown }) => shown,
    { forMs: timeout, everyMs: 50, clock: world.clock, signal, patient },
  );
  if (steady) return { status: seen.status };
  throw new StepFailed('not-proven', `asked through the balancer, it says ${seen.said}`, {
    remedy:
      'see that rollbackd-maintenance.conf is included in the server block that users reach, and that nothing in front takes the header away; then resume the run',
  });
}

async function askForMaintenance({ world, signal }: StepContext): Promise<Seen> {
  const { reply, isMaintenance } = await askAsUser(world, signal);
  if (!reply.answered) return { shown: false, status: 0, said: describeSilence(reply.why) };
  const { status } = reply;
  if (status !== world.settings.traffic.maintenanceStatus) return { shown: false, status, said: `status ${status}` };
  const said = `status ${status} without the header ${maintenanceHeader} that the balancer adds: it may be the application's own answer`;
  return { shown: isMaintenance, status, said };
}

/** Shows it again where it is gone: somebody may have taken the file away since. */
export async function keepMaintenance(context: StepContext): Promise<void> {
  const { world, signal } = context;
  const shown = await proveMaintenance({ ...context, patient: false }).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof StepFailed) return undefined;
    throw error;
  });
  if (shown) return;
  await world.traffic.showMaintenance();
  await proveMaintenance(context);
}
