import { mainDatabase } from '../seed/create-seed.ts';
import { type Balancer, startBalancer } from '../servers/balancer.ts';
import type { Mongod } from '../servers/mongod.ts';
import type { SandboxUsers } from '../servers/users.ts';
import type { SitePlan } from './site-plan.ts';

/** Where customers come in, the same before and after the migration. */
export interface Entrance {
  readonly appPort: number;
  /** The application itself, past the balancer: whoever waits for it there leaves no failures in the access log. */
  readonly appUrl: string;
  /** What the application listens on; undefined: all interfaces. */
  readonly host: string | undefined;
  readonly balancer: Balancer;
}

/** `answered`: what is in the access log already, of an application at that port. */
export async function openEntrance(
  { seed, tools, workspace, stack }: SitePlan,
  answered?: (appPort: number) => Promise<string>,
): Promise<Entrance> {
  const tidy = seed.parameters.temperament === 'tidy';
  const appPort = await workspace.freePort();
  const past = await answered?.(appPort);
  const options = { workspace, appPort, proxyHealth: tidy, nginx: tools.nginx, ...(past && { past }) };
  const balancer = stack.use(await startBalancer(options));
  return { appPort, appUrl: `http://127.0.0.1:${appPort}`, host: tidy ? '127.0.0.1' : undefined, balancer };
}

/** Tidy: a pattern for every tenant's database; rough: the main database. */
export function legacyUri({ seed }: SitePlan, mongod: Mongod, users: SandboxUsers): string {
  const tidy = seed.parameters.temperament === 'tidy';
  return mongod.uri(users.appLegacy, tidy ? 'superkafe_{tenant}' : mainDatabase);
}
