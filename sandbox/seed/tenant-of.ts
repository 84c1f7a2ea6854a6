import type { Document } from 'mongodb';
import type { Seed, SeedDatabase } from './seed.ts';

/** Whose a document is: its database's, or whom it names; undefined: nobody's. */
export function createTenantOf(seed: Seed): (database: SeedDatabase, document: Document) => string | undefined {
  const registries = seed.databases.flatMap(({ collections }) => collections.filter(({ name }) => name === 'tenants'));
  const registered = registries.flatMap(({ documents }) => documents);
  const slugs = new Map(registered.map(({ _id, slug }) => [String(_id), String(slug)]));
  for (const { slug } of seed.tenants) slugs.set(slug, slug);
  return ({ slug, tenantField }, document) =>
    slug ?? (tenantField === undefined ? undefined : slugs.get(String(document[tenantField])));
}
