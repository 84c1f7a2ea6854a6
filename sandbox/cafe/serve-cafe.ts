import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FaultControl, startFaultControl } from '../faults/start-control.ts';
import { launch, writeOrders } from '../repository/launch.ts';
import { writeEnvFiles } from '../repository/write-env.ts';
import { mainDatabase } from '../seed/create-seed.ts';
import { unifiedDatabase } from '../seed/prepare-legacy.ts';
import { type Balancer, startBalancer } from '../servers/balancer.ts';
import { type Pm2, privatePm2 } from '../servers/pm2.ts';
import type { MigratedCafe } from './migrate-cafe.ts';
import type { SitePlan } from './site-plan.ts';

export interface ServedCafe {
  readonly appPort: number;
  readonly balancer: Balancer;
  readonly pm2: Pm2;
  readonly faults: FaultControl;
  readonly writesSinceCutover: number;
}

/** The unified version in service behind the balancer, with its first orders taken. */
export async function serveCafe(plan: SitePlan, migrated: MigratedCafe): Promise<ServedCafe> {
  const { seed, tools, workspace, stack } = plan;
  const tidy = seed.parameters.temperament === 'tidy';
  const appPort = await workspace.freePort();
  const faultsFolder = join(workspace.root, 'faults');
  await mkdir(faultsFolder);
  const faultsFile = join(faultsFolder, 'fault.json');
  const faults = stack.use(await startFaultControl({ port: await workspace.freePort(), faultsFile }));
  const balancer = stack.use(await startBalancer({ workspace, appPort, proxyHealth: tidy, nginx: tools.nginx }));
  const { mongod, users, repository } = migrated;
  const unifiedUri = mongod.uri(users.appUnified, unifiedDatabase);
  const legacyUri = mongod.uri(users.appLegacy, tidy ? 'superkafe_{tenant}' : mainDatabase);
  const host = tidy ? '127.0.0.1' : undefined;
  await writeEnvFiles(repository.serverFolder, { port: appPort, host, unifiedUri, legacyUri, faultsFile });
  const pm2 = stack.use(privatePm2({ workspace, tool: tools.pm2, node: tools.targetNode }));
  // Rough: somebody once exported the variable and started pm2 from that shell.
  await launch(
    pm2,
    join(repository.serverFolder, 'ecosystem.config.js'),
    balancer.url,
    tidy ? {} : { MONGODB_URI: unifiedUri },
  );
  const writesSinceCutover = await writeOrders(
    balancer.url,
    seed.tenants.map(({ slug }) => slug),
  );
  return { appPort, balancer, pm2, faults, writesSinceCutover };
}
