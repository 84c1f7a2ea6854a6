import { sharedCollections } from '../../adapters/mongo/namesake.ts';
import type { Evidence } from '../../model/event.ts';
import { configuredDatabase } from '../configured-database.ts';
import { type Assessment, type StepContext, StepFailed } from '../contract.ts';
import { type LegacyState, readLegacyState } from '../legacy-state.ts';
import { proveNamesakesServer } from '../namesakes-server.ts';
import { keepBeforeDrop } from './keep-before-drop.ts';
import { keepBeforeMerge } from './keep-before-merge.ts';

export async function currentState(context: StepContext): Promise<LegacyState> {
  return readLegacyState(context.world, configuredDatabase(context), await context.manifest(), context.signal);
}

/** Errors: StepFailed `data-differs`. */
export async function stateEqualToBackup(context: StepContext): Promise<LegacyState> {
  const found = await currentState(context);
  if (found.state === 'equal') return found;
  const seen = found.state === 'absent' ? 'is not there' : `differs from the backup: ${found.differences.join('; ')}`;
  throw new StepFailed('data-differs', `${context.subject} ${seen}`);
}

export async function proveEqualToBackup(context: StepContext): Promise<Evidence> {
  const { extraCollections, documents } = await stateEqualToBackup(context);
  return { documents, digests: 'equal', ...(extraCollections.length > 0 && { kept: extraCollections.join(', ') }) };
}

/** mongorestore of one database from the pinned backup, each of its collections dropped just before; kept before all else. */
export async function restoreFromBackup(context: StepContext): Promise<void> {
  const { collections } = configuredDatabase(context);
  await proveNamesakesServer(context.world, context.subject, context.signal);
  const { root, gzip } = await context.manifest();
  const isShared = sharedCollections(context.world.settings.mongo, context.subject) !== undefined;
  await (isShared ? keepBeforeMerge(context) : keepBeforeDrop(context));
  await context.world.tools.restore(
    { root, gzip, database: context.subject, ...(collections && { collections }) },
    context.signal,
  );
}

export const restoreTime = ({ legacyStates }: Assessment, database: string): number =>
  1_000 + (legacyStates.find((each) => each.database === database)?.documents ?? 0) / 20;
