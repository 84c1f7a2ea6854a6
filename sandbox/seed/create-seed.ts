import type { Document } from 'mongodb';
import {
  createRegistry,
  createSuperAdmin,
  createTenantDocuments,
  createUnits,
  type TenantDocuments,
  type TenantSizes,
} from './create-documents.ts';
import { createRandom } from './random.ts';
import type { Seed, SeedCollection, SeedDatabase, SeedIndex, SeedParameters, SeedTenant, Temperament } from './seed.ts';
import { cafeSlugs } from './words.ts';

export const mainDatabase = 'superkafe_main';

/** Menu, tables, users, stock and units of one tenant, roughly. */
const SMALL_COLLECTIONS = 120;

const byId: SeedIndex = { key: { id: 1 }, unique: true };
const indexesOf: Readonly<Record<string, readonly SeedIndex[]>> = {
  menuitems: [byId, { key: { category: 1 } }],
  orders: [byId, { key: { createdAt: -1 } }],
  tenants: [{ key: { slug: 1 }, unique: true }],
};

function createTenant(index: number, temperament: Temperament): SeedTenant {
  const slug = cafeSlugs[index] ?? `cafe${index + 1}`;
  return {
    slug,
    name: `Café ${slug.charAt(0).toUpperCase()}${slug.slice(1)}`,
    database: `superkafe_${slug}`,
    menuDatabase: temperament === 'rough' ? mainDatabase : `superkafe_${slug}`,
    adminEmail: `admin@${slug}.example`,
    adminPassword: `admin123-${slug}`,
  };
}

/** Cafés differ in size by up to a factor of two. */
function createSizes({ seed, tenants, documents }: SeedParameters): readonly TenantSizes[] {
  const random = createRandom(seed, 'sizes');
  const weights = Array.from({ length: tenants }, () => random.between(70, 140));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => {
    const large = Math.max(Math.round((documents * weight) / sum) - SMALL_COLLECTIONS, 20);
    const customers = Math.round(large * 0.15);
    return { customers, orders: large - customers };
  });
}

const collection = (name: string, documents: readonly Document[]): SeedCollection => ({
  name,
  documents,
  indexes: indexesOf[name] ?? [byId],
});

/** One database a tenant and nothing else: what all share is stored in each of them. */
function createTidyDatabases(
  seed: number,
  tenants: readonly SeedTenant[],
  contents: readonly TenantDocuments[],
): SeedDatabase[] {
  const shared = { units: createUnits(seed), superAdmin: createSuperAdmin(seed) };
  return tenants.map((tenant, index) => {
    const { users = [], settings: _unknown, ...rest } = contents[index] ?? {};
    const collections = { ...rest, users: [...users, shared.superAdmin], units: shared.units };
    return {
      name: tenant.database,
      slug: tenant.slug,
      collections: Object.entries(collections).map(([name, documents]) => collection(name, documents)),
    };
  });
}

/** What the café sells and to whom, and how the documents of each collection name their tenant: as they grew. */
const inMain = { menuitems: 'id', tables: 'id', inventory: 'id', orders: 'slug', customers: 'slug' } as const;
const tenantField = 'cafe';

/** The business lies in a main database, beside the registry; a tenant's own one has its log-ins and settings alone. */
function createRoughDatabases(
  seed: number,
  tenants: readonly SeedTenant[],
  contents: readonly TenantDocuments[],
): SeedDatabase[] {
  const registry = createRegistry(seed, tenants);
  const shared = Object.entries(inMain).map(([name, namedBy]) => {
    const documents = contents.flatMap((content, index) => {
      const named = namedBy === 'id' ? registry[index]?._id : tenants[index]?.slug;
      return content[name as keyof typeof inMain].map((document) => ({ ...document, [tenantField]: named }));
    });
    const indexes = (indexesOf[name] ?? [byId]).filter((index) => index !== byId);
    return { name, documents, indexes: [{ key: { [tenantField]: 1, id: 1 }, unique: true } as const, ...indexes] };
  });
  const main: SeedDatabase = {
    name: mainDatabase,
    slug: undefined,
    tenantField,
    collections: [
      collection('tenants', registry),
      collection('users', [createSuperAdmin(seed)]),
      collection('units', createUnits(seed)),
      ...shared,
    ],
  };
  const own = tenants.map((tenant, index) => ({
    name: tenant.database,
    slug: tenant.slug,
    collections: (['users', 'settings'] as const).map((name) => collection(name, contents[index]?.[name] ?? [])),
  }));
  return [main, ...own];
}

/** The café before its migration: the same documents for the same parameters, every time and everywhere. */
export function createSeed(parameters: SeedParameters): Seed {
  const tenants = Array.from({ length: parameters.tenants }, (_, index) => createTenant(index, parameters.temperament));
  const sizes = createSizes(parameters);
  const contents = tenants.map((tenant, index) =>
    createTenantDocuments(parameters.seed, tenant, sizes[index] ?? { customers: 0, orders: 0 }),
  );
  const layout = parameters.temperament === 'tidy' ? createTidyDatabases : createRoughDatabases;
  return { parameters, tenants, databases: layout(parameters.seed, tenants, contents) };
}
