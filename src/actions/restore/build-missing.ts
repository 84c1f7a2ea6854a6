import type { MissingIndex } from '../../backup/compare-state.ts';
import { inWords } from '../../backup/missing-indexes.ts';
import { RollbackdError } from '../../core/errors.ts';
import { type StepContext, StepFailed } from '../contract.ts';
import { proveNamesakesServer } from '../namesakes-server.ts';

/** One after the other, because the server may be the one that production still uses. What is refused is told with its reason. */
export async function buildMissing(context: StepContext, missing: readonly MissingIndex[]): Promise<void> {
  const { world, subject, signal } = context;
  await proveNamesakesServer(world, subject, signal);
  for (const one of missing) {
    await world.indexes
      .create({ database: subject, collection: one.collection }, one.index, signal)
      .catch(refused(one));
  }
}

const refused =
  (one: MissingIndex) =>
  (error: unknown): never => {
    if (!(error instanceof RollbackdError) || error.reason !== 'operation-failed') throw error;
    throw new StepFailed('refused', `the index ${inWords(one)} cannot be built: ${error.message}`, {
      remedy:
        'see which documents or which other index stand in its way, and resume the run; where it must not be there, take it out of requiredIndexes, close the incident and begin anew',
      cause: error,
    });
  };
