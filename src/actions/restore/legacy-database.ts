import type { LegacyDatabase } from '../../adapters/mongo/schema.ts';
import type { Evidence } from '../../model/event.ts';
import { proveAnotherServer } from '../another-server.ts';
import { type Assessment, type StepContext, StepFailed } from '../contract.ts';
import { type LegacyState, readLegacyState } from '../legacy-state.ts';
import { keepBeforeDrop } from './keep-before-drop.ts';

export function configuredDatabase({ world, subject }: StepContext): LegacyDatabase {
  const found = world.settings.mongo.legacyDatabases.find(({ name }) => name === subject);
  if (found) return found;
  throw new StepFailed('refused', `${subject} is not among mongo.legacyDatabases`);
}

export async function currentState(context: StepContext): Promise<LegacyState> {
  return readLegacyState(context.world.legacy, configuredDatabase(context), await context.manifest(), context.signal);
}

export async function proveEqualToBackup(context: StepContext): Promise<Evidence> {
  const { state, differences, extraCollections, documents } = await currentState(context);
  if (state !== 'equal') {
    const seen = state === 'absent' ? 'is not there' : `differs from the backup: ${differences.join('; ')}`;
    throw new StepFailed('data-differs', `${context.subject} ${seen}`);
  }
  return { documents, digests: 'equal', ...(extraCollections.length > 0 && { kept: extraCollections.join(', ') }) };
}

/** mongorestore of one database from the pinned backup, each of its collections dropped just before; kept before all else. */
export async function restoreFromBackup(context: StepContext): Promise<void> {
  const { collections } = configuredDatabase(context);
  await proveAnotherServer(context.world, context.subject, context.signal);
  const { root, gzip } = await context.manifest();
  await keepBeforeDrop(context);
  await context.world.tools.restore(
    { root, gzip, database: context.subject, ...(collections && { collections }) },
    context.signal,
  );
}

export const restoreTime = ({ legacyStates }: Assessment, database: string): number =>
  1_000 + (legacyStates.find((each) => each.database === database)?.documents ?? 0) / 20;
