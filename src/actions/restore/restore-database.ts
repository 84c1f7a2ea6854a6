import type { Action } from '../contract.ts';
import { proveEqualToBackup, restoreFromBackup, restoreTime } from './legacy-database.ts';

/** Replaces a legacy database that differs from its backup. The plan takes a snapshot of it first. */
export const restoreDatabase: Action = {
  describe: ({ tools }, assessment, database) => {
    const state = assessment.legacyStates.find((each) => each.database === database);
    return {
      title: `Replace ${database} by the backup (${state?.differences.join('; ') || 'it differs'})`,
      commands: tools.describeRestore(assessment.manifest.root, database),
      evidence: 'counts, indexes and digests equal to the backup',
      effect: `drops and restores the collections of ${database} that the backup holds; others are kept`,
      expectedMs: restoreTime(assessment, database),
    };
  },
  perform: restoreFromBackup,
  prove: proveEqualToBackup,
};
