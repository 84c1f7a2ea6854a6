import { homeDatabases, isLegacy } from '../../adapters/mongo/legacy-homes.ts';
import { rule } from '../rule.ts';

/** Whose documents a route answers could not be told where no legacy database has them: each rollback would fail with users out. */
export const legacyHomes = rule(['probes', 'mongo', 'target'], ({ probes, mongo, target }) => {
  const served = target.tenants.filter(({ legacyDatabase }) => legacyDatabase !== 'none');
  return probes.legacy.routes.flatMap(({ trusted, collection }, index) => {
    if (!trusted) return [];
    const homeless = served.find(({ slug }) => {
      const homes = homeDatabases(mongo, slug);
      return homes.length > 0 && !homes.some(({ name }) => isLegacy(mongo, name, collection));
    });
    const message = `no legacy database has ${collection} of ${homeless?.slug}: name it under collections of the merged one`;
    return homeless ? [{ path: ['probes', 'legacy', 'routes', index, 'collection'], message }] : [];
  });
});
