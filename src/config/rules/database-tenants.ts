import { rule } from '../rule.ts';
import { nearest } from '../suggest.ts';

export const databaseTenants = rule(['target', 'mongo'], ({ target, mongo }) => {
  const slugs = target.tenants.map(({ slug }) => slug);
  return mongo.legacyDatabases.flatMap(({ tenant }, index) => {
    if (tenant === undefined || slugs.includes(tenant)) return [];
    const meant = nearest(tenant, slugs);
    const hint = meant ? `did you mean "${meant}"?` : 'leave it out for a main database';
    const path = ['mongo', 'legacyDatabases', index, 'tenant'];
    return [{ path, message: `${tenant} is not in target.tenants; ${hint}` }];
  });
});
