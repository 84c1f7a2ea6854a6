import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { MongoClient } from 'mongodb';
import type { MigratedCafe } from '../cafe/migrate-cafe.ts';
import { settleBoth } from '../cafe/settle-both.ts';
import type { SitePlan } from '../cafe/site-plan.ts';
import { type BuiltRepository, serverFolderIn } from '../repository/build-repository.ts';
import { targetPrograms } from '../repository/target-programs.ts';
import { backupFolderIn } from '../seed/prepare-legacy.ts';
import { type Mongod, startMongod } from '../servers/mongod.ts';
import { renewPasswords, type SandboxUsers } from '../servers/users.ts';
import { copyFolder } from './copy-folder.ts';
import type { PreparedCafe } from './record.ts';

/** The same as a migrated café that was built on the spot: with ports, passwords and files of its own. */
export async function copyCafe(plan: SitePlan, prepared: PreparedCafe): Promise<MigratedCafe> {
  const { record } = prepared;
  const backupFolder = backupFolderIn(plan.workspace.root);
  const [{ mongod, users }, repository] = await settleBoth(
    copyDatabases(plan, prepared),
    copyRepository(plan, prepared),
  );
  await mkdir(dirname(backupFolder));
  await copyFolder(prepared.backup, backupFolder);
  const cutoverAt = new Date(record.cutoverAt);
  plan.say(`a café that was migrated at ${record.cutoverAt} has been copied`);
  return { mongod, users, backupFolder, repository, cutoverAt };
}

async function copyDatabases(
  { workspace, tools, mongo, stack }: SitePlan,
  { data, record }: PreparedCafe,
): Promise<{ readonly mongod: Mongod; readonly users: SandboxUsers }> {
  const from = { root: record.root, fill: (folder: string) => copyFolder(data, folder) };
  const mongod = stack.use(
    await startMongod({ workspace, tool: tools.mongod, replicaSet: mongo === 'replicaSet', from }),
  );
  await using admin = await new MongoClient(mongod.adminUri).connect();
  return { mongod, users: await renewPasswords(admin, record.users) };
}

async function copyRepository(
  { workspace, tools, seed }: SitePlan,
  { repository, record }: PreparedCafe,
): Promise<BuiltRepository> {
  const root = join(workspace.root, 'cafe');
  await copyFolder(repository, root);
  // Git knows its files by their place on the disk, too: without a look at them each of its commands would read them all.
  await targetPrograms(tools).git(root, 'status', '--porcelain');
  const { legacyCommit, unifiedCommit } = record;
  return { root, serverFolder: serverFolderIn(root, seed), legacyCommit, unifiedCommit };
}

/** What the legacy café answered, with the port that stands for it now. */
export async function pastAnswers({ accessLog, record }: PreparedCafe, appPort: number): Promise<string> {
  return (await readFile(accessLog, 'utf8')).replaceAll(`127.0.0.1:${record.appPort}`, `127.0.0.1:${appPort}`);
}
