import type { MaintenanceMarker } from '../adapters/traffic/contract.ts';
import type { Evidence } from '../model/event.ts';
import type { Reply } from '../probes/ask.ts';
import { type StepContext, StepFailed } from './contract.ts';
import { steadily } from './until.ts';

/**
 * That users see the maintenance answer, and nobody the application: by the marker that the balancer adds, since a sick application
 * may well answer everything with the same status itself.
 */
export async function proveMaintenance({ world, patient, signal }: StepContext): Promise<Evidence> {
  const { settings } = world;
  const { maintenanceStatus: wanted, timeout } = settings.traffic;
  const marker = await configuredMarker(world.traffic);
  const question = {
    baseUrl: settings.target.publicUrl,
    path: settings.probes.unified.health.path,
    timeoutMs: settings.probes.timeout,
  };
  const { seen, steady } = await steadily(
    () => world.ask(question, signal),
    (reply) => reply.answered && reply.status === wanted && isMarked(reply, marker),
    { forMs: timeout, everyMs: 50, clock: world.clock, signal, patient },
  );
  if (!steady) throw notShown(seen, marker, wanted);
  return { status: wanted, marker: marker.value };
}

/** Shows it again where it is gone: somebody may have put another file in the place of ours since. */
export async function keepMaintenance(context: StepContext): Promise<void> {
  const { world, signal } = context;
  const shown = await proveMaintenance({ ...context, patient: false }).catch((error: unknown) => {
    signal.throwIfAborted();
    if (error instanceof StepFailed) return undefined;
    throw error;
  });
  if (shown) return;
  await world.traffic.showMaintenance(signal);
  await proveMaintenance(context);
}

async function configuredMarker(traffic: StepContext['world']['traffic']): Promise<MaintenanceMarker> {
  const state = await traffic.state();
  if (state.shows !== 'maintenance') {
    throw new StepFailed('not-proven', 'the balancer is not configured for maintenance');
  }
  if (!state.marker)
    throw new StepFailed('not-proven', 'the maintenance answer is not of our making: it has no marker');
  return state.marker;
}

const isMarked = (reply: Extract<Reply, { answered: true }>, { header, value }: MaintenanceMarker): boolean =>
  reply.headers[header.toLowerCase()] === value;

function notShown(reply: Reply, marker: MaintenanceMarker, wanted: number): StepFailed {
  const asked = 'asked through the balancer, it says';
  if (!reply.answered) return new StepFailed('not-proven', `${asked} ${reply.why}`);
  if (reply.status !== wanted || isMarked(reply, marker)) {
    return new StepFailed('not-proven', `${asked} status ${reply.status}`);
  }
  const what = `${asked} status ${reply.status} without the header ${marker.header} that the balancer adds`;
  return new StepFailed('not-proven', `${what}: it may be the application's own answer`, {
    remedy:
      'see that the include stands in the server block that users reach, and that nothing takes the header away (a location with an add_header of its own, a proxy in front); then resume the run',
  });
}
