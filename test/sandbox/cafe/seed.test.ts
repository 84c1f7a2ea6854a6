import type { Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { hashDocument } from '../../../sandbox/oracle/documents.ts';
import { createOwners, seedMenus } from '../../../sandbox/oracle/menus.ts';
import { createSeed } from '../../../sandbox/seed/create-seed.ts';
import type { Seed } from '../../../sandbox/seed/seed.ts';

const parameters = { seed: 1, temperament: 'tidy', tenants: 8, documents: 20_000 } as const;

const allDocuments = (seed: Seed): readonly Document[] =>
  seed.databases.flatMap(({ collections }) => collections.flatMap(({ documents }) => documents));
const hashes = (seed: Seed): readonly string[] => allDocuments(seed).map(hashDocument);
const documentsOf = (seed: Seed, slug: string | undefined, name: string): readonly Document[] =>
  seed.databases.find((one) => one.slug === slug)?.collections.find((one) => one.name === name)?.documents ?? [];

describe('the seed', () => {
  const seed = createSeed(parameters);

  it('is the same for the same parameters, ids included', () => {
    expect(hashes(createSeed(parameters))).toEqual(hashes(seed));
  });

  it('is another one for another number', () => {
    expect(hashes(createSeed({ ...parameters, seed: 2 }))).not.toEqual(hashes(seed));
  });

  it('holds about as many documents as asked for, in seven collections a tenant', () => {
    expect(allDocuments(seed).length).toBeGreaterThan(18_000);
    expect(allDocuments(seed).length).toBeLessThan(22_000);
    for (const { collections } of seed.databases) {
      expect(collections.map(({ name }) => name).sort()).toEqual([
        'customers',
        'inventory',
        'menuitems',
        'orders',
        'tables',
        'units',
        'users',
      ]);
    }
  });

  it('gives every café the same first dishes under different _ids, and dishes of its own', () => {
    const menus = [...seedMenus(seed).values()];
    const common = menus.map((menu) => menu.filter(({ id }) => String(id).startsWith('seed-')));
    expect(
      new Set(common.map((dishes) => JSON.stringify(dishes.map(({ id, name, price }) => [id, name, price])))).size,
    ).toBe(1);
    expect(new Set(common.flat().map(({ _id }) => String(_id))).size).toBe(common.flat().length);
    const ownerOf = createOwners(seed);
    expect(ownerOf('seed-espresso')).toBeUndefined();
    expect(ownerOf('menu-negoes-1')).toBe('negoes');
  });

  it('stores the units and the super-admin in every tidy database, the same down to the _id', () => {
    const units = seed.tenants.map(({ slug }) => documentsOf(seed, slug, 'units').map(hashDocument).join());
    const superAdmins = seed.tenants.map(({ slug }) =>
      documentsOf(seed, slug, 'users')
        .filter(({ role }) => role === 'super-admin')
        .map(hashDocument)
        .join(),
    );
    expect(new Set(units).size).toBe(1);
    expect(new Set(superAdmins).size).toBe(1);
  });

  it('puts the business of all rough cafés into one main database, with its tenant by id or slug, and log-ins beside it', () => {
    const rough = createSeed({ ...parameters, temperament: 'rough' });
    const registry = documentsOf(rough, undefined, 'tenants');
    const idOf = (slug: string) => registry.find((entry) => entry.slug === slug)?._id;
    expect(registry).toHaveLength(8);
    expect(documentsOf(rough, undefined, 'users').map(({ role }) => role)).toEqual(['super-admin']);
    expect(rough.databases.find(({ slug }) => slug === 'negoes')?.collections.map(({ name }) => name)).toEqual([
      'users',
      'settings',
    ]);
    for (const [name, negoes] of [
      ['orders', 'negoes'],
      ['menuitems', idOf('negoes')],
    ] as const) {
      const named = documentsOf(rough, undefined, name).filter(({ cafe }) => String(cafe) === String(negoes));
      expect(named.map(({ cafe: _, ...rest }) => hashDocument(rest))).toEqual(
        documentsOf(seed, 'negoes', name).map(hashDocument),
      );
    }
    expect(
      seedMenus(rough)
        .get('negoes')
        ?.map(({ id }) => id),
    ).toEqual(
      seedMenus(seed)
        .get('negoes')
        ?.map(({ id }) => id),
    );
  });
});
