import { legacyTenantNames } from '../../adapters/mongo/legacy-tenants.ts';
import { explain } from '../../core/errors.ts';
import type { Obstacle } from '../../model/obstacle.ts';
import { legacyAddresses } from '../legacy-addresses.ts';
import { servedTenants } from '../served-tenants.ts';
import { databaseServers } from '../stop/database-clients.ts';
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

/** A misspelt field would make every document everybody's: then no leak would be found, and every test would pass. */
export const sharedDatabases: Look = async ({ settings, legacy }, signal) => {
  const { mongo, probes, target } = settings;
  const names = await legacyTenantNames(legacy, mongo, signal);
  const values = servedTenants(target).flatMap(({ slug }) => names.valuesOf(slug));
  const collections = [
    ...new Set(probes.legacy.routes.filter(({ trusted }) => trusted).map((each) => each.collection)),
  ];
  const holds = async (database: string, filter: Record<string, unknown>) => {
    const first = { fields: ['_id'], limit: 1 };
    const found = collections.map((collection) => legacy.find({ database, collection }, filter, first, signal));
    return (await Promise.all(found)).flat().length > 0;
  };
  const looks = mongo.legacyDatabases.map(async ({ name, tenantField }): Promise<Obstacle[]> => {
    if (tenantField === undefined || !(await holds(name, {}))) return [];
    if (await holds(name, { [tenantField]: { $in: values } })) return [];
    const what = `${name}: no document of ${collections.join(', ')} names a tenant in ${tenantField}`;
    return [{ what, mend: 'correct tenantField of that database, or mongo.legacyTenants, where its ids are listed' }];
  });
  return (await Promise.all(looks)).flat();
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
