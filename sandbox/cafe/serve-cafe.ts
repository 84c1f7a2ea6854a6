import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FaultControl, startFaultControl } from '../faults/start-control.ts';
import { launch, writeOrders } from '../repository/launch.ts';
import { writeEnvFiles } from '../repository/write-env.ts';
import { unifiedDatabase } from '../seed/prepare-legacy.ts';
import { type Pm2, privatePm2 } from '../servers/pm2.ts';
import { type Entrance, legacyUri } from './entrance.ts';
import type { MigratedCafe } from './migrate-cafe.ts';
import type { SitePlan } from './site-plan.ts';

export interface ServedCafe extends Entrance {
  readonly pm2: Pm2;
  readonly faults: FaultControl;
  readonly writesSinceCutover: number;
}

/** The unified version in service behind the balancer, with its first orders taken. */
export async function serveCafe(plan: SitePlan, entrance: Entrance, migrated: MigratedCafe): Promise<ServedCafe> {
  const { seed, tools, workspace, stack } = plan;
  const tidy = seed.parameters.temperament === 'tidy';
  const { appPort, appUrl, host, balancer } = entrance;
  const { mongod, users, repository } = migrated;
  const faultsFolder = join(workspace.root, 'faults');
  await mkdir(faultsFolder);
  const faultsFile = join(faultsFolder, 'fault.json');
  const faults = stack.use(
    await startFaultControl({
      port: await workspace.freePort(),
      faultsFile,
      firstTenant: seed.tenants[0]?.slug ?? '',
      database: mongod,
    }),
  );
  const unifiedUri = mongod.uri(users.appUnified, unifiedDatabase);
  const addresses = { unifiedUri, legacyUri: legacyUri(plan, mongod, users) };
  await writeEnvFiles(repository.serverFolder, { port: appPort, host, ...addresses, faultsFile });
  const pm2 = stack.use(privatePm2({ workspace, tool: tools.pm2, node: tools.targetNode }));
  // Rough: somebody once exported the variable and started pm2 from that shell.
  await launch(
    pm2,
    join(repository.serverFolder, 'ecosystem.config.js'),
    appUrl,
    tidy ? {} : { MONGODB_URI: unifiedUri },
  );
  const writesSinceCutover = await writeOrders(
    balancer.url,
    seed.tenants.map(({ slug }) => slug),
  );
  return { ...entrance, pm2, faults, writesSinceCutover };
}
