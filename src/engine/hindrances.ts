import { databaseServers } from '../actions/stop/database-clients.ts';
import type { World } from '../actions/world.ts';
import { explain } from '../core/errors.ts';

/** What would hinder a stop or a rollback, the target being as it is now. */
export async function hindrances(world: World, signal: AbortSignal): Promise<string[]> {
  const [processes, checkout, hidden] = await Promise.all([
    world.process.refusals(signal),
    world.code.refusals(signal),
    hiddenClients(world),
  ]);
  return [...processes.map(({ reason }) => reason), ...checkout, ...hidden];
}

/** While a single one stays hidden, nobody can prove that the application is fenced off. */
async function hiddenClients({ host, settings }: World): Promise<string[]> {
  const looks = databaseServers(settings.mongo).map(async (server) => {
    const mongod = `mongod at ${server.host}:${server.port}`;
    try {
      const { unseen, bySocketFile } = await host.connectedTo(server);
      if (unseen.length === 0 && !bySocketFile?.hidden) return [];
      return [`Somebody whose process rollbackd cannot see is connected to ${mongod}: no fence could be proven.`];
    } catch (error) {
      return [`Who is connected to ${mongod} cannot be found out: ${explain(error)}.`];
    }
  });
  return (await Promise.all(looks)).flat();
}
