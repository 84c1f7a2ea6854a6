import type { Action } from '../contract.ts';
import { buildMissing } from './build-missing.ts';
import { currentState, proveEqualToBackup } from './legacy-database.ts';
import { expiresDocuments } from './missing-indexes.ts';

/**
 * The last word on one legacy database before the application gets it: documents, digests and every index. Whatever else was
 * missing was built before users were put out; an index that expires documents alone comes last, since the server deletes by it.
 */
export const verifyDatabase: Action = {
  describe: (_world, { legacyStates }, database) => ({
    title: `Verify ${database}: documents, digests and indexes`,
    commands: [],
    evidence: 'counts and digests equal to the backup; every index of the backup and of requiredIndexes is there',
    effect: legacyStates.some((each) => each.database === database && each.missingIndexes.some(expiresDocuments))
      ? 'builds the missing indexes that expire documents'
      : 'nothing',
    expectedMs: 500,
  }),

  async perform(context) {
    const { missingIndexes } = await currentState(context);
    await buildMissing(context, missingIndexes.filter(expiresDocuments));
  },

  async prove(context) {
    return { ...(await proveEqualToBackup(context)), indexes: 'complete' };
  },
};
