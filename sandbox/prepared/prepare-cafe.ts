import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Entrance, openEntrance } from '../cafe/entrance.ts';
import { type MigratedCafe, migrateCafe } from '../cafe/migrate-cafe.ts';
import type { SitePlan } from '../cafe/site-plan.ts';
import { createWorkspace } from '../workspace/workspace.ts';
import { copyFolder } from './copy-folder.ts';
import { preparedFiles, writeRecord } from './record.ts';

/** Builds a café, ends its servers in good order and keeps what they leave. The folder has its name only when it is whole. */
export async function prepareCafe(plan: SitePlan, folder: string): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await createWorkspace(dirname(folder)));
  const own: SitePlan = { ...plan, workspace, stack };
  const entrance = await openEntrance(own);
  const migrated = await migrateCafe(own, entrance);
  await entrance.balancer.stop();
  await migrated.mongod.stop();
  const kept = join(workspace.root, 'kept');
  await keep(kept, entrance, migrated);
  await rename(kept, folder);
}

async function keep(kept: string, { appPort, balancer }: Entrance, migrated: MigratedCafe): Promise<void> {
  const { mongod, repository, backupFolder, users, cutoverAt } = migrated;
  const files = preparedFiles(kept);
  await mkdir(kept);
  await dropSpareJournals(mongod.dataFolder);
  await copyFolder(mongod.dataFolder, files.data);
  await rename(repository.root, files.repository);
  await rename(backupFolder, files.backup);
  await rename(balancer.accessLog, files.accessLog);
  const { legacyCommit, unifiedCommit } = repository;
  const when = { cutoverAt: cutoverAt.toISOString() };
  await writeRecord(kept, { root: mongod.root, users, appPort, legacyCommit, unifiedCommit, ...when });
}

/** Laid out ahead by mongod, 100 MB each with nothing in it; it makes new ones. */
async function dropSpareJournals(dataFolder: string): Promise<void> {
  const journal = join(dataFolder, 'journal');
  const spare = (await readdir(journal)).filter((name) => name.startsWith('WiredTigerPreplog'));
  await Promise.all(spare.map((name) => rm(join(journal, name))));
}
