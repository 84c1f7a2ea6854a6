import { describeMongo, describePm2, describeRepository } from './cafe/describe-cafe.ts';
import { type Entrance, openEntrance } from './cafe/entrance.ts';
import { type MigratedCafe, migrateCafe } from './cafe/migrate-cafe.ts';
import { type ServedCafe, serveCafe } from './cafe/serve-cafe.ts';
import type { SitePlan } from './cafe/site-plan.ts';
import { appName } from './cafe/write-cafe.ts';
import type { OracleInput } from './oracle/case.ts';
import { createOracle } from './oracle/create-oracle.ts';
import { copyCafe, pastAnswers } from './prepared/copy-cafe.ts';
import { keptCafe } from './prepared/kept-cafe.ts';
import type { Sandbox, SandboxOptions } from './sandbox-shape.ts';
import { createSeed } from './seed/create-seed.ts';
import { unifiedDatabase } from './seed/prepare-legacy.ts';
import { findTools } from './tools/find-tools.ts';
import { startTraffic } from './traffic/start-traffic.ts';
import type { MenuAnswer } from './traffic/traffic.ts';
import { createWorkspace } from './workspace/workspace.ts';

export type * from './sandbox-shape.ts';

/** What the daemon keeps on the target: its lease. */
const TOLERATED_DATABASES = ['rollbackd'];

/** A café some time after its migration, with everything real: servers, programs, data, customers. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { temperament, mongo, seed = 1, tenants = 8, documents = 20_000, say = () => {} } = options;
  await using stack = new AsyncDisposableStack();
  const tools = await findTools({ say });
  const workspace = stack.use(await createWorkspace());
  const grown = createSeed({ seed, temperament, tenants, documents });
  const plan: SitePlan = { mongo, seed: grown, tools, workspace, stack, say };
  const { entrance, migrated } = await settleCafe(plan, options);
  const served = await serveCafe(plan, entrance, migrated);
  const sandbox = await open(plan, migrated, served, options);
  const owned = stack.move();
  return { ...sandbox, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Copied where cafés are kept for that, in the folder that ROLLBACKD_CAFES names; else built. */
async function settleCafe(
  plan: SitePlan,
  { fresh }: Pick<SandboxOptions, 'fresh'>,
): Promise<{ readonly entrance: Entrance; readonly migrated: MigratedCafe }> {
  const { ROLLBACKD_CAFES: cafes } = process.env;
  if (fresh || !cafes) {
    const entrance = await openEntrance(plan);
    return { entrance, migrated: await migrateCafe(plan, entrance) };
  }
  const prepared = await keptCafe(plan, cafes);
  const entrance = await openEntrance(plan, (appPort) => pastAnswers(prepared, appPort));
  return { entrance, migrated: await copyCafe(plan, prepared) };
}

/** The customers come, and the oracle begins to watch. */
async function open(
  plan: SitePlan,
  migrated: MigratedCafe,
  served: ServedCafe,
  { requestsPerSecond }: Pick<SandboxOptions, 'requestsPerSecond'>,
): Promise<Omit<Sandbox, typeof Symbol.asyncDispose>> {
  const { seed, workspace, stack, tools } = plan;
  const { appPort, appUrl, balancer, faults } = served;
  const oracle = stack.use(await createOracle(oracleInput(plan, migrated, served), workspace.root));
  const slugs = seed.tenants.map(({ slug }) => slug);
  const onMenu = ({ slug, at, body }: MenuAnswer) => oracle.observe(slug, at, body);
  const traffic = stack.use(
    startTraffic({ publicUrl: balancer.url, slugs, onMenu, ...(requestsPerSecond && { requestsPerSecond }) }),
  );
  plan.say(`the café serves ${slugs.length} tenants at ${balancer.url}`);
  return {
    workspace,
    root: workspace.root,
    temperament: seed.parameters.temperament,
    seed,
    publicUrl: balancer.url,
    appUrl,
    appPort,
    controlUrl: faults.url,
    mongo: describeMongo(plan, migrated),
    repository: describeRepository(plan, migrated),
    pm2: await describePm2(plan, migrated, served),
    balancer,
    backup: { path: migrated.backupFolder, layout: seed.parameters.temperament === 'tidy' ? 'flat' : 'all-databases' },
    tools,
    tenants: seed.tenants.map(({ database, name: _, ...tenant }) => ({ ...tenant, legacyDatabase: database })),
    cutoverAt: migrated.cutoverAt,
    writesSinceCutover: served.writesSinceCutover,
    traffic,
    oracle,
    switchFault: faults.switchFault,
  };
}

function oracleInput(plan: SitePlan, migrated: MigratedCafe, { balancer, appPort, pm2 }: ServedCafe): OracleInput {
  return {
    seed: plan.seed.parameters,
    adminUri: migrated.mongod.adminUri,
    unifiedDatabase,
    publicUrl: balancer.url,
    appPort,
    repository: describeRepository(plan, migrated),
    appName,
    listApps: pm2.list,
    git: plan.tools.git.path,
    toleratedDatabases: TOLERATED_DATABASES,
  };
}
