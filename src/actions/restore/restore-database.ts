import type { Action } from '../contract.ts';
import { proveEqualToBackup, restoreFromBackup, restoreTime } from './legacy-database.ts';
import { earlierSnapshots } from './legacy-snapshot.ts';

/** Replaces a legacy database that differs from its backup. The plan takes a snapshot of it first; what has changed since is kept too. */
export const restoreDatabase: Action = {
  describe: ({ tools }, assessment, database) => {
    const state = assessment.legacyStates.find((each) => each.database === database);
    return {
      title: `Replace ${database} by the backup (${state?.differences.join('; ') || 'it differs'})`,
      commands: tools.describeRestore(assessment.manifest.root, database),
      evidence: 'counts, indexes and digests equal to the backup',
      effect: `keeps it once more where it is not as the snapshot has it; drops and restores the collections of ${database} that the backup holds; others are kept`,
      expectedMs: restoreTime(assessment, database),
    };
  },
  perform: restoreFromBackup,
  async prove(context) {
    const evidence = await proveEqualToBackup(context);
    const earlier = await earlierSnapshots(context);
    return { ...evidence, ...(earlier.length > 0 && { earlierSnapshots: earlier.join(', ') }) };
  },
};
