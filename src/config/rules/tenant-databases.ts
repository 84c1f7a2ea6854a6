import { rule } from '../rule.ts';

/** A tenant without a legacy database, its own or a shared one, would come out of a rollback with nothing: that is said, never assumed. */
export const tenantDatabases = rule(['target', 'mongo'], ({ target, mongo }) => {
  const owners = new Set(mongo.legacyDatabases.map(({ tenant }) => tenant));
  const shared = mongo.legacyDatabases.some(({ tenantField }) => tenantField !== undefined);
  return target.tenants.flatMap(({ slug, legacyDatabase }, index) => {
    const path = ['target', 'tenants', index];
    if (legacyDatabase === 'none') {
      const message = `is none, but mongo.legacyDatabases names one for ${slug}`;
      return owners.has(slug) ? [{ path: [...path, 'legacyDatabase'], message }] : [];
    }
    const message = `${slug} has no entry in mongo.legacyDatabases: add it, name the tenantField of a database that tenants share, or write legacyDatabase: none here`;
    return owners.has(slug) || shared ? [] : [{ path, message }];
  });
});
