import { namesakeHere } from '../../adapters/mongo/namesake.ts';
import { rule } from '../rule.ts';

/** The application that comes back must not find its way to the unified database, unless that is the legacy main one as well. */
export const legacyEnvironment = rule(['process', 'mongo'], ({ process, mongo }) => {
  const unified = mongo.unified.database.toLowerCase();
  const merged = namesakeHere(mongo)?.name;
  return process.databaseVariables
    .filter((name) => {
      const database = databaseOf(process.environment[name]);
      return database?.toLowerCase() === unified && database !== merged;
    })
    .map((name) => ({
      path: ['process', 'environment', name],
      message: `leads to the unified database ${mongo.unified.database}`,
    }));
});

/** The part of a MongoDB address between the hosts and the options; lists of hosts are beyond `URL`. */
const databaseOf = (uri: string | undefined) => uri?.match(/^mongodb(?:\+srv)?:\/\/[^/]+\/([^?]*)/)?.[1];
