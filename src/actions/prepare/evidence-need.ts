import { mkdir } from 'node:fs/promises';
import type { StepContext } from '../contract.ts';
import { whyNothingToKeep } from '../restore/unified-database.ts';
import type { DiskNeed } from './disk-needs.ts';

/** For the snapshots: a dump is never larger than the data it holds. */
export async function evidenceNeed({ world, evidenceFolder, subjectsOf, signal }: StepContext): Promise<DiskNeed> {
  const { settings, host, unified, legacy } = world;
  await mkdir(evidenceFolder, { recursive: true, mode: 0o700 });
  const notKept = await whyNothingToKeep(world, signal);
  const kept = [notKept === undefined ? await unified.dataSize(settings.mongo.unified.database, signal) : 0];
  for (const name of subjectsOf('snapshot-legacy')) kept.push(await legacy.dataSize(name, signal));
  return {
    place: settings.rollback.evidenceFolder,
    ...(await host.space(evidenceFolder)),
    bytes: kept.reduce((sum, bytes) => sum + bytes, 0),
  };
}
