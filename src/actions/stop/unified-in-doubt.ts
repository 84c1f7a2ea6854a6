import type { MongoConfig } from '../../adapters/mongo/schema.ts';
import { outOfReach } from '../restore/unified-database.ts';

/**
 * What becomes of a look at the unified server that failed. A rollback does not write to one that is another than the legacy
 * one; whether its snapshot may be done without is what the plan says: a step that is to take it fails while it is out of reach.
 */
export const unifiedInDoubt =
  (mongo: MongoConfig, inDoubt: (error: unknown) => string) =>
  (error: unknown): string => {
    const why = outOfReach(mongo, error);
    return why === undefined ? inDoubt(error) : `not checked: ${why}`;
  };
