import type { Action } from '../contract.ts';
import { proveEqualToBackup } from './legacy-database.ts';

/**
 * The last word on one legacy database before the application gets it: documents, digests and every index. What was missing was
 * built before users were put out, or restored.
 */
export const verifyDatabase: Action = {
  describe: (_world, _assessment, database) => ({
    title: `Verify ${database}: documents, digests and indexes`,
    commands: [],
    evidence:
      'counts and digests equal to the backup, but for documents that have expired; every index of the backup and of requiredIndexes is there',
    effect: 'nothing',
    expectedMs: 500,
  }),

  async prove(context) {
    return { ...(await proveEqualToBackup(context)), indexes: 'complete' };
  },
};
