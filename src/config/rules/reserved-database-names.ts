import { rule } from '../rule.ts';

/** MongoDB's own databases hold users and the replica set; rollbackd's own holds the lease. */
export const reservedDatabaseNames = rule(['mongo'], ({ mongo }) => {
  const reserved = new Set(['admin', 'config', 'local', mongo.leaseDatabase.toLowerCase()]);
  const legacy = mongo.legacyDatabases.map(({ name }, index) => ({ name, path: ['legacyDatabases', index, 'name'] }));
  const unified = { name: mongo.unified.database, path: ['unified', 'database'] };
  return [unified, ...legacy]
    .filter(({ name }) => reserved.has(name.toLowerCase()))
    .map(({ name, path }) => ({
      path: ['mongo', ...path],
      message: `${name} is reserved: nothing is restored into it`,
    }));
});
