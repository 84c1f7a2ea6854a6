import { rule } from '../rule.ts';

/**
 * Whoever restores into the unified database destroys what undo and the post-mortem need. A legacy main database that
 * really has that name can only be merged, collection by collection; whether two servers are the same one cannot be
 * told from their addresses, so another server is no excuse.
 */
export const unifiedName = rule(['mongo'], ({ mongo }) =>
  mongo.legacyDatabases.flatMap((database, index) => {
    const { name, policy } = database;
    const unified = mongo.unified.database;
    if (name.toLowerCase() !== unified.toLowerCase()) return [];
    if (name === unified && policy === 'merge') return [];
    const message =
      name === unified
        ? `is the unified database ${unified}: only policy merge, with its collections named, is possible`
        : `is the unified database ${unified} in another case`;
    return [{ path: ['mongo', 'legacyDatabases', index, 'name'], message }];
  }),
);
