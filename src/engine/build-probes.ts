import type { World } from '../actions/world.ts';
import type { AccessLog } from '../adapters/access-log/contract.ts';
import { databaseFolders } from '../adapters/mongo/dump-files.ts';
import { homeDatabases } from '../adapters/mongo/legacy-homes.ts';
import { createLegacyOwnership } from '../adapters/mongo/legacy-ownership.ts';
import { tenantsFromLegacy } from '../adapters/mongo/legacy-tenants.ts';
import { namesakeHere } from '../adapters/mongo/namesake.ts';
import type { MongoConfig } from '../adapters/mongo/schema.ts';
import { createUnifiedOwnership, tenantsFromUnified } from '../adapters/mongo/unified-ownership.ts';
import { locateBackup } from '../backup/locate.ts';
import type { BackupConfig } from '../backup/schema.ts';
import type { Version } from '../model/version.ts';
import type { Probe } from '../probes/contract.ts';
import { controlProbe } from '../probes/control.ts';
import { healthProbe } from '../probes/health.ts';
import { isolationProbe } from '../probes/isolation/probe.ts';
import { journeysProbe } from '../probes/journeys/probe.ts';
import { paceOf } from '../probes/journeys/turns.ts';
import { mongoProbe } from '../probes/mongo.ts';
import { prometheusProbe } from '../probes/prometheus/probe.ts';
import { requestsProbe } from '../probes/requests.ts';
import { syntheticProbe } from '../probes/synthetic.ts';
import { type TenantSources, tenantsProbe } from '../probes/tenants.ts';

export interface ProbeSources {
  readonly backup: BackupConfig;
  /** Absent: there are only rollbackd's own requests. */
  readonly accessLog: AccessLog | undefined;
  /** Requests are added up in slots of this length. */
  readonly slotMs: number;
  readonly version: () => Version;
}

/** Every probe on the real target. `version`: which one is expected to run, asked anew at each look. */
export function buildProbes(world: World, { backup, accessLog, slotMs, version }: ProbeSources): Probe[] {
  const { settings, ask, clock, host, process, unified, legacy } = world;
  const { target, probes, mongo } = settings;
  const sides = {
    unified: {
      probeSet: probes.unified,
      ownership: createUnifiedOwnership(unified, mongo, clock),
      knownTenants: async (signal: AbortSignal) =>
        (await tenantsFromUnified(unified, mongo, signal)).filter(({ active }) => active).map(({ slug }) => slug),
    },
    legacy: {
      probeSet: probes.legacy,
      ownership: createLegacyOwnership(legacy, mongo, clock),
      knownTenants: async (signal: AbortSignal) =>
        (await tenantsFromLegacy(legacy, mongo, signal)).filter(({ active }) => active).map(({ slug }) => slug),
    },
  };
  return [
    controlProbe(probes, clock),
    healthProbe({
      target,
      probes,
      probeSet: () => sides[version()].probeSet,
      expectedProcesses: settings.process.instances,
      ask,
      process,
      host,
      clock,
    }),
    isolationProbe({ target, probes, version: () => sides[version()], ask, clock }),
    mongoProbe({ probes, unified, legacy, clock }),
    tenantsProbe(probes, () => tenantSources(world, backup, version()), clock),
    syntheticProbe({
      target,
      probes,
      probeSet: () => sides[version()].probeSet,
      traffic: settings.traffic,
      slotMs,
      ask,
      clock,
    }),
    ...configuredProbes(world, { accessLog, slotMs, version }),
  ];
}

/** Those that there are only where something is configured for them. */
function configuredProbes(
  { settings, ask, clock, host, traffic: balancer }: World,
  { accessLog, slotMs, version }: Omit<ProbeSources, 'backup'>,
): Probe[] {
  const { target, probes, traffic } = settings;
  const { prometheus, concurrency } = probes;
  const everyMs = paceOf(probes);
  return [
    ...(everyMs === undefined ? [] : [journeysProbe({ target, probes, traffic, everyMs, version, ask, clock })]),
    ...(prometheus ? [prometheusProbe({ prometheus, concurrency, ask, clock })] : []),
    ...(accessLog ? [requestsProbe({ target, probes, traffic, balancer, slotMs, log: accessLog, host, clock })] : []),
  ];
}

/** Where the legacy main database is the unified one, its list of tenants is the unified system's only while that runs. */
function tenantSources({ settings, unified, legacy }: World, backup: BackupConfig, version: Version): TenantSources {
  const { target, mongo } = settings;
  const listsUnified = version === 'unified' || !namesakeHere(mongo)?.collections.includes(mongo.tenants.collection);
  const tenantsOf = (databases: readonly string[]) =>
    target.tenants.map(({ slug }) => slug).filter((slug) => hasHome(mongo, slug, databases));
  return {
    configuration: async () => target.tenants.map(({ slug }) => slug),
    ...(listsUnified && {
      'unified tenants': async (signal: AbortSignal) =>
        (await tenantsFromUnified(unified, mongo, signal)).map(({ slug }) => slug),
    }),
    ...(mongo.legacyTenants && {
      'legacy tenants': async (signal: AbortSignal) =>
        (await tenantsFromLegacy(legacy, mongo, signal)).map(({ slug }) => slug),
    }),
    'legacy databases': async (signal) => tenantsOf(await legacy.databaseNames(signal)),
    backup: async () => tenantsOf(await databaseFolders((await locateBackup(backup, [])).root)),
  };
}

/** A tenant without a database of its own is in those that it shares, as far as their names can tell. */
function hasHome(mongo: MongoConfig, slug: string, databases: readonly string[]): boolean {
  const homes = homeDatabases(mongo, slug);
  const own = homes.filter(({ tenant }) => tenant === slug);
  return (own.length > 0 ? own : homes).some(({ name }) => databases.includes(name));
}
