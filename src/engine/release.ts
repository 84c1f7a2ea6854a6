import { steadily } from '../actions/until.ts';
import type { WorldFor } from '../actions/world.ts';
import { RollbackdError } from '../core/errors.ts';
import { describeAnswer } from '../probes/ask.ts';
import { askHealth } from '../probes/ask-health.ts';

/**
 * Gives a contained application back to its users as it was: started with the environment it had, and served again.
 * Users are let in once it answers. Idempotent. Errors: RollbackdError `not-released` where it does not in time.
 */
export async function releaseContainment(worldFor: WorldFor, incident: string, signal: AbortSignal): Promise<void> {
  const world = worldFor({ run: incident, step: 'release' });
  await world.process.release(signal);
  const { target, probes, rollback } = world.settings;
  const { health } = probes.unified;
  const question = { baseUrl: target.applicationUrl, health, timeoutMs: probes.timeout };
  const { seen, steady } = await steadily(
    () => askHealth(world.ask, question, signal),
    ({ outcome }) => outcome === 'up',
    { forMs: rollback.livenessTimeout, everyMs: 100, clock: world.clock, signal },
  );
  if (steady) return world.traffic.serve(signal);
  throw new RollbackdError(
    'not-released',
    `the application was started again, but ${health.path}: ${describeAnswer(seen)}`,
    {
      remedy: 'read its error log; give the release again, or roll back',
    },
  );
}
