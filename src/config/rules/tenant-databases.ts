import { rule } from '../rule.ts';

/** A tenant without a legacy database would come out of a rollback with nothing: that is said, never assumed. */
export const tenantDatabases = rule(['target', 'mongo'], ({ target, mongo }) => {
  const owners = new Set(mongo.legacyDatabases.map(({ tenant }) => tenant));
  return target.tenants.flatMap(({ slug, legacyDatabase }, index) => {
    const path = ['target', 'tenants', index];
    if (legacyDatabase === 'none') {
      const message = `is none, but mongo.legacyDatabases names one for ${slug}`;
      return owners.has(slug) ? [{ path: [...path, 'legacyDatabase'], message }] : [];
    }
    const message = `${slug} has no entry in mongo.legacyDatabases: add it, or write legacyDatabase: none here`;
    return owners.has(slug) ? [] : [{ path, message }];
  });
});
