import { servedPublicly } from '../actions/served-publicly.ts';
import { steadily } from '../actions/until.ts';
import type { World, WorldFor } from '../actions/world.ts';
import { explain, RollbackdError } from '../core/errors.ts';
import { describeAnswer } from '../probes/ask.ts';
import { askHealth } from '../probes/ask-health.ts';

/**
 * Gives a contained application back to its users as it was: started with the environment it had, and served again.
 * Users are let in once it answers, and it is released once they are seen to be served. Idempotent.
 * Errors: RollbackdError `not-released` where it does not answer in time; then the maintenance answer is shown as before.
 */
export async function releaseContainment(worldFor: WorldFor, incident: string, signal: AbortSignal): Promise<void> {
  const world = worldFor({ run: incident, step: 'release' });
  await world.process.release(signal);
  await awaitAnswer(world, signal);
  await world.traffic.serve(signal);
  const { steady, seen } = await servedPublicly(world, world.settings.probes.unified, signal);
  if (!steady) throw await shutAgain(world, seen, signal);
}

async function awaitAnswer(world: World, signal: AbortSignal): Promise<void> {
  const { target, probes, rollback } = world.settings;
  const { health } = probes.unified;
  const question = { baseUrl: target.applicationUrl, health, timeoutMs: probes.timeout };
  const { seen, steady } = await steadily(
    () => askHealth(world.ask, question, signal),
    ({ outcome }) => outcome === 'up',
    { forMs: rollback.livenessTimeout, everyMs: 100, clock: world.clock, signal },
  );
  if (steady) return;
  throw new RollbackdError(
    'not-released',
    `the application was started again, but ${health.path}: ${describeAnswer(seen)}`,
    {
      remedy: 'read its error log; give the release again, or roll back',
    },
  );
}

/** What is not released stays contained: half the users served, and a journal that says nobody is, would be the worst of both. */
async function shutAgain(world: World, seen: string, signal: AbortSignal): Promise<RollbackdError> {
  const since = await world.traffic.showMaintenance(signal).then(
    () => 'maintenance is shown again',
    (error: unknown) => `maintenance could not be shown again, and users may be in: ${explain(error)}`,
  );
  const what = `the application answers on its own port, but ${world.settings.target.publicUrl} does not serve it (${seen})`;
  return new RollbackdError('not-released', `${what}; ${since}`, {
    remedy:
      "look at the balancer's error log, and whether target.publicUrl leads to it from this host; then give the release again",
  });
}
