import type { LegacyDatabase } from '../adapters/mongo/schema.ts';
import { type StepContext, StepFailed } from './contract.ts';

/** The legacy database that a step is about. */
export function configuredDatabase({ world, subject }: StepContext): LegacyDatabase {
  const found = world.settings.mongo.legacyDatabases.find(({ name }) => name === subject);
  if (found) return found;
  throw new StepFailed('refused', `${subject} is not among mongo.legacyDatabases`);
}
