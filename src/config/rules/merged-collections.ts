import { repeated } from '../repeated.ts';
import { rule } from '../rule.ts';

/** With policy merge each collection is replaced in a database that goes on holding others: each is named exactly, once. */
export const mergedCollections = rule(['mongo'], ({ mongo }) =>
  mongo.legacyDatabases.flatMap(({ collections, requiredIndexes }, index) => {
    if (!collections) return [];
    const path = ['mongo', 'legacyDatabases', index, 'collections'];
    if (collections.length === 0) return [{ path, message: 'must name the collections to be replaced' }];
    const inexact = collections.flatMap((name, position) => (/[*?$\0]|^system\.|^$/.test(name) ? [position] : []));
    const beside = requiredIndexes.flatMap(({ collection }, position) =>
      collections.includes(collection) ? [] : [position],
    );
    return [
      ...beside.map((position) => ({
        path: ['mongo', 'legacyDatabases', index, 'requiredIndexes', position, 'collection'],
        message: 'is not among the collections to be replaced: nothing else is written there',
      })),
      ...inexact.map((position) => ({ path: [...path, position], message: 'must be the exact name of a collection' })),
      ...repeated(collections, (name) => name).map(([position]) => ({
        path: [...path, position],
        message: 'is listed twice',
      })),
    ];
  }),
);
