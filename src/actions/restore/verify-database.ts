import { sharedCollections } from '../../adapters/mongo/namesake.ts';
import { compareState } from '../../backup/compare-state.ts';
import { configuredDatabase } from '../configured-database.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { expectedOf } from '../legacy-state.ts';
import { proveNamesakesServer } from '../namesakes-server.ts';
import { missingIndexesOf } from '../required-indexes.ts';

/** The last word on one legacy database before the application gets it: documents, digests and every index. */
export const verifyDatabase: Action = {
  describe: (_world, _assessment, database) => ({
    title: `Verify ${database}: documents, digests and indexes`,
    commands: [],
    evidence: 'counts and digests equal to the backup; every index of the backup and of requiredIndexes is there',
    effect: 'builds missing indexes',
    expectedMs: 500,
  }),

  async perform(context) {
    await proveNamesakesServer(context.world, context.subject, context.signal);
    for (const { collection, index } of (await inspect(context)).missing) {
      await context.world.indexes.create({ database: context.subject, collection }, index, context.signal);
    }
  },

  async prove(context) {
    const { differences, missing, documents, extraCollections } = await inspect(context);
    const faults = [...differences, ...missing.map(({ collection, index }) => `${collection} lacks ${index.name}`)];
    if (faults.length > 0) {
      throw new StepFailed('data-differs', `${context.subject} is not what the backup holds: ${faults.join('; ')}`);
    }
    const kept = extraCollections.length > 0 ? { kept: extraCollections.join(', ') } : {};
    return { documents, digests: 'equal', indexes: 'complete', ...kept };
  },
};

async function inspect(context: StepContext) {
  const { world, subject, signal } = context;
  const configured = configuredDatabase(context);
  const expected = expectedOf(configured, await context.manifest());
  const state = await world.legacy.databaseState(subject, signal, sharedCollections(world.settings.mongo, subject));
  const { differences, missingIndexes, extraCollections } = compareState(expected, state);
  const required = missingIndexesOf(configured, state);
  const documents = expected.collections.reduce((sum, collection) => sum + collection.documents, 0);
  return { differences, missing: [...missingIndexes, ...required], documents, extraCollections };
}
