import { compareState, type MissingIndex } from '../../backup/compare-state.ts';
import { hashOf } from '../../core/digest.ts';
import type { IndexDefinition } from '../../model/backup.ts';
import { proveAnotherServer } from '../another-server.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { expectedOf } from '../legacy-state.ts';
import { configuredDatabase } from './legacy-database.ts';

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
    await proveAnotherServer(context.world, context.subject, context.signal);
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
  const expected = expectedOf(configuredDatabase(context), await context.manifest());
  const state = await world.legacy.databaseState(subject, signal);
  const { differences, missingIndexes, extraCollections } = compareState(expected, state);
  const present = new Map(state.map(({ collection, indexes }) => [collection, new Set(indexes.map(identity))]));
  const required = requiredIndexes(context).filter(
    ({ collection, index }) => !present.get(collection)?.has(identity(index)),
  );
  const documents = expected.collections.reduce((sum, collection) => sum + collection.documents, 0);
  return { differences, missing: [...missingIndexes, ...required], documents, extraCollections };
}

/** A required index is there when its keys and its uniqueness are: names may differ. */
const identity = ({ key, options }: IndexDefinition): string => hashOf({ key, unique: options.unique === true });

function requiredIndexes(context: StepContext): MissingIndex[] {
  return configuredDatabase(context).requiredIndexes.map(({ collection, key, unique }) => ({
    collection,
    index: {
      name: Object.entries(key).flat().join('_'),
      key: Object.entries(key),
      options: unique ? { unique: true } : {},
    },
  }));
}
