import { namesakeOf } from '../adapters/mongo/restore-scope.ts';
import { whyMaybeOneServer } from '../adapters/mongo/servers.ts';
import { StepFailed } from './contract.ts';
import type { World } from './world.ts';

/**
 * Throws where a legacy database has the unified one's name and the two servers are not proven to be different ones: then
 * it might be the unified database itself that is written into.
 */
export async function proveAnotherServer(
  { settings, unified, legacy }: Pick<World, 'settings' | 'unified' | 'legacy'>,
  database: string,
  signal: AbortSignal,
): Promise<void> {
  if (namesakeOf(settings.mongo)?.name !== database) return;
  const why = whyMaybeOneServer(await unified.identity(signal), await legacy.identity(signal));
  if (why === undefined) return;
  throw new StepFailed(
    'wrong-database',
    `the legacy database ${database} has the name of the unified one, and may be that one: ${why}`,
    { remedy: 'correct mongo.unified and mongo.legacy, or take it from mongo.legacyDatabases' },
  );
}
