import { join } from 'node:path';
import { legacyTag } from '../repository/build-repository.ts';
import { findLogs } from '../repository/launch.ts';
import type { SandboxMongo, SandboxPm2, SandboxRepository } from '../sandbox-shape.ts';
import { legacyStates } from '../seed/age-legacy.ts';
import { unifiedDatabase } from '../seed/prepare-legacy.ts';
import type { MigratedCafe } from './migrate-cafe.ts';
import type { ServedCafe } from './serve-cafe.ts';
import type { SitePlan } from './site-plan.ts';
import { appName } from './write-cafe.ts';

export function describeMongo({ seed, mongo }: SitePlan, { mongod, users }: MigratedCafe): SandboxMongo {
  const states = legacyStates(seed);
  return {
    host: mongod.host,
    port: mongod.port,
    replicaSet: mongo === 'replicaSet' ? 'sandbox' : undefined,
    adminUri: mongod.adminUri,
    users,
    unifiedDatabase,
    legacyDatabases: seed.databases.map(({ name, slug, tenantField, collections }) => ({
      name,
      slug,
      tenantField,
      state: states.get(name) ?? 'equal',
      collections: collections.map((collection) => collection.name),
    })),
    server: mongod,
  };
}

export function describeRepository({ seed }: SitePlan, { repository }: MigratedCafe): SandboxRepository {
  const inServer = (name: string) => join(repository.serverFolder, name);
  const tidy = seed.parameters.temperament === 'tidy';
  return {
    ...repository,
    legacyRef: legacyTag,
    envFile: inServer('.env'),
    legacyEnvFile: inServer('.env.legacy'),
    untrackedFiles: tidy ? [] : [inServer('ecosystem.config.js')],
  };
}

/** What the log says of a start, in each of the two styles. */
const startupLines = {
  tidy: [
    '^\\[INFO\\] Connecting to tenant databases',
    '^\\[INFO\\] Database connections established',
    '^\\[INFO\\] Server listening on port \\d+',
  ],
  rough: ['"Connecting to tenant databases', '"Database connections established', '"Server listening on port \\d+'],
};

export async function describePm2(plan: SitePlan, migrated: MigratedCafe, { pm2 }: ServedCafe): Promise<SandboxPm2> {
  const { temperament } = plan.seed.parameters;
  return {
    home: pm2.home,
    binary: plan.tools.pm2.path,
    node: plan.tools.targetNode.path,
    appName,
    execMode: temperament === 'tidy' ? 'fork' : 'cluster',
    ecosystemFile: join(migrated.repository.serverFolder, 'ecosystem.config.js'),
    logsFolder: join(pm2.home, 'logs'),
    ...(await findLogs(pm2.home)),
    startupLines: startupLines[temperament],
    control: pm2,
  };
}
