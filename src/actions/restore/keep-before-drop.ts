import type { CollectionState } from '../../adapters/mongo/contract.ts';
import { hasSameContent } from '../../backup/same-collection.ts';
import { type StepContext, StepFailed } from '../contract.ts';
import { manifestOf } from '../legacy-state.ts';
import { expectNoWrites } from '../stop/watch-writes.ts';
import { legacySnapshot } from './legacy-snapshot.ts';
import { proveSnapshot, readSnapshot, takeSnapshot } from './snapshot.ts';

/**
 * Nothing is dropped that lies nowhere else. Right before a drop, each collection that is there must hold exactly what this
 * run's snapshot or the backup holds of it: so it is before a restore, and so it is with whatever a restore that was cut off
 * had not reached, or had done. All else (half a collection, what somebody restored or wrote meanwhile) may be somebody's
 * work: the database is kept once more, beside the earlier snapshots. Whoever writes while this is found out is a fault.
 */
export async function keepBeforeDrop(context: StepContext): Promise<void> {
  const { subject, signal, world } = context;
  const before = await world.legacy.activity(signal);
  const present = await world.legacy.databaseState(subject, signal);
  if (!(await isKept(present, context))) await keepOnceMore(context);
  expectNoWrites(before, await world.legacy.activity(signal), [subject]);
}

export async function keepOnceMore(context: StepContext): Promise<void> {
  const snapshot = legacySnapshot(context);
  await takeSnapshot(snapshot, context);
  await proveSnapshot(snapshot, context);
}

async function isKept(present: readonly CollectionState[], context: StepContext): Promise<boolean> {
  const { collections } = manifestOf(await context.manifest(), context.subject);
  if (present.every((one) => isAmong(collections, one))) return true;
  const snapshot = await snapshotIfWhole(context);
  return present.every((one) => isAmong(snapshot, one) || isAmong(collections, one));
}

const isAmong = (kept: readonly CollectionState[], one: CollectionState): boolean =>
  kept.some((each) => hasSameContent(each, one));

async function snapshotIfWhole(context: StepContext): Promise<readonly CollectionState[]> {
  try {
    return (await readSnapshot(legacySnapshot(context), context.signal)).collections;
  } catch (error) {
    if (error instanceof StepFailed) return [];
    throw error;
  }
}
