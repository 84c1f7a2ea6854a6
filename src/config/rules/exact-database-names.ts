import { rule } from '../rule.ts';

/** What MongoDB refuses in a name, and what would turn one name into many, or into an option of a program. */
const impossible = /[*?/\\. "$<>:|\0]|^-/;

export const exactDatabaseNames = rule(['mongo'], ({ mongo }) => {
  const legacy = mongo.legacyDatabases.map(({ name }, index) => ({ name, path: ['legacyDatabases', index, 'name'] }));
  const others = [
    { name: mongo.unified.database, path: ['unified', 'database'] },
    { name: mongo.leaseDatabase, path: ['leaseDatabase'] },
  ];
  return [...legacy, ...others]
    .filter(({ name }) => impossible.test(name) || Buffer.byteLength(name) > 63)
    .map(({ path }) => ({ path: ['mongo', ...path], message: 'must be the exact name of one database, no pattern' }));
});
