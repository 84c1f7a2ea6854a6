import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { type BuiltRepository, buildRepository } from '../repository/build-repository.ts';
import { migrate } from '../repository/migrate.ts';
import { targetPrograms } from '../repository/target-programs.ts';
import { ageLegacy } from '../seed/age-legacy.ts';
import { type PreparedLegacy, prepareLegacy, unifiedDatabase } from '../seed/prepare-legacy.ts';
import { type Mongod, startMongod } from '../servers/mongod.ts';
import type { Entrance } from './entrance.ts';
import { serveLegacyCustomers, startLegacyCafe } from './legacy-days.ts';
import { settleBoth } from './settle-both.ts';
import type { SitePlan } from './site-plan.ts';

export interface MigratedCafe extends PreparedLegacy {
  readonly mongod: Mongod;
  readonly repository: BuiltRepository;
  readonly cutoverAt: Date;
}

/** Data, backup and code as they are right after the migration; nothing serves yet. */
export async function migrateCafe(plan: SitePlan, entrance: Entrance): Promise<MigratedCafe> {
  const { seed, tools, workspace, say, stack } = plan;
  const programs = targetPrograms(tools);
  const mongod = stack.use(
    await startMongod({ workspace, tool: tools.mongod, replicaSet: plan.mongo === 'replicaSet' }),
  );
  const client = await new MongoClient(mongod.adminUri).connect();
  await using _ = { [Symbol.asyncDispose]: () => client.close() };
  const legacyCopy = join(workspace.root, 'legacy-cafe');
  // Two things that take seconds and do not need each other.
  const [legacy, repository] = await settleBoth(
    prepareLegacy({ mongod, client, mongodump: tools.mongodump.path, seed, root: workspace.root }),
    buildRepository({ root: join(workspace.root, 'cafe'), legacyCopy, seed, programs }),
  );
  say(`legacy databases filled and backed up at ${legacy.backupFolder}`);
  {
    // The legacy café serves to the last, while its documents are being copied.
    const [cafe] = await settleBoth(
      startLegacyCafe(plan, entrance, { folder: legacyCopy, mongod, users: legacy.users }),
      migrate(repository.serverFolder, mongod, unifiedDatabase, programs),
    );
    await using _cafe = cafe;
    await serveLegacyCustomers(plan, entrance);
  }
  await ageLegacy(client, seed);
  const cutoverAt = await nextSecond();
  say(`migrated to ${unifiedDatabase} at ${cutoverAt.toISOString()}`);
  return { ...legacy, mongod, repository, cutoverAt };
}

/** An ObjectId knows only seconds: the migration's own documents must be told from the customers' first orders. */
async function nextSecond(): Promise<Date> {
  const now = Date.now();
  await pause(1_000 - (now % 1_000));
  return new Date(now - (now % 1_000) + 1_000);
}
