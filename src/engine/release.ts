import { servedPublicly } from '../actions/served-publicly.ts';
import { steadily } from '../actions/until.ts';
import type { World, WorldFor } from '../actions/world.ts';
import { explain, RollbackdError } from '../core/errors.ts';
import { describeAnswer } from '../probes/ask.ts';
import { askHealth } from '../probes/ask-health.ts';

/**
 * Gives a contained application back to its users as it was: started with the environment it had, and served again.
 * Users are let in once it answers, and it is released once they are seen to be served. Idempotent.
 * Errors: RollbackdError `not-released` where it does not; then it is stopped again, behind the maintenance answer.
 */
export async function releaseContainment(worldFor: WorldFor, incident: string, signal: AbortSignal): Promise<void> {
  const world = worldFor({ run: incident, step: 'release' });
  try {
    await world.process.release(signal);
    await awaitAnswer(world, signal);
    await world.traffic.serve();
    await awaitUsers(world, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw await shutAgain(world, error, signal);
  }
}

/**
 * What a failed run has stopped serves again, as before. Where the process manager cannot say so for good, but the application answers,
 * users are let in all the same: returns what is left to do.
 * Errors: as for a release.
 */
export async function putBack(worldFor: WorldFor, run: string, signal: AbortSignal): Promise<string | undefined> {
  const world = worldFor({ run, step: 'put-back' });
  const refused = await world.process.release(signal).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  try {
    signal.throwIfAborted();
    await awaitAnswer(world, signal).catch((error: unknown) => {
      // Nobody has started what does not answer then.
      throw refused?.error ?? error;
    });
    await world.traffic.serve();
    await awaitUsers(world, signal);
    return refused && explain(refused.error);
  } catch (error) {
    signal.throwIfAborted();
    throw await shutAgain(world, error, signal);
  }
}

async function awaitUsers(world: World, signal: AbortSignal): Promise<void> {
  const { target, probes } = world.settings;
  const { steady, seen } = await servedPublicly(world, probes.unified, signal);
  if (steady) return;
  const what = `the application answers on its own port, but ${target.publicUrl} does not serve it (${seen})`;
  throw new RollbackdError('not-released', what, {
    remedy:
      "look at the balancer's error log, and whether target.publicUrl leads to it from this host; then give the release again",
  });
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

/** What is not released is contained: half the users served, and a journal that says nobody is, would be the worst of both. */
async function shutAgain(world: World, cause: unknown, signal: AbortSignal): Promise<RollbackdError> {
  const undone: string[] = [];
  const attempt = (what: string, work: () => Promise<void>) =>
    work().catch((error: unknown) => void undone.push(`${what}: ${explain(error)}`));
  await attempt('maintenance could not be shown again, and users may be in', () => world.traffic.showMaintenance());
  await attempt('the application could not be stopped again, and may leak', () => world.process.stopAndSave(signal));
  const since = undone.length > 0 ? undone.join('; ') : 'it is stopped again, and maintenance is shown';
  const { message, remedy = 'give the release again, or roll back' } =
    cause instanceof RollbackdError ? cause : { message: explain(cause) };
  return new RollbackdError('not-released', `${message}; ${since}`, { remedy, cause });
}
