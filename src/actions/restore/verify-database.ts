import { hashOf } from '../../core/digest.ts';
import type { IndexDefinition } from '../../model/backup.ts';
import { type Action, type StepContext, StepFailed } from '../contract.ts';
import { manifestOf } from '../legacy-state.ts';
import { configuredDatabase, proveEqualToBackup } from './legacy-database.ts';

interface MissingIndex {
  readonly collection: string;
  readonly index: IndexDefinition;
}

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
    for (const { collection, index } of await missingIndexes(context)) {
      await context.world.indexes.create({ database: context.subject, collection }, index, context.signal);
    }
  },

  async prove(context) {
    const missing = await missingIndexes(context);
    if (missing.length > 0) {
      const names = missing.map(({ collection, index }) => `${collection}.${index.name}`).join(', ');
      throw new StepFailed('not-proven', `indexes missing in ${context.subject}: ${names}`);
    }
    return { ...(await proveEqualToBackup(context)), indexes: 'complete' };
  },
};

async function missingIndexes(context: StepContext): Promise<MissingIndex[]> {
  const states = await context.world.legacy.databaseState(context.subject, context.signal);
  const present = new Map(states.map(({ collection, indexes }) => [collection, new Set(indexes.map(identity))]));
  const expected = [...backupIndexes(context, await context.manifest()), ...requiredIndexes(context)];
  return expected.filter(({ collection, index }) => !present.get(collection)?.has(identity(index)));
}

/** Two indexes are the same one when their keys and their uniqueness agree: names may differ. */
const identity = ({ key, options }: IndexDefinition): string => hashOf({ key, unique: options.unique === true });

function backupIndexes(
  { subject }: StepContext,
  manifest: Awaited<ReturnType<StepContext['manifest']>>,
): MissingIndex[] {
  return manifestOf(manifest, subject).collections.flatMap(({ collection, indexes }) =>
    indexes.map((index) => ({ collection, index })),
  );
}

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
