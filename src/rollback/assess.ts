import { proveAnotherServer } from '../actions/another-server.ts';
import type { Assessment } from '../actions/contract.ts';
import { readLegacyState } from '../actions/legacy-state.ts';
import { whyNothingToKeep } from '../actions/restore/unified-database.ts';
import type { World } from '../actions/world.ts';
import type { Reading } from '../backup/read-files.ts';

/** Everything a plan rests on, read from the target; changes nothing. Errors: those of the backup, the code and MongoDB. */
export async function assess(world: World, signal: AbortSignal, reading: Reading = 'changed'): Promise<Assessment> {
  const manifest = await world.scanBackup(signal, reading);
  const { unified, legacyDatabases } = world.settings.mongo;
  const legacyStates = [];
  for (const database of legacyDatabases.filter(({ policy }) => policy !== 'leave')) {
    await proveAnotherServer(world, database.name, signal);
    legacyStates.push(await readLegacyState(world.legacy, database, manifest, signal));
  }
  const unifiedNotKept = await whyNothingToKeep(world, signal);
  const isKept = unifiedNotKept === undefined;
  const unifiedTimeSeries = isKept ? await world.unified.timeSeries(unified.database, signal) : [];
  return {
    manifest,
    legacyCommit: await world.code.legacyCommit(signal),
    unifiedBytes: isKept ? await world.unified.dataSize(unified.database, signal) : 0,
    ...(!isKept && { unifiedNotKept }),
    ...(unifiedTimeSeries.length > 0 && { unifiedTimeSeries }),
    legacyStates,
  };
}
