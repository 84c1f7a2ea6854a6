import { type ConnectionOptions, openConnection } from './connection.ts';
import type { IndexBuilder } from './contract.ts';
import { indexSpecification } from './index-definition.ts';
import { expectWritable, type RestoreScope } from './restore-scope.ts';

/** Adds indexes to legacy databases, as the restorer. An index that is there already is left as it is. */
export function createIndexBuilder(options: ConnectionOptions, scope: RestoreScope): IndexBuilder & AsyncDisposable {
  const connection = openConnection(options);
  return {
    async create({ database, collection }, index, signal) {
      expectWritable(scope, database, [collection]);
      await connection.ask(signal, (client, limits) =>
        client.db(database).command({ createIndexes: collection, indexes: [indexSpecification(index)] }, limits),
      );
    },
    [Symbol.asyncDispose]: () => connection[Symbol.asyncDispose](),
  };
}
