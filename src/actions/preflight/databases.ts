import { mergedHere } from '../../adapters/mongo/namesake.ts';
import { explain } from '../../core/errors.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import { legacyAddresses } from '../legacy-addresses.ts';
import { servedTenants } from '../served-tenants.ts';
import { databaseServers } from '../stop/database-clients.ts';
import { unlistedTenants } from '../unlisted-tenants.ts';
import type { Look } from './look.ts';

/** Programs and rights for what is kept and restored. */
export const databaseTools: Look = async ({ tools, rights }, signal) => {
  const [programs, granted] = await Promise.all([tools.obstacles(signal), rights.missing(signal)]);
  return [...programs, ...granted];
};

/** The restorer must not be able to harm what people may want to come back to. */
export const restorersPower: Look = ({ rights }, signal) => rights.excessive(signal);

/** Without anybody to be tested, nothing would prove that the legacy system works. */
export const testedTenants: Look = async ({ settings }) =>
  servedTenants(settings.target).length > 0
    ? []
    : [
        {
          what: 'No tenant would be tested: target.tenants says of every one that it has no legacy database',
          mend: 'take `legacyDatabase: none` away from those that have one',
        },
      ];

/**
 * A misspelt field would make every document everybody's: then no leak would be found, and every test would pass. What stands
 * there now is looked at, so that it hinders no run: a restore may be what mends it.
 */
export const sharedDatabases: Look = async ({ settings, legacy }, signal) => {
  const { mongo, probes } = settings;
  const routes = probes.legacy.routes.filter(({ trusted }) => trusted);
  const collections = [...new Set(routes.map(({ collection }) => collection))];
  const looks = mongo.legacyDatabases.map(async ({ name, tenantField }): Promise<Obstacle[]> => {
    // Before a merge the unified system's documents lie there.
    if (tenantField === undefined || mergedHere(mongo, name)) return [];
    const holds = async (filter: Record<string, unknown>) => {
      const first = { fields: ['_id'], limit: 1 };
      const asked = collections.map((collection) => legacy.find({ database: name, collection }, filter, first, signal));
      return (await Promise.all(asked)).flat().length > 0;
    };
    if (!(await holds({})) || (await holds({ [tenantField]: { $ne: null } }))) return [];
    const what = `${name}: no document of ${collections.join(', ')} has the field ${tenantField}, which is to name its tenant`;
    return [{ what, mend: 'correct tenantField of that database' }];
  });
  return (await Promise.all(looks)).flat();
};

/** As the list is now: a run that will restore it is not kept from it. */
export const listedTenants: Look = async (world, signal) => {
  const found = await unlistedTenants(world, signal);
  return found ? [found] : [];
};

/** That the legacy application will not go on with the unified database. */
export const legacyEnvironment: Look = async (world) =>
  (await legacyAddresses(world, 'legacy')).reasons.map((reason) => ({
    what: `${world.settings.env.legacyFile} leads to the unified database: ${reason}`,
    mend: 'put the legacy URI into that file',
  }));

/** While a single one stays hidden, nobody can prove that the application is fenced off. */
export const hiddenClients: Look = async ({ host, settings }) => {
  const looks = databaseServers(settings.mongo).map(async (server): Promise<Obstacle[]> => {
    const mongod = `mongod at ${server.host}:${server.port}`;
    const mend = 'run rollbackd as root, or stop what connects to mongod as another user (docs/permissions.md)';
    try {
      const { unseen, bySocketFile } = await host.connectedTo(server);
      if (unseen.length === 0 && !bySocketFile?.hidden) return [];
      return [
        {
          what: `Somebody whose process rollbackd cannot see is connected to ${mongod}: no fence could be proven`,
          mend,
        },
      ];
    } catch (error) {
      return [{ what: `Who is connected to ${mongod} cannot be found out: ${explain(error)}`, mend }];
    }
  });
  return (await Promise.all(looks)).flat();
};
