import type { WorldFor } from '../actions/world.ts';

/** Gives a contained application back to its users as it was: started with the environment it had, and served again. */
export async function releaseContainment(worldFor: WorldFor, incident: string, signal: AbortSignal): Promise<void> {
  const world = worldFor({ run: incident, step: 'release' });
  await world.process.release(signal);
  await world.traffic.serve(signal);
}
