import { namesakeElsewhere, namesakeHere } from '../adapters/mongo/namesake.ts';
import { whyMaybeOneServer, whyMaybeTwoServers } from '../adapters/mongo/servers.ts';
import { StepFailed } from './contract.ts';
import type { World } from './world.ts';

/**
 * Where a legacy database has the unified one's name, throws unless its server is proven to be what the configuration says:
 * another one, so that it cannot be the unified database itself that is written into; or the very same, so that what is dropped
 * there is what the unified database's snapshot holds.
 */
export async function proveNamesakesServer(
  { settings, unified, legacy }: Pick<World, 'settings' | 'unified' | 'legacy'>,
  database: string,
  signal: AbortSignal,
): Promise<void> {
  const { mongo } = settings;
  const isElsewhere = namesakeElsewhere(mongo)?.name === database;
  if (!isElsewhere && namesakeHere(mongo)?.name !== database) return;
  const [one, other] = [await unified.identity(signal), await legacy.identity(signal)];
  const why = isElsewhere ? whyMaybeOneServer(one, other) : whyMaybeTwoServers(one, other);
  if (why === undefined) return;
  const what = isElsewhere
    ? `the legacy database ${database} has the name of the unified one, and may be that one: ${why}`
    : `the legacy database ${database} is the unified one by the configuration, and may be another: ${why}`;
  throw new StepFailed('wrong-database', what, {
    remedy: 'correct mongo.unified and mongo.legacy, or take it from mongo.legacyDatabases',
  });
}
