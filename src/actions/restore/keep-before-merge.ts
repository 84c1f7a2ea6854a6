import type { CollectionState } from '../../adapters/mongo/contract.ts';
import { hasSameContent, isSameCollection } from '../../backup/same-collection.ts';
import { configuredDatabase } from '../configured-database.ts';
import { type StepContext, StepFailed } from '../contract.ts';
import { expectedOf } from '../legacy-state.ts';
import { expectNoWrites } from '../stop/watch-writes.ts';
import { keepOnceMore } from './keep-before-drop.ts';
import { readSnapshot } from './snapshot.ts';
import { unifiedSnapshot } from './unified-snapshot.ts';

/**
 * Of the unified database nothing is dropped that its final snapshot does not hold. Right before the drop each named collection
 * that is there must be exactly what that snapshot has of it, down to its indexes; or hold what the backup has, where a merge
 * that was cut off had put it back already. All else (half a collection, what somebody wrote meanwhile) is kept once more, beside
 * the snapshot and never in its place: that is the way back. Whoever writes while this is found out is a fault.
 */
export async function keepBeforeMerge(context: StepContext): Promise<void> {
  const { subject, signal, world } = context;
  const before = await world.legacy.activity(signal);
  const snapshot = await finalSnapshot(context);
  const configured = configuredDatabase(context);
  const { collections: backup } = expectedOf(configured, await context.manifest());
  const isKept = (one: CollectionState) =>
    snapshot.some((each) => isSameCollection(each, one)) || backup.some((each) => hasSameContent(each, one));
  const named = await world.legacy.databaseState(subject, signal, configured.collections);
  if (!named.every(isKept)) await keepOnceMore(context);
  expectNoWrites(before, await world.legacy.activity(signal), [subject]);
}

async function finalSnapshot(context: StepContext): Promise<readonly CollectionState[]> {
  try {
    return (await readSnapshot(unifiedSnapshot(context), context.signal)).collections;
  } catch (cause) {
    if (!(cause instanceof StepFailed)) throw cause;
    throw new StepFailed('refused', `nothing of ${context.subject} is dropped: ${cause.message}`, {
      remedy: 'put the snapshot back where it was; else finish by hand, and drop nothing that lies nowhere else',
      cause,
    });
  }
}
