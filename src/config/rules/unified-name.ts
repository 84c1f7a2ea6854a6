import { oneAddress } from '../../adapters/mongo/servers.ts';
import { rule } from '../rule.ts';

/**
 * Whoever restores into the unified database destroys what undo and the post-mortem need. A legacy main database that
 * really has that name lies on another server, and can only be merged there, collection by collection; that the servers
 * are two is proven before anything is planned, since their addresses do not tell.
 */
export const unifiedName = rule(['mongo'], ({ mongo }) =>
  mongo.legacyDatabases.flatMap(({ name, policy }, index) => {
    const unified = mongo.unified.database;
    if (name.toLowerCase() !== unified.toLowerCase()) return [];
    const fault = (message: string) => [{ path: ['mongo', 'legacyDatabases', index, 'name'], message }];
    if (name !== unified) return fault(`is the unified database ${unified} in another case`);
    if (oneAddress(mongo)) return fault(`is the unified database ${unified}: nothing is ever restored into it`);
    if (policy === 'merge') return [];
    return fault(
      `is called as the unified database ${unified}: only policy merge, with its collections named, is possible`,
    );
  }),
);
