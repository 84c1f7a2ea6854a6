import { isOneServer, oneAddress } from '../../adapters/mongo/servers.ts';
import { rule } from '../rule.ts';

/**
 * Whoever restores into the unified database destroys what undo and the post-mortem need. A legacy main database that really has
 * that name can only be merged, collection by collection. On another server that it is another one is proven before anything is
 * planned, since addresses do not tell; on this one it *is* the unified database, and only a person ever decides.
 */
export const unifiedName = rule(['mongo'], ({ mongo }) =>
  mongo.legacyDatabases.flatMap(({ name, policy, onDifferent, tenant }, index) => {
    const unified = mongo.unified.database;
    if (name.toLowerCase() !== unified.toLowerCase()) return [];
    const fault = (message: string, at = 'name') => [{ path: ['mongo', 'legacyDatabases', index, at], message }];
    if (name !== unified) return fault(`is the unified database ${unified} in another case`);
    if (policy !== 'merge') {
      const whose = oneAddress(mongo)
        ? `is the unified database ${unified}: nothing is ever restored into it`
        : `is called as the unified database ${unified}`;
      return fault(`${whose}: only policy merge, with its collections named, is possible`);
    }
    if (!oneAddress(mongo)) return [];
    if (!isOneServer(mongo)) {
      return fault(
        `is the unified database ${unified}, on a server with two addresses: write mongo.legacy as mongo.unified has it`,
      );
    }
    return [
      ...(tenant === undefined
        ? []
        : fault(`is the unified database ${unified}, which is no single tenant's`, 'tenant')),
      ...(onDifferent === 'ask'
        ? []
        : fault(
            `must be ask: what is replaced in the unified database ${unified} is decided by a person`,
            'onDifferent',
          )),
    ];
  }),
);
