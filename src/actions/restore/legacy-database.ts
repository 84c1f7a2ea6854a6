import type { LegacyDatabase } from '../../adapters/mongo/schema.ts';
import type { MissingIndex } from '../../backup/compare-state.ts';
import type { Evidence } from '../../model/event.ts';
import { proveAnotherServer } from '../another-server.ts';
import { type Assessment, type StepContext, StepFailed } from '../contract.ts';
import { expectedOf, type LegacyState, readLegacyState } from '../legacy-state.ts';
import { buildMissing } from './build-missing.ts';
import { keepBeforeDrop } from './keep-before-drop.ts';
import { inWords, missingIndexes } from './missing-indexes.ts';

export function configuredDatabase({ world, subject }: StepContext): LegacyDatabase {
  const found = world.settings.mongo.legacyDatabases.find(({ name }) => name === subject);
  if (found) return found;
  throw new StepFailed('refused', `${subject} is not among mongo.legacyDatabases`);
}

export async function currentState(context: StepContext): Promise<LegacyState> {
  return readLegacyState(context.world.legacy, configuredDatabase(context), await context.manifest(), context.signal);
}

export const proveEqualToBackup = (context: StepContext): Promise<Evidence> => proveState(context, () => true);

/** Equal to the backup, with every index that must be there by now. */
export async function proveState(
  context: StepContext,
  mustBeThere: (index: MissingIndex) => boolean,
): Promise<Evidence> {
  const { state, differences, missingIndexes, extraCollections, documents } = await currentState(context);
  if (state !== 'equal') {
    const seen = state === 'absent' ? 'is not there' : `differs from the backup: ${differences.join('; ')}`;
    throw new StepFailed('data-differs', `${context.subject} ${seen}`);
  }
  const missing = missingIndexes.filter(mustBeThere);
  if (missing.length > 0) {
    throw new StepFailed('data-differs', `${context.subject} lacks the index ${missing.map(inWords).join(', ')}`, {
      remedy: 'build it and resume the run, or make a new plan with `rollbackd rollback`',
    });
  }
  return { documents, digests: 'equal', ...(extraCollections.length > 0 && { kept: extraCollections.join(', ') }) };
}

/**
 * mongorestore of one database from the pinned backup, each of its collections dropped just before; kept before all else.
 * Indexes that the configuration requires beside the backup's are built last.
 */
export async function restoreFromBackup(context: StepContext): Promise<void> {
  const configured = configuredDatabase(context);
  const { collections } = configured;
  await proveAnotherServer(context.world, context.subject, context.signal);
  const manifest = await context.manifest();
  const { root, gzip } = manifest;
  await keepBeforeDrop(context);
  await context.world.tools.restore(
    { root, gzip, database: context.subject, ...(collections && { collections }) },
    context.signal,
  );
  const present = await context.world.legacy.indexes(context.subject, context.signal);
  await buildMissing(context, missingIndexes(configured, expectedOf(configured, manifest), present));
}

export const restoreTime = ({ legacyStates }: Assessment, database: string): number =>
  1_000 + (legacyStates.find((each) => each.database === database)?.documents ?? 0) / 20;
