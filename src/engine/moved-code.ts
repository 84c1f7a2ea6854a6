import { preflight } from '../actions/preflight/preflight.ts';
import type { World } from '../actions/world.ts';
import type { Obstacle } from '../model/obstacle.ts';
import { movedCode } from '../rules/guards/code-pinned.ts';
import type { Memory } from './memory.ts';

/** What a run would fail over, and what keeps an armed daemon from acting alone with the code that was pinned. */
export const daemonsPreflight = (world: World, memory: Pick<Memory, 'state'>) => async (signal: AbortSignal) => [
  ...(await preflight(world, signal)),
  ...(await movedCodeObstacles(world, memory, signal)),
];

/** A tag that was moved since the daemon was armed is told when it is seen, not when a rollback is needed. */
export async function movedCodeObstacles(
  { code }: Pick<World, 'code'>,
  memory: Pick<Memory, 'state'>,
  signal: AbortSignal,
): Promise<Obstacle[]> {
  const pinned = memory.state().armed?.legacyCommit;
  if (pinned === undefined) return [];
  // That it cannot be told is said by whoever looks at the checkout.
  const now = await code.legacyCommit(signal).catch(() => pinned);
  if (now === pinned) return [];
  return [{ what: movedCode(pinned, now), mend: 'find out who moved it; where it is right so, arm again' }];
}
