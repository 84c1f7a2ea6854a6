import type { World } from '../actions/world.ts';

/** What would hinder a stop or a rollback, the target being as it is now. */
export async function hindrances({ process }: World, signal: AbortSignal): Promise<string[]> {
  return (await process.refusals(signal)).map(({ reason }) => reason);
}
