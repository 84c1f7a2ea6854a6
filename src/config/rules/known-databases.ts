import type { Path, PlacedFault } from '../fault.ts';
import { rule } from '../rule.ts';

/** A legacy database that is read must be one that is listed: the users have rights on no other. */
export const knownDatabases = rule(['mongo', 'baseline'], ({ mongo, baseline }) => {
  const listed = new Set(mongo.legacyDatabases.map(({ name }) => name));
  const check = (name: string | undefined, path: Path): PlacedFault[] =>
    name === undefined || name === '{tenant}' || listed.has(name)
      ? []
      : [{ path, message: `${name} is not in mongo.legacyDatabases` }];
  return [
    ...check(mongo.legacyTenants?.database, ['mongo', 'legacyTenants', 'database']),
    ...baseline.mappings.flatMap(({ from }, index) =>
      check(from.database, ['baseline', 'mappings', index, 'from', 'database']),
    ),
  ];
});
