import { isLegacy } from '../../adapters/mongo/legacy-homes.ts';
import type { Path, PlacedFault } from '../fault.ts';
import { rule } from '../rule.ts';

/** A legacy database that is read must be one that is listed: the users have rights on no other. */
export const knownDatabases = rule(['mongo', 'baseline'], ({ mongo, baseline }) => {
  const listed = new Set(mongo.legacyDatabases.map(({ name }) => name));
  const check = (name: string | undefined, path: Path): PlacedFault[] =>
    name === undefined || name === '{tenant}' || listed.has(name)
      ? []
      : [{ path, message: `${name} is not in mongo.legacyDatabases` }];
  const list = mongo.legacyTenants;
  const isUnifieds = list && listed.has(list.database) && !isLegacy(mongo, list.database, list.collection);
  return [
    ...check(list?.database, ['mongo', 'legacyTenants', 'database']),
    ...(isUnifieds
      ? [
          {
            path: ['mongo', 'legacyTenants', 'collection'],
            message: `${list.collection} is not among the merged collections of ${list.database}: it stays the unified system's list`,
          },
        ]
      : []),
    ...baseline.mappings.flatMap(({ from }, index) =>
      check(from.database, ['baseline', 'mappings', index, 'from', 'database']),
    ),
  ];
});
