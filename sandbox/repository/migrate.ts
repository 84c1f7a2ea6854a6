import type { Mongod } from '../servers/mongod.ts';
import type { TargetPrograms } from './target-programs.ts';

/** The café's own script, with root's rights, as people do. It says so when it fails, and still counts are for the oracle to take. */
export async function migrate(
  serverFolder: string,
  mongod: Mongod,
  unified: string,
  programs: TargetPrograms,
): Promise<void> {
  const uri = new URL(mongod.adminUri);
  uri.pathname = `/${unified}`;
  if (!uri.searchParams.has('authSource')) uri.searchParams.set('authSource', 'admin');
  await programs.node(serverFolder, 'scripts/migrateTenantData.js', {
    MONGODB_URI: uri.href,
    LEGACY_MONGODB_URI: mongod.adminUri,
  });
}
