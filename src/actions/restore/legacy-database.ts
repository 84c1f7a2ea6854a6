import { mergedHere } from '../../adapters/mongo/namesake.ts';
import { expiredSince } from '../../backup/expiry.ts';
import { inWords, missingIndexes } from '../../backup/missing-indexes.ts';
import type { Evidence } from '../../model/event.ts';
import { configuredDatabase } from '../configured-database.ts';
import { type Assessment, type StepContext, StepFailed } from '../contract.ts';
import { expectedOf, expectNoTimeSeries, type LegacyState, readLegacyState } from '../legacy-state.ts';
import { proveNamesakesServer } from '../namesakes-server.ts';
import { buildMissing } from './build-missing.ts';
import { keepBeforeDrop } from './keep-before-drop.ts';
import { keepBeforeMerge } from './keep-before-merge.ts';

export async function currentState(context: StepContext): Promise<LegacyState> {
  return readLegacyState(context.world, configuredDatabase(context), await context.manifest(), context.signal);
}

/** Documents and options as in the backup. Errors: StepFailed `data-differs`. */
export async function stateEqualToBackup(context: StepContext): Promise<LegacyState> {
  const found = await currentState(context);
  if (found.state === 'equal') return found;
  const seen = found.state === 'absent' ? 'is not there' : `differs from the backup: ${found.differences.join('; ')}`;
  throw new StepFailed('data-differs', `${context.subject} ${seen}`);
}

/** With every index that must be there. */
export async function proveEqualToBackup(context: StepContext): Promise<Evidence> {
  const { missingIndexes: missing, extraCollections, documents, expired } = await stateEqualToBackup(context);
  if (missing.length > 0) {
    throw new StepFailed('data-differs', `${context.subject} lacks the index ${missing.map(inWords).join(', ')}`, {
      remedy: 'build it and resume the run, or make a new plan with `rollbackd rollback`',
    });
  }
  return {
    documents,
    digests: 'equal',
    ...expiredSince('backup', expired),
    ...(extraCollections.length > 0 && { kept: extraCollections.join(', ') }),
  };
}

/**
 * mongorestore of one database from the pinned backup, each of its collections dropped just before; kept before all else.
 * Indexes that the configuration requires beside the backup's are built last.
 */
export async function restoreFromBackup(context: StepContext): Promise<void> {
  const configured = configuredDatabase(context);
  const { collections } = configured;
  await proveNamesakesServer(context.world, context.subject, context.signal);
  const manifest = await context.manifest();
  const { root, gzip } = manifest;
  const expected = expectedOf(configured, manifest);
  const isMerged = mergedHere(context.world.settings.mongo, context.subject) !== undefined;
  await (isMerged ? keepBeforeMerge(context) : keepBeforeDrop(context));
  expectNoTimeSeries(expected, await context.world.legacy.timeSeries(context.subject, context.signal));
  await context.world.tools.restore(
    { root, gzip, database: context.subject, ...(collections && { collections }) },
    context.signal,
  );
  const present = await context.world.legacy.indexes(context.subject, context.signal);
  // An index makes its collection: where the tool has brought none, an empty one would only look like somebody's.
  const isThere = (name: string) => present.some(({ collection }) => collection === name);
  const isBroughtIn = (name: string) =>
    isThere(name) || !expected.collections.some(({ collection }) => collection === name);
  const missing = missingIndexes(configured, expected, present);
  await buildMissing(
    context,
    missing.filter(({ collection }) => isBroughtIn(collection)),
  );
}

export const restoreTime = ({ legacyStates }: Assessment, database: string): number =>
  1_000 + (legacyStates.find((each) => each.database === database)?.documents ?? 0) / 20;
