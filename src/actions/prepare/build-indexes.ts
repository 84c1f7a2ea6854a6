import { deletesDocuments } from '../../backup/expiry.ts';
import { inWords } from '../../backup/missing-indexes.ts';
import { type Action, StepFailed } from '../contract.ts';
import { buildMissing } from '../restore/build-missing.ts';
import { currentState, proveEqualToBackup } from '../restore/legacy-database.ts';

/**
 * A legacy database that lacks nothing but indexes gets them while users are served, and nobody uses it: one that the server
 * refuses ends the run before anything is stopped.
 */
export const buildIndexes: Action = {
  describe(_world, { legacyStates }, database) {
    const state = legacyStates.find((each) => each.database === database);
    const missing = state?.missingIndexes ?? [];
    const deleting = missing.filter(({ index }) => deletesDocuments(index));
    return {
      title: `Build what ${database} lacks of indexes: ${missing.map(inWords).join(', ')}`,
      commands: [],
      evidence: 'counts and digests equal to the backup; these indexes are there',
      effect: `adds indexes to ${database}, one after the other; ${
        deleting.length > 0
          ? `the server deletes what has expired by ${deleting.map(inWords).join(', ')}`
          : 'no document of it is changed'
      }`,
      expectedMs: 1_000 + (missing.length * (state?.documents ?? 0)) / 50,
    };
  },

  async perform(context) {
    const { state, differences, missingIndexes } = await currentState(context);
    if (state !== 'equal') {
      const found = state === 'absent' ? 'is not there any more' : `has changed meanwhile: ${differences.join('; ')}`;
      throw new StepFailed('data-differs', `${context.subject} ${found}`, {
        remedy: 'nothing was stopped. Find out who changed it; make a new plan with `rollbackd rollback`',
      });
    }
    await buildMissing(context, missingIndexes);
  },

  prove: proveEqualToBackup,
};
