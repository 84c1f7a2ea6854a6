import type { StepContext } from '../contract.ts';
import type { Snapshot } from './snapshot.ts';

/** Where a run keeps the unified database. */
export const unifiedSnapshot = ({ world, evidenceFolder }: StepContext): Snapshot => ({
  source: { side: 'unified', database: world.settings.mongo.unified.database },
  folder: `${evidenceFolder}/unified-state`,
  reader: world.unified,
});
