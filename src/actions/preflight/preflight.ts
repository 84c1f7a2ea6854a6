import { type Obstacle, obstacleOf } from '../../model/obstacle.ts';
import type { World } from '../world.ts';
import { accessLog } from './access-log.ts';
import { balancer } from './balancer.ts';
import { code, dependencies } from './code.ts';
import {
  databaseTools,
  hiddenClients,
  legacyEnvironment,
  listedTenants,
  restorersPower,
  sharedDatabases,
  testedTenants,
} from './databases.ts';
import { backup, files } from './files.ts';
import type { Look } from './look.ts';
import { ecosystem, port, processes } from './processes.ts';

/** What a rollback does not try by itself before it stops the application. */
const untried: readonly Look[] = [
  processes,
  ecosystem,
  port,
  balancer,
  files,
  legacyEnvironment,
  testedTenants,
  databaseTools,
  hiddenClients,
];

/** What it tries anyway while users are served, or what only looking needs. */
const tried: readonly Look[] = [code, dependencies, backup, accessLog, restorersPower, sharedDatabases, listedTenants];

/** Everything at once: for `doctor`, `check --target`, `arm`, and the daemon's own look every ten minutes. */
export const preflight = (world: World, signal: AbortSignal): Promise<Obstacle[]> =>
  obstacles([...untried, ...tried], world, signal);

/** What would stop a rollback after it has stopped the application: its first step. */
export const obstaclesOfRun = (world: World, signal: AbortSignal): Promise<Obstacle[]> =>
  obstacles(untried, world, signal);

async function obstacles(looks: readonly Look[], world: World, signal: AbortSignal): Promise<Obstacle[]> {
  const found = await Promise.all(
    looks.map((look) =>
      look(world, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        return [obstacleOf(error)];
      }),
    ),
  );
  const seen = new Set<string>();
  return found.flat().filter(({ what }) => !seen.has(what) && seen.add(what));
}
