import type { Assessment } from '../actions/contract.ts';
import { readLegacyState } from '../actions/legacy-state.ts';
import type { World } from '../actions/world.ts';

/** Everything a plan rests on, read from the target; changes nothing. Errors: those of the backup, the code and MongoDB. */
export async function assess(world: World, signal: AbortSignal): Promise<Assessment> {
  const manifest = await world.scanBackup(signal);
  const { unified, legacyDatabases } = world.settings.mongo;
  const legacyStates = [];
  for (const database of legacyDatabases.filter(({ policy }) => policy !== 'leave')) {
    legacyStates.push(await readLegacyState(world.legacy, database, manifest, signal));
  }
  return {
    manifest,
    legacyCommit: await world.code.legacyCommit(signal),
    unifiedBytes: await world.unified.dataSize(unified.database, signal),
    legacyStates,
  };
}
